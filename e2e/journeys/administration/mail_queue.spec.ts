import { expect, test } from '../../fixtures.ts';
import { administrate, openList, seeRows } from '../../steps/administration.ts';
import { linkIn } from '../../support/letter.ts';

test('a letter that waits is tried at once, or dropped', async ({ page, rekey, mailbox, ann }) => {
  await administrate(page, rekey, 'Mail queue');
  await expect(page.getByText('No letters are waiting.')).toBeVisible();

  await mailbox.shut();
  await rekey.requestResetElsewhere(ann.email);
  await page.reload();
  await seeRows(page, 1);
  const letter = page.getByRole('table').getByRole('row').nth(1);
  await expect(letter).toContainText('Reset link');
  await expect(letter).toContainText(ann.email);
  await page.getByRole('button', { name: `Drop: letter to ${ann.email}` }).click();
  await expect(page.getByRole('status').first()).toHaveText(`The letter to ${ann.email} is dropped.`);
  await expect(page.getByText('No letters are waiting.')).toBeVisible();
  await page.getByLabel('State').selectOption('Dropped');
  await seeRows(page, 1);
  await expect(page).toHaveURL('/administration/mail-queue?state=dropped');
  await expect(page.getByRole('button', { name: /^(Try now|Drop)/ })).toHaveCount(0);

  await rekey.requestResetElsewhere(ann.email);
  await page.getByLabel('State').selectOption('Waiting');
  await seeRows(page, 1);
  await mailbox.open();
  await page.getByRole('button', { name: `Try now: letter to ${ann.email}` }).click();
  await expect(page.getByRole('status').first()).toHaveText(`The letter to ${ann.email} is tried now.`);
  linkIn(await mailbox.letterTo(ann.email));
  await page.getByLabel('State').selectOption('Sent');
  await seeRows(page, 1);
  await expect(page.getByRole('table').getByRole('row').nth(1).getByRole('time')).toHaveCount(2);

  await openList(page, 'Audit events');
  await page.getByLabel('Event', { exact: true }).selectOption('Letter dropped');
  await seeRows(page, 1);
});
