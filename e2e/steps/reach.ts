import type { BrowserContext, Page } from '@playwright/test';
import { emailLinkIn, linkIn, type Letter } from '../support/letter.ts';
import type { Mailbox } from '../support/mailbox.ts';
import type { Noise } from '../support/noise.ts';
import type { Account, Rekey } from '../support/rekey.ts';
import {
  askForEmail,
  changePassword,
  choosePassword,
  openOwnAccount,
  part,
  seeChoosePassword,
  seeSignedIn,
} from './account.ts';
import { administrate, openAccount, openList, seeRows } from './administration.ts';
import { requestCredential } from './credential_request.ts';
import { dropCookies, logIn, openLoginPage, seeLoginNotKept, seeLoginRefused } from './login.ts';
import { seeHeading, seeStatus } from './look.ts';
import { askForReset, openLinkOf, resetPassword, seeConfirmButton, seeNewPasswordSent } from './password_reset.ts';

const LONG_ADDRESS = 'konstantin.papadopoulos-theodorakis@a-very-long-domain-name.example.com';

/** Whom and what one needs to come to any page. */
export interface Traveller {
  page: Page;
  context: BrowserContext;
  otherPage: Page;
  rekey: Rekey;
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

  'login-not-kept': async ({ page, ann }) => {
    await dropCookies(page);
    await openLoginPage(page);
    await logIn(page, ann.userName, ann.password);
    await seeLoginNotKept(page);
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
    return shown(await mailbox.letterTo(ann.email), context);
  },

  'letter-password-changed': async ({ page, context, mailbox, ann }) => {
    await openOwnAccount(page, ann);
    await changePassword(page, ann.password, 'ten green bottles on a wall');
    return shown(await mailbox.letterTo(ann.email), context);
  },

  'letter-confirm-email': async ({ page, context, mailbox, ann }) => {
    await openOwnAccount(page, ann);
    await askForEmail(page, 'ann.new@example.com', ann.password);
    return shown(await mailbox.letterTo('ann.new@example.com'), context);
  },

  'letter-account-exists': async ({ page, context, mailbox, ann }) => {
    await requestCredential(page, 'Somebody', ann.email);
    return shown(await mailbox.letterTo(ann.email), context);
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
    return shown(await traveller.mailbox.letterTo(traveller.ann.email), traveller.context);
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

  'request-sent': async ({ page }) => {
    await requestCredential(page, 'Eva Rossi', 'eva.rossi@example.com', 'x'.repeat(960));
    return page;
  },

  'your-account': async ({ page, otherPage, ann }) => {
    await openLoginPage(otherPage);
    await logIn(otherPage, ann.userName, ann.password);
    await seeSignedIn(otherPage, ann);
    await openOwnAccount(page, ann);
    await part(page, 'Sessions').getByRole('button', { name: 'Sign out all others' }).waitFor();
    return page;
  },

  'your-account-refused': async ({ page, ann }) => {
    await openOwnAccount(page, ann);
    await askForEmail(page, 'ann', '');
    await page.locator('[aria-invalid=true]').first().waitFor();
    return page;
  },

  'confirm-email': async ({ page, otherPage, mailbox, ann }) => {
    await openOwnAccount(page, ann);
    await askForEmail(page, 'ann@new.example.com', ann.password);
    await otherPage.goto(emailLinkIn(await mailbox.letterTo('ann@new.example.com')));
    await otherPage.getByRole('button', { name: 'Use this address' }).waitFor();
    return otherPage;
  },

  'confirm-email-unknown': async ({ page, noise }) => {
    noise.expectStatus(404);
    await page.goto('/confirm-email#AAAAAAAAAAAAAAAAAAAAAAAA');
    await page.getByRole('button', { name: 'Use this address' }).click();
    await seeHeading(page, 'This link does not work');
    return page;
  },

  'not-allowed': async ({ page, ann }) => {
    await openLoginPage(page);
    await logIn(page, ann.userName, ann.password);
    await seeSignedIn(page, ann);
    await page.goto('/administration/accounts');
    await seeHeading(page, 'Administration');
    return page;
  },

  accounts: async ({ page, rekey }) => {
    await administrate(page, rekey);
    await seeRows(page, 2);
    await page.getByRole('button', { name: 'Add account' }).click();
    await page.getByRole('region', { name: 'Add account' }).getByRole('button').click();
    await page.locator('[aria-invalid=true]').first().waitFor();
    return page;
  },

  'one-account': async ({ page, rekey, ann }) => {
    await administrate(page, rekey);
    await openAccount(page, ann);
    await part(page, 'Access').getByRole('button', { name: 'Disable' }).click();
    await part(page, 'Access').getByRole('button', { name: 'Enable' }).waitFor();
    return page;
  },

  'delete-account': async ({ page, rekey, ann }) => {
    await administrate(page, rekey);
    await openAccount(page, ann);
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').waitFor();
    return page;
  },

  'credential-requests': async ({ page, otherPage, rekey }) => {
    await requestCredential(otherPage, 'Eva Rossi', 'eva.rossi@example.com', 'I started on Monday.\nPaolo sent me.');
    await requestCredential(otherPage, 'Konstantin Papadopoulos-Theodorakis', LONG_ADDRESS);
    await administrate(page, rekey, 'Credential requests');
    await part(page, 'Eva Rossi').getByRole('button', { name: 'Reject…' }).click();
    await part(page, 'Eva Rossi').getByLabel('Reason').waitFor();
    return page;
  },

  'mail-queue': async ({ page, rekey, mailbox }) => {
    await mailbox.shut();
    await rekey.addAccount({
      userName: 'konstantin',
      email: LONG_ADDRESS,
      name: 'Konstantin',
      password: 'six geese a-laying',
    });
    await rekey.requestResetElsewhere(LONG_ADDRESS);
    await administrate(page, rekey, 'Mail queue');
    await seeRows(page, 1);
    return page;
  },

  'mail-queue-empty': async ({ page, rekey }) => {
    await administrate(page, rekey, 'Mail queue');
    await page.getByText('No letters are waiting.').waitFor();
    return page;
  },

  'audit-events': async ({ page, rekey }) => {
    await administrate(page, rekey);
    await openList(page, 'Audit events');
    await page.getByRole('table').waitFor();
    return page;
  },

  'not-found': async ({ page, noise }) => {
    noise.expectStatus(404);
    await page.goto('/nothing-here');
    await seeHeading(page, 'There is no page here');
    return page;
  },
};

/** The letter as a webmail shows it. */
async function shown(letter: Letter, context: BrowserContext): Promise<Page> {
  const mail = await context.newPage();
  await mail.setContent(letter.html);
  return mail;
}

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
