import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { test } from '../fixtures.ts';
import { logIn, openLoginPage, seeLoginPage } from '../steps/login.ts';
import { seeHeading } from '../steps/look.ts';
import { askForReset, openLinkOf, seeNewPasswordSent } from '../steps/password_reset.ts';
import { passwordIn, type Letter } from '../support/letter.ts';

async function take(page: Page, name: string): Promise<void> {
  // No cursor, no focus ring of the last click, nothing that moves.
  await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
  await page.screenshot({
    path: join(import.meta.dirname, '../../docs/images', `${name}.png`),
    animations: 'disabled',
    caret: 'hide',
  });
}

async function takeLetter(page: Page, letter: Letter, name: string): Promise<void> {
  const mail = await page.context().newPage();
  await mail.setContent(letter.html);
  await take(mail, name);
  await mail.close();
}

test.use({ settings: { REKEY_APP_NAME: 'IMSISO Assistance Tool' } });

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the login page, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await openLoginPage(page);
    await take(page, `login-${colorScheme}`);
  });
}

test('the journey', async ({ page, context, mailbox, ann }) => {
  await askForReset(page, ann.email);
  await take(page, 'journey-1-forgotten');
  const linkLetter = await mailbox.letterTo(ann.email);
  await takeLetter(page, linkLetter, 'journey-2-letter');
  const confirmed = await openLinkOf(linkLetter, context);
  await seeNewPasswordSent(confirmed);
  await take(confirmed, 'journey-3-confirmed');
  const passwordLetter = await mailbox.letterTo(ann.email);
  await takeLetter(page, passwordLetter, 'journey-4-password');
  await confirmed.getByRole('button', { name: 'Back to login' }).click();
  await seeLoginPage(confirmed);
  await logIn(confirmed, ann.userName, passwordIn(passwordLetter));
  await seeHeading(confirmed, 'Choose your own password');
  await take(confirmed, 'journey-5-own-password');
});
