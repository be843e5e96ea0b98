import { expect, test } from '../../fixtures.ts';
import { administrate, PAULA, seeRows } from '../../steps/administration.ts';
import { logIn, openLoginPage, seeLoginRefused } from '../../steps/login.ts';

test('what happened is found by event, by account and by who did it', async ({
  page,
  otherPage,
  rekey,
  ann,
  noise,
}) => {
  noise.expectStatus(401);
  await openLoginPage(otherPage);
  await logIn(otherPage, ann.userName, 'wrong');
  await seeLoginRefused(otherPage);
  await administrate(page, rekey, 'Audit events');
  const rows = page.getByRole('table').getByRole('row');

  // Newest first: the administrator's own login.
  await expect(rows.nth(1)).toContainText('Logged in');
  await expect(rows.nth(1)).toContainText(PAULA.userName);
  await expect(rows.nth(1)).toContainText('127.0.0.1');
  await expect(rows.filter({ hasText: 'Account added' }).first()).toContainText('Command line');

  await page.getByLabel('Event', { exact: true }).selectOption('Login failed');
  await seeRows(page, 1);
  await expect(rows.nth(1)).toContainText(ann.userName);
  await page.getByLabel('Event', { exact: true }).selectOption('All events');
  await page.getByLabel('By', { exact: true }).fill(PAULA.email);
  await page.keyboard.press('Enter');
  await seeRows(page, 1);
  await page.getByLabel('By', { exact: true }).fill('');
  await page.getByLabel('Account', { exact: true }).fill(ann.userName);
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(page).toHaveURL(`/administration/audit-events?account=${ann.userName}`);
  await seeRows(page, 2);
  await page.goBack();
  await seeRows(page, 1);
  await expect(page.getByLabel('By', { exact: true })).toHaveValue(PAULA.email);
  await page.getByLabel('Account', { exact: true }).fill('nobody.at.all');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Nothing of the kind is recorded.')).toBeVisible();
});
