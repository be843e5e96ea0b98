import { defineConfig } from '@playwright/test';
import journeys from '../playwright.config.ts';

/** The journeys' runner, one test at a time. */
export default defineConfig<{ database: 'sqlite' }>({
  testDir: '.',
  outputDir: '../test-results',
  workers: 1,
  timeout: 300_000,
  reporter: [['list']],
  use: { ...journeys.use, database: 'sqlite' },
});
