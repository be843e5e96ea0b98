import { launch, type Browser, type BrowserContext, type Page } from 'puppeteer-core';
import { test as base } from '../fixtures.ts';
import type { Noise } from '../support/noise.ts';

export { expect } from '@playwright/test';

interface World {
  /** A page in Firefox, which has nothing stored. */
  fox: Page;
  /** A page in another Firefox. */
  otherFox: Page;
}

/**
 * Debian's Firefox, by WebDriver BiDi: Playwright drives only the Firefox that it patches and downloads itself. Its runner,
 * and with it everything that is no browser, is the same here.
 */
export const test = base.extend<World, { firefox: Browser }>({
  firefox: [
    async ({}, use) => {
      const firefox = await launch({
        browser: 'firefox',
        executablePath: process.env.REKEY_FIREFOX ?? '/usr/bin/firefox-esr',
        extraPrefsFirefox: { 'intl.accept_languages': 'en-GB' },
      });
      await use(firefox);
      await firefox.close();
    },
    { scope: 'worker' },
  ],

  fox: async ({ firefox, noise }, use, testInfo) => {
    const context = await firefox.createBrowserContext();
    const page = await heardPage(context, noise);
    await use(page);
    if (testInfo.status !== testInfo.expectedStatus) {
      await page.screenshot({ path: testInfo.outputPath('firefox.png'), fullPage: true });
    }
    await context.close();
  },

  otherFox: async ({ firefox, noise }, use) => {
    const context = await firefox.createBrowserContext();
    await use(await heardPage(context, noise));
    await context.close();
  },
});

/** What Firefox's console says is heard; an answer that is an error it keeps out of there, so that is told here. */
async function heardPage(context: BrowserContext, noise: Noise): Promise<Page> {
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warn') noise.hear(message.text());
  });
  page.on('pageerror', (error) => noise.hear(`exception: ${error}`));
  page.on('response', (response) => {
    if (response.status() >= 400) noise.hearStatus(response.status(), response.url());
  });
  return page;
}
