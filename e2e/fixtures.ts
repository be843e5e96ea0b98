import { test as base, type BrowserContext, type Page, type TestInfo } from '@playwright/test';
import { withFreshDatabase, type Database } from './support/database.ts';
import { Mailbox } from './support/mailbox.ts';
import { Noise } from './support/noise.ts';
import { freePort } from './support/port.ts';
import { Rekey, type Account, type Settings } from './support/rekey.ts';

export { expect } from '@playwright/test';

interface Options {
  database: Database;
  /** Rekey's host name. */
  host: string;
  /** Settings of the test's server beside the usual ones. */
  settings: Settings;
}

interface World {
  /** Where Rekey's data is. */
  databaseUrl: string;
  /** Everybody's mails. */
  mailbox: Mailbox;
  /** The test's own server, on which nothing has ever happened. */
  rekey: Rekey;
  /** What the browsers' consoles say. */
  noise: Noise;
  /** Somebody who has an account. */
  ann: Account;
  /** A page in another browser, which shares nothing with that of `page`. */
  otherPage: Page;
}

function serverFolder(testInfo: TestInfo): string {
  return testInfo.outputPath('server');
}

export const test = base.extend<Options & World>({
  database: ['sqlite', { option: true }],
  host: ['localhost', { option: true }],
  settings: [{}, { option: true }],

  mailbox: async ({}, use, testInfo) => {
    const mailbox = new Mailbox(await freePort(testInfo.parallelIndex));
    await mailbox.open();
    await use(mailbox);
    await mailbox.shut();
  },

  databaseUrl: async ({ database }, use, testInfo) => withFreshDatabase(database, serverFolder(testInfo), use),

  rekey: async ({ databaseUrl, host, settings, mailbox }, use, testInfo) => {
    const rekey = new Rekey({
      folder: serverFolder(testInfo),
      host,
      port: await freePort(testInfo.parallelIndex),
      databaseUrl,
      smtpPort: mailbox.port,
      settings,
    });
    await rekey.start();
    await use(rekey);
    await rekey.stop();
  },

  noise: async ({}, use) => {
    const noise = new Noise();
    await use(noise);
    noise.check();
  },

  baseURL: async ({ rekey }, use) => use(rekey.url),

  context: async ({ context, noise }, use) => {
    noise.listen(context);
    await use(context);
  },

  ann: async ({ rekey }, use) => {
    const ann: Account = {
      userName: 'ann',
      email: 'ann.smith@example.com',
      name: 'Ann Smith',
      password: 'nine green bottles on a wall',
    };
    await rekey.addAccount(ann);
    await use(ann);
  },

  otherPage: async ({ browser, noise, baseURL, locale }, use) => {
    const options = { ...(baseURL && { baseURL }), ...(locale && { locale }) };
    const context: BrowserContext = await browser.newContext(options);
    noise.listen(context);
    await use(await context.newPage());
    await context.close();
  },
});
