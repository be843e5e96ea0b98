import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from '../../fixtures.ts';
import { openOwnAccount, part, seeSignedIn } from '../../steps/account.ts';
import { logIn, openLoginPage, seeLoginPage } from '../../steps/login.ts';
import { seeHeading, seeStatus } from '../../steps/look.ts';

/*
 * Whoever is logged in has a program of their own (`signed_in`), which nobody need load to log in.
 */

/** The kinds of files of the program for whoever is logged in that a page has asked for so far. */
function watchSignedIn(page: Page): () => string[] {
  const asked: string[] = [];
  page.on('request', (request) => {
    const kind = /\/signed_in-.*\.(\w+)$/.exec(new URL(request.url()).pathname)?.[1];
    if (kind) asked.push(kind);
  });
  return () => asked.toSorted();
}

/** The bytes that came over the wire for the page that is open and its files, with their headers; 0 is the browser's cache. */
async function loaded(page: Page, files = /./): Promise<number[]> {
  await page.waitForLoadState('networkidle');
  const entries = await page.evaluate(() =>
    [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map((entry) => ({
      name: entry.name,
      bytes: (entry as PerformanceResourceTiming).transferSize,
    })),
  );
  return entries.filter(({ name }) => files.test(name)).map(({ bytes }) => bytes);
}

test('nothing of the other program is loaded before somebody types to log in', async ({ page }) => {
  const asked = watchSignedIn(page);
  await openLoginPage(page);
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await page.getByLabel('Email', { exact: true }).fill('ann');
  await page.getByRole('button', { name: 'Back to login' }).click();
  await page.getByRole('link', { name: 'Request your credential' }).click();
  await seeHeading(page, 'Request your credential');
  await page.goBack();
  await seeLoginPage(page);
  await page.waitForLoadState('networkidle');
  expect(asked()).toEqual([]);

  await page.getByLabel('User', { exact: true }).fill('a');
  await expect.poll(asked).toEqual(['css', 'js', 'wasm']);
  await page.getByLabel('User', { exact: true }).fill('ann');
  await page.waitForLoadState('networkidle');
  expect(asked()).toEqual(['css', 'js', 'wasm']);
});

test('what came while somebody typed is there when they are logged in', async ({ page, ann }) => {
  await openLoginPage(page);
  await page.getByLabel('User', { exact: true }).fill(ann.userName);
  await page.waitForLoadState('networkidle');
  await logIn(page, ann.userName, ann.password);
  await seeSignedIn(page, ann);
  expect(await loaded(page, /\/signed_in-/)).toEqual([0, 0, 0]);
});

test('the first load of the login page is as small as docs/performance.md says', async ({ page }) => {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/performance.md'), 'utf8');
  const most = Number(/The first load has (\d+) KiB at most/.exec(text)?.[1]);
  await openLoginPage(page);
  const kib = (await loaded(page)).reduce((sum, bytes) => sum + bytes, 0) / 1024;
  expect(kib).toBeLessThanOrEqual(most);
  // More than a skeleton.
  expect(kib).toBeGreaterThan(50);
});

test('the login page says that the session was ended, and says so once', async ({ page, otherPage, ann, noise }) => {
  noise.expectStatus(401);
  await openLoginPage(page);
  await logIn(page, ann.userName, ann.password);
  await seeSignedIn(page, ann);
  await openOwnAccount(otherPage, ann);
  await otherPage.getByRole('button', { name: 'Sign out all others' }).click();
  await expect(part(otherPage, 'Sessions').getByRole('listitem')).toHaveCount(1);
  await page.getByRole('link', { name: 'Your account' }).click();
  await seeStatus(page, 'Your session is over. Please log in again.');
  await page.reload();
  await seeStatus(page, 'Welcome');
});
