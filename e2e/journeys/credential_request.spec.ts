import { expect, test } from '../fixtures.ts';
import { choosePassword, part, seeSignedIn } from '../steps/account.ts';
import { administrate } from '../steps/administration.ts';
import { requestCredential } from '../steps/credential_request.ts';
import { logIn, openLoginPage } from '../steps/login.ts';
import { seeStatus } from '../steps/look.ts';
import { passwordIn } from '../support/letter.ts';

const OPERATOR = 'operator@example.com';

test.use({ settings: { REKEY_OPERATOR_EMAIL: OPERATOR } });

test('whoever asks for an account gets one when an administrator says yes, and a letter when they say no', async ({
  page,
  otherPage,
  rekey,
  mailbox,
}) => {
  await test.step('two people ask', async () => {
    await requestCredential(page, 'Eva Rossi', 'eva.rossi@example.com', 'I started on Monday.\nPaolo sent me.');
    await expect(page.getByRole('main')).toContainText('The answer comes by mail');
    await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Eva Rossi');
    await requestCredential(page, 'Mallory', 'mallory@example.com');
  });

  await test.step('the operator is told, and an administrator sees both', async () => {
    expect((await mailbox.letterTo(OPERATOR)).text).toContain('/administration/credential-requests');
    await administrate(otherPage, rekey, 'Credential requests');
    await expect(part(otherPage, 'Eva Rossi')).toContainText('I started on Monday.');
    await expect(part(otherPage, 'Eva Rossi').getByLabel('User name')).toHaveValue('eva.rossi');
  });

  await test.step('the proposed user name can be another', async () => {
    const eva = part(otherPage, 'Eva Rossi');
    await eva.getByLabel('User name').fill('eva');
    await eva.getByRole('button', { name: 'Approve' }).click();
    await seeFirstStatus('Eva Rossi has the account eva now, and a first password by mail.');
    await expect(eva).toHaveCount(0);
  });

  await test.step('the other is rejected with a sentence', async () => {
    const mallory = part(otherPage, 'Mallory');
    await mallory.getByRole('button', { name: 'Reject…' }).click();
    await expect(mallory.getByLabel('Reason')).toBeFocused();
    await mallory.getByLabel('Reason').fill('Please ask your own office.');
    await mallory.getByRole('button', { name: 'Reject', exact: true }).click();
    await expect(otherPage.getByText('No requests are waiting.')).toBeVisible();
    expect((await mailbox.letterTo('mallory@example.com')).text).toContain('Please ask your own office.');
  });

  await test.step('the first login, with the mailed password', async () => {
    const password = passwordIn(await mailbox.letterTo('eva.rossi@example.com'));
    await openLoginPage(page);
    await logIn(page, 'eva', password);
    await choosePassword(page, 'a partridge in a pear tree');
    await seeSignedIn(page, { userName: 'eva', name: 'Eva Rossi', email: 'eva.rossi@example.com', password });
  });

  async function seeFirstStatus(text: string): Promise<void> {
    await expect(otherPage.getByRole('status').first()).toHaveText(text);
  }
});

test('a request that is not complete says what is missing, and keeps what was typed', async ({ page }) => {
  await page.goto('/request-credential');
  await page.getByLabel('Email', { exact: true }).fill('eva');
  const note = page.getByLabel('Note');
  await note.fill('x'.repeat(950));
  await expect(page.getByText('50 characters left.')).toBeVisible();
  await note.fill('x'.repeat(1001));
  await page.getByRole('button', { name: 'Send' }).click();
  await seeStatus(page, 'Please check what you typed.');
  await expect(page.getByLabel('Name', { exact: true })).toBeFocused();
  await expect(page.getByLabel('Name', { exact: true })).toHaveAccessibleDescription('Type a name.');
  await expect(page.getByLabel('Email', { exact: true })).toHaveAccessibleDescription(/^This is not an email address/);
  await expect(page.getByLabel('Email', { exact: true })).toHaveValue('eva');
  await expect(note).toHaveAccessibleDescription(/^This is too long\./);
});
