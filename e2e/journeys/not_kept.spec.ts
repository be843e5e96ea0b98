import { expect, test } from '../fixtures.ts';
import { choosePassword, seeSignedIn, signOut } from '../steps/account.ts';
import { dropCookies, logIn, openLoginPage, seeLoginNotKept, seeLoginPage } from '../steps/login.ts';
import { confirmReset, resetPassword } from '../steps/password_reset.ts';
import { linkIn, passwordIn } from '../support/letter.ts';

/*
 * The password was right, but the session's cookie did not come through, or the browser keeps none.
 */

test('who is back at the login because no cookie was kept is told so, once', async ({ page, ann }) => {
  await dropCookies(page);
  await openLoginPage(page);
  await logIn(page, ann.userName, ann.password);
  await seeLoginNotKept(page);
  await page.reload();
  await seeLoginPage(page);

  await page.unroute('**/login');
  await logIn(page, ann.userName, ann.password);
  await seeSignedIn(page, ann);
  await signOut(page);
  await page.reload();
  await seeLoginPage(page);
});

test('who has chosen their own password is told so as well', async ({ page, mailbox, ann }) => {
  const mailed = await resetPassword(page, mailbox, ann.email);
  await dropCookies(page, '/me/password');
  await openLoginPage(page);
  await logIn(page, ann.userName, mailed);
  await choosePassword(page, 'a partridge in a pear tree');
  await seeLoginNotKept(page);
});

test('a session that ended soon after the login is not taken for one that was not kept', async ({
  page,
  context,
  ann,
}) => {
  await openLoginPage(page);
  await logIn(page, ann.userName, ann.password);
  await seeSignedIn(page, ann);
  await context.clearCookies();
  await page.reload();
  await seeLoginPage(page);
});

test.describe('in a browser whose tab remembers nothing either', () => {
  test.beforeEach(async ({ page }) => page.addInitScript(forbidStorage));

  test('who is not kept is told so where they typed', async ({ page, ann }) => {
    await dropCookies(page);
    await openLoginPage(page);
    await logIn(page, ann.userName, ann.password);
    await seeLoginNotKept(page);
    await expect(page.getByLabel('User', { exact: true })).toHaveValue(ann.userName);
    await page.unroute('**/login');
    await page.getByRole('button', { name: 'Login' }).click();
    await seeSignedIn(page, ann);
  });

  test('who has chosen their own password is told so at the login', async ({ page, rekey, mailbox, ann }) => {
    await rekey.requestResetElsewhere(ann.email);
    await page.goto(linkIn(await mailbox.letterTo(ann.email)));
    await confirmReset(page);
    const mailed = passwordIn(await mailbox.letterTo(ann.email));
    await dropCookies(page, '/me/password');
    await openLoginPage(page);
    await logIn(page, ann.userName, mailed);
    await choosePassword(page, 'a partridge in a pear tree');
    await seeLoginNotKept(page);
  });
});

/** As browsers do where somebody has forbidden cookies. */
function forbidStorage(): void {
  for (const storage of ['localStorage', 'sessionStorage']) {
    Object.defineProperty(window, storage, {
      get: () => {
        throw new DOMException('The operation is insecure.', 'SecurityError');
      },
    });
  }
}
