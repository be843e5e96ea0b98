import { AxeBuilder } from '@axe-core/playwright';
import { writeFileSync } from 'node:fs';
import { expect, test } from '../../fixtures.ts';
import { openLoginPage } from '../../steps/login.ts';

const ACCENT = '#7a1fa2';
/** The same where it is light, and what is made of it for the dark. */
const SHOWN = { light: 'rgb(122, 31, 162)', dark: 'rgb(214, 141, 255)' };
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40"><rect width="120" height="40" rx="8" fill="${ACCENT}"/>
  <script>document.documentElement.setAttribute('data-ran', 'yes')</script></svg>`;

test.use({
  settings: async ({}, use, testInfo) => {
    const logo = testInfo.outputPath('logo.svg');
    writeFileSync(logo, SVG);
    await use({
      REKEY_ACCENT: ACCENT,
      REKEY_LOGO: logo,
      REKEY_APP_NAME: 'Acme Desk',
      REKEY_SUPPORT_CONTACT: 'help@example.com',
    });
  },
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the operator's logo and colour are on the page, and it can be read: ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await openLoginPage(page);
    const logo = page.getByRole('img', { name: 'Acme Desk' });
    await expect.poll(() => logo.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
    await expect(page.getByRole('button', { name: 'Login' })).toHaveCSS('background-color', SHOWN[colorScheme]);
    await expect(page.getByRole('link', { name: 'help@example.com' })).toHaveCSS('color', SHOWN[colorScheme]);
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 800 });
      await page.screenshot({ path: `screenshots/brand-${colorScheme}-${width}.png`, fullPage: true });
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    }
  });
}

test('before the program has come, the logo and the colour are there', async ({ page }) => {
  await page.route(/\.wasm$/, () => new Promise(() => undefined));
  await page.goto('/', { waitUntil: 'commit' });
  await expect(page.locator('.bone-name')).toHaveCSS('background-image', /\/logo"\)$/);
  const accent = page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--accent'));
  expect((await accent).trim()).toBe(ACCENT);
});

test('a script in the logo does not run, even where it is opened by itself', async ({ page, noise }) => {
  noise.expectSandbox();
  const answer = await page.goto('/logo');
  expect(answer?.headers()['content-type']).toBe('image/svg+xml');
  expect(await page.locator('svg').first().getAttribute('data-ran')).toBeNull();
});
