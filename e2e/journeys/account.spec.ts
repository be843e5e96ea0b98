import { expect, test } from '../fixtures.ts';
import { choosePassword, seeChoosePassword, seeSignedIn, signOut } from '../steps/account.ts';
import { logIn, openLoginPage, seeLoginPage } from '../steps/login.ts';
import { seeStatus } from '../steps/look.ts';
import { resetPassword } from '../steps/password_reset.ts';

const OWN_PASSWORD = 'a partridge in a pear tree';

test('a password that breaks a rule is told which, and what was typed stays', async ({ page, mailbox, ann, noise }) => {
  const mailed = await resetPassword(page, mailbox, ann.email);
  await openLoginPage(page);
  await logIn(page, ann.userName, mailed);
  const field = page.getByLabel('New password', { exact: true });

  await choosePassword(page, 'too short');
  await expect(field).toHaveAccessibleDescription(/^This is too short: use at least 15 characters\./);
  await expect(field).toBeFocused();
  await expect(field).toHaveValue('too short');

  // These two only the server can tell: it knows the person's email, and what the password is now.
  noise.expectStatus(422);
  await choosePassword(page, ann.email);
  await expect(field).toHaveAccessibleDescription(/^This is only your own name or the name of this tool\./);
  await choosePassword(page, mailed);
  await expect(field).toHaveAccessibleDescription(/^This is the password that you have now\./);
  await expect(field).toBeFocused();

  await choosePassword(page, OWN_PASSWORD);
  await seeSignedIn(page, ann);
  await seeStatus(page, 'Your new password is saved. You are logged in.');
});

test('the new password can be looked at before it is saved', async ({ page, mailbox, ann }) => {
  const mailed = await resetPassword(page, mailbox, ann.email);
  await openLoginPage(page);
  await logIn(page, ann.userName, mailed);
  await seeChoosePassword(page);
  const field = page.getByLabel('New password', { exact: true });
  await expect(field).toHaveAttribute('autocomplete', 'new-password');
  await field.fill(OWN_PASSWORD);
  await expect(field).toHaveAttribute('type', 'password');
  await page.getByRole('button', { name: 'Show password' }).click();
  await expect(field).toHaveAttribute('type', 'text');
  await expect(field).toHaveValue(OWN_PASSWORD);
  await page.getByRole('button', { name: 'Show password' }).click();
  await expect(field).toHaveAttribute('type', 'password');
});

test('the mailed password works again until an own one is chosen, and opens nothing else', async ({
  page,
  mailbox,
  ann,
}) => {
  const mailed = await resetPassword(page, mailbox, ann.email);
  await openLoginPage(page);
  await logIn(page, ann.email, mailed);
  await seeChoosePassword(page);

  // Nothing of it is kept in the browser, so a reload forgets it.
  await page.reload();
  await seeStatus(page, 'Please log in again with the password from the mail.');
  await page.goto('/home');
  await seeLoginPage(page);

  await logIn(page, ann.userName, mailed);
  await choosePassword(page, OWN_PASSWORD);
  await seeSignedIn(page, ann);
});

test('who knows no password sees nothing of the pages behind the login', async ({ page }) => {
  await page.goto('/choose-password');
  await seeStatus(page, 'Please log in again with the password from the mail.');
  await expect(page.getByLabel('New password', { exact: true })).toHaveCount(0);
  await page.goto('/home');
  await seeLoginPage(page);
});

test.describe('where the operator lets the mailed password stay', () => {
  test.use({ settings: { REKEY_TEMPORARY_PASSWORD_MUST_CHANGE: 'false' } });

  test('the first login makes it the password, as in the original', async ({ page, mailbox, ann }) => {
    const mailed = await resetPassword(page, mailbox, ann.email);
    await openLoginPage(page);
    for (let time = 0; time < 2; time++) {
      await logIn(page, ann.userName, mailed);
      await seeSignedIn(page, ann);
      await signOut(page);
    }
  });
});
