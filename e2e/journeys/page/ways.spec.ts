import { expect, test } from '../../fixtures.ts';
import { openOwnAccount, seeSignedIn } from '../../steps/account.ts';
import { administrate, openAccount, openList, PAULA } from '../../steps/administration.ts';
import { logIn, openLoginPage, seeLoginPage } from '../../steps/login.ts';
import { seeHeading } from '../../steps/look.ts';

const LISTS = ['Credential requests', 'Mail queue', 'Audit events', 'Accounts'] as const;

test('every page names its tab', async ({ page, rekey, ann, noise }) => {
  noise.expectStatus(404);
  const titles = {
    '/': 'Login',
    '/forgotten-password': 'Insert your email!',
    '/reset': 'This link does not work',
    '/choose-password': 'Choose your own password',
    '/confirm-email': 'This link does not work',
    '/request-credential': 'Request your credential',
    '/nothing-here': 'There is no page here',
  };
  for (const [path, title] of Object.entries(titles)) {
    await page.goto(path);
    await expect(page).toHaveTitle(`${title} · Rekey`);
  }
  await administrate(page, rekey);
  for (const list of LISTS) {
    await openList(page, list);
    await expect(page).toHaveTitle(`${list} · Rekey`);
  }
  await openAccount(page, ann);
  await expect(page).toHaveTitle(`${ann.userName} · Rekey`);
  await page.getByRole('link', { name: 'Home' }).click();
  await expect(page).toHaveTitle(`Hello, ${PAULA.name} · Rekey`);
  await page.getByRole('link', { name: 'Your account' }).click();
  await expect(page).toHaveTitle('Your account · Rekey');
});

test('the Back button leads to what was seen before, and never to the login of somebody who is logged in', async ({
  page,
  ann,
}) => {
  await page.goto('/forgotten-password');
  await page.getByRole('button', { name: 'Back to login' }).click();
  await seeLoginPage(page);
  await page.goBack();
  await seeHeading(page, 'Insert your email!');
  await page.goForward();
  await seeLoginPage(page);

  await logIn(page, ann.userName, ann.password);
  await seeSignedIn(page, ann);
  await page.getByRole('link', { name: 'Your account' }).click();
  await seeHeading(page, 'Your account');
  await page.goBack();
  await seeSignedIn(page, ann);
  await page.goBack();
  await seeHeading(page, 'Insert your email!');
});

test('from every page of somebody who is logged in one click signs out', async ({ page, rekey, ann }) => {
  await openOwnAccount(page, ann);
  await page.getByRole('navigation').getByRole('button', { name: 'Sign out' }).click();
  await seeLoginPage(page);
  await page.goto('/account');
  await seeLoginPage(page);

  await administrate(page, rekey);
  const signOut = page.getByRole('navigation').getByRole('button', { name: 'Sign out' });
  for (const list of LISTS) {
    await openList(page, list);
    await expect(signOut).toBeVisible();
  }
  await openAccount(page, ann);
  await signOut.click();
  await seeLoginPage(page);
});

test('who cannot be signed out for want of a connection is told, and can try again', async ({
  page,
  context,
  ann,
  noise,
}) => {
  noise.expectNoConnection();
  await openOwnAccount(page, ann);
  await context.setOffline(true);
  const signOut = page.getByRole('navigation').getByRole('button', { name: 'Sign out' });
  await signOut.click();
  await expect(page.getByRole('status').filter({ hasText: 'There is no answer from the server.' })).toBeVisible();
  await context.setOffline(false);
  await signOut.click();
  await seeLoginPage(page);
});

test('a page that gets no answer offers to try again', async ({ page, ann, noise }) => {
  noise.expectNoConnection();
  await openLoginPage(page);
  await logIn(page, ann.userName, ann.password);
  await seeSignedIn(page, ann);
  await page.route('**/me', (route) => route.abort('internetdisconnected'), { times: 1 });
  await page.goto('/account');
  await page.getByRole('button', { name: 'Try again' }).click();
  await seeHeading(page, 'Your account');
});
