import { expect, test } from '../../fixtures.ts';
import { part, seeSignedIn } from '../../steps/account.ts';
import { addAccount, administrate, openAccount, openList, PAULA, seeRows } from '../../steps/administration.ts';
import { logIn, openLoginPage, seeLoginRefused } from '../../steps/login.ts';
import { seeHeading, seeStatus } from '../../steps/look.ts';
import { linkIn, passwordIn } from '../../support/letter.ts';

test('an account is found, made, changed, closed, opened and deleted', async ({
  page,
  otherPage,
  rekey,
  mailbox,
  ann,
  noise,
}) => {
  await administrate(page, rekey);
  await seeRows(page, 2);

  await test.step('what is taken or missing is told at the field', async () => {
    await page.getByRole('button', { name: 'Add account' }).click();
    await addAccount(page, '', 'bob');
    await expect(page.getByLabel('User name', { exact: true })).toHaveAccessibleDescription('Type a user name.');
    await expect(page.getByLabel('User name', { exact: true })).toBeFocused();
    noise.expectStatus(422);
    await addAccount(page, ann.userName.toUpperCase(), 'bob@example.com');
    await expect(page.getByLabel('User name', { exact: true })).toHaveAccessibleDescription(
      'Another account has this already.',
    );
  });

  const password = await test.step('the person gets a first password by mail', async () => {
    await addAccount(page, 'bob', 'bob@example.com');
    await expect(page.getByRole('status').first()).toHaveText(/^bob is added\./);
    await expect(page.getByRole('button', { name: 'Add account' })).toBeFocused();
    await seeRows(page, 3);
    return passwordIn(await mailbox.letterTo('bob@example.com'));
  });

  await test.step('a search by the beginning of name or address stays in the address bar', async () => {
    await page.getByLabel('Search').pressSequentially('ann.smi');
    await seeRows(page, 1);
    await expect(page).toHaveURL('/administration/accounts?search=ann.smi');
    await page.reload();
    await seeRows(page, 1);
    await expect(page.getByLabel('Search')).toHaveValue('ann.smi');
    await page.getByLabel('Search').fill('nobody');
    await expect(page.getByText('No account begins like that.')).toBeVisible();
    await page.getByLabel('Search').fill('bob');
    await openAccount(page, { userName: 'bob' });
  });

  await test.step('name and role are changed', async () => {
    await part(page, 'Change').getByLabel('Name').fill('Bob Brown');
    await part(page, 'Change').getByLabel('Role').selectOption('Admin');
    await part(page, 'Change').getByRole('button', { name: 'Save' }).click();
    await expect(part(page, 'Change').getByRole('status')).toHaveText('Saved');
    await expect(part(page, 'Facts')).toContainText('Admin');
    await seeFirstStatus('Bob Brown');
  });

  const access = part(page, 'Access');
  await test.step('a reset link is mailed, and no password is shown', async () => {
    await access.getByRole('button', { name: 'Send reset' }).click();
    await expect(access.getByRole('status')).toHaveText('A reset link is on its way to the person.');
    linkIn(await mailbox.letterTo('bob@example.com'));
    await expect(page.getByLabel(/password/i)).toHaveCount(0);
  });

  await test.step('disabled, the account lets nobody in; enabled, it does', async () => {
    await access.getByRole('button', { name: 'Disable' }).click();
    await expect(access.getByRole('status')).toHaveText('The account is disabled: nobody can log in with it.');
    noise.expectStatus(401);
    await openLoginPage(otherPage);
    await logIn(otherPage, 'bob', password);
    await seeLoginRefused(otherPage);
    await access.getByRole('button', { name: 'Enable' }).click();
    await expect(access.getByRole('status')).toHaveText('The account is enabled again.');
    await expect(part(page, 'Facts')).toContainText('No own password yet');
  });

  await test.step('what happened with it is one click away', async () => {
    await page.getByRole('link', { name: 'What happened with this account' }).click();
    await seeHeading(page, 'Audit events');
    const rows = page.getByRole('table').getByRole('row');
    await expect(rows.nth(1)).toContainText('Account enabled');
    await expect(rows.filter({ hasText: 'Account added' })).toContainText(PAULA.userName);
    await page.goBack();
    await seeHeading(page, 'bob');
  });

  await test.step('deleting asks again, and Escape is no', async () => {
    await page.getByRole('button', { name: 'Delete' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete bob?' });
    await expect(dialog.getByRole('button', { name: 'Keep it' })).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Delete' })).toBeFocused();
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await seeStatus(page, 'The account is deleted.');
    await seeRows(page, 2);
  });

  async function seeFirstStatus(text: string): Promise<void> {
    await expect(page.getByRole('status').first()).toHaveText(text);
  }
});

test('the last administrator can neither step down nor be shut out', async ({ page, rekey, noise }) => {
  noise.expectStatus(422);
  await administrate(page, rekey);
  await openAccount(page, PAULA);
  const why = 'Nobody would be left to administer the accounts. Make somebody else an admin first.';
  await part(page, 'Change').getByLabel('Role').selectOption('Member');
  await part(page, 'Change').getByRole('button', { name: 'Save' }).click();
  await expect(part(page, 'Change').getByRole('status')).toHaveText(why);
  await part(page, 'Access').getByRole('button', { name: 'Disable' }).click();
  await expect(part(page, 'Access').getByRole('status')).toHaveText(why);
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('dialog').getByRole('status')).toHaveText(why);
});

test('ending all sessions throws the person out; their password still lets them in', async ({
  page,
  otherPage,
  rekey,
  ann,
  noise,
}) => {
  await openLoginPage(otherPage);
  await logIn(otherPage, ann.userName, ann.password);
  await seeSignedIn(otherPage, ann);
  await administrate(page, rekey);
  await openAccount(page, ann);
  await part(page, 'Access').getByRole('button', { name: 'End all sessions' }).click();
  await expect(part(page, 'Access').getByRole('status')).toHaveText('All sessions of this account are ended.');
  noise.expectStatus(401);
  await otherPage.reload();
  await seeStatus(otherPage, 'Your session is over. Please log in again.');
  await logIn(otherPage, ann.userName, ann.password);
  await seeSignedIn(otherPage, ann);
});

test('whoever is no administrator is told so, and finds no way there', async ({ page, ann }) => {
  await openLoginPage(page);
  await logIn(page, ann.userName, ann.password);
  await seeSignedIn(page, ann);
  await expect(page.getByRole('link', { name: 'Administration' })).toHaveCount(0);
  await page.goto('/administration/accounts');
  await seeStatus(page, 'You are not allowed to see this page.');
  await page.getByRole('button', { name: 'Home' }).click();
  await seeSignedIn(page, ann);
});

test('a list longer than a page goes on by "Show more"', async ({ page, rekey }) => {
  await administrate(page, rekey);
  const item = (number: number) => ({
    id: `id-${number}`,
    user_name: `user${number}`,
    email: `user${number}@example.com`,
    name: null,
    role: 'member',
    locale: 'en',
    disabled: false,
    has_password: true,
    created_at: '2026-01-02T03:04:05Z',
  });
  // A page may be empty and still not be the last one.
  await page.route('**/admin/accounts?*cursor=*', (route) =>
    route.request().url().endsWith('cursor=two')
      ? route.fulfill({ json: { items: [item(2)], next_cursor: null } })
      : route.fulfill({ json: { items: [], next_cursor: 'two' } }),
  );
  await page.route('**/admin/accounts', (route) => route.fulfill({ json: { items: [item(1)], next_cursor: 'one' } }));
  await openList(page, 'Mail queue');
  await openList(page, 'Accounts');
  await seeRows(page, 1);
  await page.getByRole('button', { name: 'Show more' }).click();
  await seeRows(page, 2);
  await expect(page.getByRole('button', { name: 'Show more' })).toHaveCount(0);
});
