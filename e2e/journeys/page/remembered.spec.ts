import { expect, test } from '../../fixtures.ts';
import config from '../../playwright.config.ts';
import { seeSignedIn, signOut } from '../../steps/account.ts';
import { logIn, openLoginPage } from '../../steps/login.ts';
import { seeHeading, seeStatus } from '../../steps/look.ts';

// Playwright's Chromium forgets a page that was left; people's remember it, with all that it showed.
test.use({ launchOptions: { ...config.use?.launchOptions, ignoreDefaultArgs: ['--disable-back-forward-cache'] } });

test('the Back button shows nothing to whoever signed out', async ({ page, ann }) => {
  await openLoginPage(page);
  await logIn(page, ann.userName, ann.password);
  await seeSignedIn(page, ann);
  await page.getByRole('link', { name: 'Your account' }).click();
  await seeHeading(page, 'Your account');
  await page.goto('/forgotten-password');
  await page.goBack();
  await seeHeading(page, 'Your account');
  await signOut(page);
  await page.goBack();
  await seeStatus(page, 'Welcome');
  await expect(page.getByText(ann.name)).toHaveCount(0);
});
