import { defineConfig } from '@playwright/test';
import type { Database } from './support/database.ts';

const IS_ROOT = process.getuid?.() === 0;

export default defineConfig<{ database: Database }>({
  globalSetup: './start.ts',
  testDir: './journeys',
  outputDir: './test-results',
  preserveOutput: 'failures-only',
  // Every test has its own server, database, mail server and browser context, so any two can run side by side.
  fullyParallel: true,
  workers: 2,
  // A test that passes at the second try has found a race; it fails.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  // With that many, one cause is behind most of them, and each waits for its time-out.
  maxFailures: 15,
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    locale: 'en-GB',
    timezoneId: 'Europe/Rome',
    viewport: { width: 1280, height: 800 },
    actionTimeout: 10_000,
    navigationTimeout: 15_000,
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.REKEY_CHROMIUM ?? '/usr/bin/chromium',
      args: [
        // Chromium's sandbox refuses to run as root, which CI is.
        ...(IS_ROOT ? ['--no-sandbox'] : []),
        // A browser that looks up its maker's hosts gets refusals by the dozen where there is no network.
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'sqlite', use: { database: 'sqlite' } },
    // How a page looks and behaves by itself does not depend on the database.
    { name: 'postgres', use: { database: 'postgres' }, testIgnore: 'page/**' },
    // The browser differs here, and Firefox speaks to the same server as Chromium.
    { name: 'firefox', testDir: './firefox', use: { database: 'sqlite' } },
  ],
});
