import { expect, type Page } from '@playwright/test';
import type { Account, Rekey } from '../support/rekey.ts';
import { seeSignedIn } from './account.ts';
import { logIn, openLoginPage } from './login.ts';
import { seeHeading } from './look.ts';

/** Somebody who administers accounts. */
export const PAULA: Account = {
  userName: 'paula',
  email: 'paula.prime@example.com',
  name: 'Paula Prime',
  password: 'seven swans are swimming past',
};

export type List = 'Accounts' | 'Credential requests' | 'Mail queue' | 'Audit events';

/** Makes Paula, and takes her from the login page to a list of the administration. */
export async function administrate(page: Page, rekey: Rekey, list: List = 'Accounts'): Promise<void> {
  await rekey.addAccount(PAULA, '--role', 'admin');
  await openLoginPage(page);
  await logIn(page, PAULA.userName, PAULA.password);
  await seeSignedIn(page, PAULA);
  await page.getByRole('link', { name: 'Administration' }).click();
  await seeHeading(page, 'Accounts');
  await openList(page, list);
}

export async function openList(page: Page, list: List): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: list }).click();
  await seeHeading(page, list);
}

/** From the list of accounts to one of them. */
export async function openAccount(page: Page, account: Pick<Account, 'userName'>): Promise<void> {
  await page.getByRole('link', { name: account.userName, exact: true }).click();
  await seeHeading(page, account.userName);
}

/** The rows of the table that is shown, without its heading. */
export async function seeRows(page: Page, number: number): Promise<void> {
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(number + 1);
}

/** Fills in "Add account" and sends it. */
export async function addAccount(page: Page, userName: string, email: string): Promise<void> {
  await page.getByLabel('User name', { exact: true }).fill(userName);
  await page.getByLabel('Email', { exact: true }).fill(email);
  await page.getByRole('region', { name: 'Add account' }).getByRole('button', { name: 'Add account' }).click();
}
