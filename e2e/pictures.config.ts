import { defineConfig } from '@playwright/test';
import config from './playwright.config.ts';

/** `npm run pictures`: takes the README's pictures anew, into docs/images. */
export default defineConfig({
  ...config,
  testDir: './pictures',
  projects: [{ name: 'pictures', use: { viewport: { width: 800, height: 640 }, deviceScaleFactor: 1.5 } }],
});
