import type { Page } from '@playwright/test';
import { expect, test } from '../../fixtures.ts';
import { administrate, openList } from '../../steps/administration.ts';
import { openLoginPage, seeLoginPage } from '../../steps/login.ts';
import { gate } from '../../support/gate.ts';

test('with forced colours every control has an edge, every icon a line, and the focus a ring', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await openLoginPage(page);
  await page.screenshot({ path: 'screenshots/login-forced-colors.png' });
  expect(await unseen(page)).toEqual([]);
  await page.getByLabel('User', { exact: true }).focus();
  const ring = await page.getByLabel('User', { exact: true }).evaluate((element) => {
    const { outlineStyle, outlineColor } = getComputedStyle(element);
    return { outlineStyle, differs: outlineColor !== getComputedStyle(document.body).backgroundColor };
  });
  expect(ring).toEqual({ outlineStyle: 'solid', differs: true });
});

test('with forced colours only the page that is open is underlined', async ({ page, rekey }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await administrate(page, rekey);
  await openList(page, 'Mail queue');
  await page.screenshot({ path: 'screenshots/mail-queue-forced-colors.png' });
  const underlined = await page
    .getByRole('navigation')
    .evaluate((ways) =>
      [...ways.querySelectorAll('a')]
        .filter((way) => getComputedStyle(way).borderBottomColor !== getComputedStyle(document.body).backgroundColor)
        .map((way) => way.textContent),
    );
  expect(underlined).toEqual(['Mail queue']);
  expect(await unseen(page)).toEqual([]);
});

test('nothing moves for whoever wants it so', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  // The skeleton breathes while the program comes; here it has to wait until it was looked at.
  const looked = gate();
  await page.route('**/*.wasm', async (route) => {
    await looked.opened;
    await route.continue();
  });
  await page.goto('/', { waitUntil: 'commit' });
  await expect(page.locator('.bone').first()).toBeVisible();
  expect(await moving(page)).toEqual([]);
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  expect(await moving(page)).toContain('breathe');
  looked.open();
  await seeLoginPage(page);
});

test('written from right to left, what stands in a field is at its other end', async ({ page }) => {
  await openLoginPage(page);
  const sideOf = async () => {
    const eye = await page.getByRole('button', { name: 'Show password' }).boundingBox();
    const field = await page.getByLabel('Password', { exact: true }).boundingBox();
    return eye!.x + eye!.width / 2 < field!.x + field!.width / 2 ? 'left' : 'right';
  };
  expect(await sideOf()).toBe('right');
  await page.evaluate(() => (document.documentElement.dir = 'rtl'));
  expect(await sideOf()).toBe('left');
});

/** Buttons and fields without a border, and icons in the colour of what is behind them. */
async function unseen(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const behind = getComputedStyle(document.body).backgroundColor;
    const seen = (element: Element) => element.getClientRects().length > 0 && !element.matches('.unseen');
    const controls = [...document.querySelectorAll('.button:not(.ways *), input, select')].filter(seen);
    const bare = controls.filter((control) => {
      const { borderTopStyle, borderTopWidth, borderTopColor } = getComputedStyle(control);
      return borderTopStyle === 'none' || parseFloat(borderTopWidth) === 0 || borderTopColor === behind;
    });
    const icons = [...document.querySelectorAll('.icon')].filter(seen);
    const faint = icons.filter((icon) => {
      // A drawing keeps its own colours.
      const { stroke, backgroundColor } = getComputedStyle(icon);
      return stroke === (backgroundColor === 'rgba(0, 0, 0, 0)' ? behind : backgroundColor);
    });
    return [...bare, ...faint].map((element) => element.outerHTML.slice(0, 100));
  });
}

/** What is being animated, but for the sentence that comes when the page does not, and what it takes the place of. */
async function moving(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    document
      .getAnimations()
      .map((animation) => (animation as CSSAnimation).animationName ?? 'a transition')
      .filter((name) => !['appear', 'vanish'].includes(name)),
  );
}
