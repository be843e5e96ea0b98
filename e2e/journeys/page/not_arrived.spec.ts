import type { Page } from '@playwright/test';
import { expect, test } from '../../fixtures.ts';

const SENTENCE =
  'The page has not arrived. Check your connection and that your browser allows WebAssembly, then reload.';

test('a page whose program does not come says so in the end', async ({ page, noise }) => {
  noise.expectNoConnection();
  noise.expectException(/Failed to fetch/);
  await page.route('**/*.wasm', (route) => route.abort());
  await page.goto('/');
  await seeLateSentence(page);
});

test('in a browser that blocks WebAssembly the page names it', async ({ page, noise }) => {
  noise.expectException(/WebAssembly/);
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'WebAssembly'));
  await page.goto('/');
  await seeLateSentence(page);
});

/** Looks for it at the time at which people see it, and not before. */
async function seeLateSentence(page: Page): Promise<void> {
  // As the program would: of what was asked for ahead and is not used browsers complain some seconds later.
  await page.evaluate(() => fetch('/config.json'));
  const sentence = page.getByText(SENTENCE);
  await moveAnimations(page, 11_999);
  await expect(sentence).toBeHidden();
  await moveAnimations(page, 12_000);
  await expect(sentence).toBeVisible();
  // No language is so far down that one would have to look for it.
  await expect(page.locator('p[lang=es]')).toBeInViewport({ ratio: 1 });
  await page.screenshot({ path: 'screenshots/not-arrived-light-1280.png' });
}

/** The page's own clock for what it draws, which needs no waiting. */
async function moveAnimations(page: Page, time: number): Promise<void> {
  await page.evaluate((time) => {
    for (const animation of document.getAnimations()) {
      animation.pause();
      animation.currentTime = time;
    }
  }, time);
}
