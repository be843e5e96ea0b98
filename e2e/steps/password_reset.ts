import { expect, type BrowserContext, type Page } from '@playwright/test';
import { linkIn, passwordIn, type Letter } from '../support/letter.ts';
import type { Mailbox } from '../support/mailbox.ts';
import { seeHeading, seeStatus } from './look.ts';
import { openLoginPage } from './login.ts';

/** What a page says of a link that was used, where the new password comes by mail. */
export const LINK_IS_USED = 'You can use a reset link only once. If you just used it, the new password is on its way.';

/** From the login page to "Email Sent". */
export async function askForReset(page: Page, email: string): Promise<void> {
  await openLoginPage(page);
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await seeStatus(page, 'Hi! Insert your email!');
  await page.getByLabel('Email', { exact: true }).fill(email);
  await page.getByRole('button', { name: 'Send' }).click();
  await seeStatus(page, 'Email Sent');
}

/**
 * Reads the letter as HTML, as a webmail shows it, and clicks its button. The page that it opens is new: what the test
 * wants to know of it from the first moment on, `prepare` sets up.
 */
export async function openLinkOf(
  letter: Letter,
  context: BrowserContext,
  button = 'Here',
  prepare?: (page: Page) => Promise<unknown>,
): Promise<Page> {
  const page = await context.newPage();
  await prepare?.(page);
  await page.setContent(letter.html);
  await page.getByRole('link', { name: button, exact: true }).click();
  await page.waitForURL('**/reset**');
  return page;
}

export async function seeNewPasswordSent(page: Page): Promise<void> {
  await seeStatus(page, 'New password sent via mail');
  await expect(page.getByRole('button', { name: 'Back to login' })).toBeVisible();
}

/** In a browser that did not ask for the reset, one click is wanted. */
export async function seeConfirmButton(page: Page): Promise<void> {
  await expect(page.getByRole('button', { name: 'Send me a new password' })).toBeVisible();
}

export async function confirmReset(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Send me a new password' }).click();
  await seeNewPasswordSent(page);
}

/** The link is no good; the page says why and offers the way to a new one. */
export async function seeLinkRefused(page: Page, why: string | RegExp): Promise<void> {
  await seeStatus(page, why);
  await page.getByRole('button', { name: 'Ask for a new link' }).click();
  await seeHeading(page, 'Insert your email!');
}

/** From the login page to the password that comes by mail, with the browser that asked. */
export async function resetPassword(page: Page, mailbox: Mailbox, email: string): Promise<string> {
  await askForReset(page, email);
  await page.goto(linkIn(await mailbox.letterTo(email)));
  await seeNewPasswordSent(page);
  return passwordIn(await mailbox.letterTo(email));
}
