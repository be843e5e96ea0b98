import { expect, test } from '../../fixtures.ts';

test.use({ javaScriptEnabled: false });

test('a browser without JavaScript is told what the page needs', async ({ page }) => {
  await page.goto('/');
  // By tag: Playwright's getByText does not look into <noscript>.
  const sentence = page.locator('noscript p').first();
  await expect(sentence).toHaveText('This page needs JavaScript. Allow it for this site, then reload.');
  await expect(sentence).toBeVisible();
});
