import type { BrowserContext, Page } from '@playwright/test';
import { linkIn } from '../support/letter.ts';
import type { Mailbox } from '../support/mailbox.ts';
import type { Noise } from '../support/noise.ts';
import type { Account } from '../support/rekey.ts';
import { choosePassword, seeChoosePassword, seeSignedIn } from './account.ts';
import { logIn, openLoginPage, seeLoginRefused } from './login.ts';
import { seeHeading, seeStatus } from './look.ts';
import { askForReset, openLinkOf, resetPassword, seeConfirmButton, seeNewPasswordSent } from './password_reset.ts';

/** Whom and what one needs to come to any page. */
export interface Traveller {
  page: Page;
  context: BrowserContext;
  otherPage: Page;
  mailbox: Mailbox;
  noise: Noise;
  ann: Account;
}

/** Every page in every state that looks different, and how a person comes there. */
export const PAGES: Record<string, (traveller: Traveller) => Promise<Page>> = {
  login: async ({ page }) => {
    await openLoginPage(page);
    return page;
  },

  'login-refused': async ({ page, ann, noise }) => {
    noise.expectStatus(401);
    await openLoginPage(page);
    await logIn(page, ann.userName, 'wrong');
    await seeLoginRefused(page);
    return page;
  },

  'login-empty-fields': async ({ page }) => {
    await openLoginPage(page);
    await page.getByRole('button', { name: 'Login' }).click();
    await seeStatus(page, 'Please check what you typed.');
    return page;
  },

  'insert-your-email': async ({ page }) => {
    await page.goto('/forgotten-password');
    await seeStatus(page, 'Hi! Insert your email!');
    return page;
  },

  'email-sent': async ({ page, ann }) => {
    await askForReset(page, ann.email);
    return page;
  },

  'letter-reset-link': async ({ page, context, mailbox, ann }) => {
    await askForReset(page, ann.email);
    const letter = await mailbox.letterTo(ann.email);
    const mail = await context.newPage();
    await mail.setContent(letter.html);
    return mail;
  },

  'reset-in-another-browser': async ({ page, otherPage, mailbox, ann }) => {
    await askForReset(page, ann.email);
    await otherPage.goto(linkIn(await mailbox.letterTo(ann.email)));
    await seeConfirmButton(otherPage);
    return otherPage;
  },

  'new-password-sent': async (traveller) => confirmed(traveller),

  'letter-new-password': async (traveller) => {
    await confirmed(traveller);
    const letter = await traveller.mailbox.letterTo(traveller.ann.email);
    const mail = await traveller.context.newPage();
    await mail.setContent(letter.html);
    return mail;
  },

  'link-unknown': async ({ page, noise }) => {
    noise.expectStatus(404);
    await page.goto('/reset#AAAAAAAAAAAAAAAAAAAAAAAA');
    await page.getByRole('button', { name: 'Send me a new password' }).click();
    await seeHeading(page, 'This link does not work');
    return page;
  },

  'link-without-token': async ({ page }) => {
    await page.goto('/reset');
    await seeHeading(page, 'This link does not work');
    return page;
  },

  'choose-your-own-password': async (traveller) => choosing(traveller),

  'choose-your-own-password-refused': async (traveller) => {
    const page = await choosing(traveller);
    await choosePassword(page, 'too short');
    await page.locator('[aria-invalid=true]').waitFor();
    return page;
  },

  home: async ({ page, ann }) => {
    await openLoginPage(page);
    await logIn(page, ann.userName, ann.password);
    await seeSignedIn(page, ann);
    return page;
  },

  'request-your-credential': async ({ page }) => {
    await page.goto('/request-credential');
    await seeHeading(page, 'Request your credential');
    return page;
  },

  'not-found': async ({ page, noise }) => {
    noise.expectStatus(404);
    await page.goto('/nothing-here');
    await seeHeading(page, 'There is no page here');
    return page;
  },
};

async function confirmed({ page, context, mailbox, ann }: Traveller): Promise<Page> {
  await askForReset(page, ann.email);
  const opened = await openLinkOf(await mailbox.letterTo(ann.email), context);
  await seeNewPasswordSent(opened);
  return opened;
}

async function choosing({ page, mailbox, ann }: Traveller): Promise<Page> {
  const password = await resetPassword(page, mailbox, ann.email);
  await openLoginPage(page);
  await logIn(page, ann.userName, password);
  await seeChoosePassword(page);
  return page;
}
