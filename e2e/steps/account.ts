import { expect, type Locator, type Page } from '@playwright/test';
import type { Account } from '../support/rekey.ts';
import { seeHeading } from './look.ts';
import { logIn, openLoginPage, seeLoginPage } from './login.ts';

export async function seeChoosePassword(page: Page): Promise<void> {
  await seeHeading(page, 'Choose your own password');
}

export async function choosePassword(page: Page, password: string): Promise<void> {
  await seeChoosePassword(page);
  await page.getByLabel('New password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Save and go on' }).click();
}

export async function seeSignedIn(page: Page, account: Account): Promise<void> {
  await expect(page).toHaveURL('/home');
  await expect(page.getByRole('main')).toContainText(account.name);
  await expect(page.getByRole('main')).toContainText(account.userName);
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
}

export async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign out' }).click();
  await seeLoginPage(page);
}

/** From the login page to "Your account". */
export async function openOwnAccount(page: Page, account: Account): Promise<void> {
  await openLoginPage(page);
  await logIn(page, account.userName, account.password);
  await seeSignedIn(page, account);
  await page.getByRole('link', { name: 'Your account' }).click();
  await seeHeading(page, 'Your account');
}

/** A part of a page, by its heading. */
export function part(page: Page, heading: string): Locator {
  return page.getByRole('region', { name: heading, exact: true });
}

/** Asks for another address, in the part "Email". */
export async function askForEmail(page: Page, email: string, password: string): Promise<void> {
  await part(page, 'Email').getByLabel('New email').fill(email);
  await part(page, 'Email').getByLabel('Current password').fill(password);
  await part(page, 'Email').getByRole('button', { name: 'Change email' }).click();
}

/** Changes the password, in the part "Password". */
export async function changePassword(page: Page, current: string, wanted: string): Promise<void> {
  await part(page, 'Password').getByLabel('Current password').fill(current);
  await part(page, 'Password').getByLabel('New password', { exact: true }).fill(wanted);
  await part(page, 'Password').getByRole('button', { name: 'Change password' }).click();
}
