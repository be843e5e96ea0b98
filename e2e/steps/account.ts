import { expect, type Page } from '@playwright/test';
import type { Account } from '../support/rekey.ts';
import { seeHeading } from './look.ts';
import { seeLoginPage } from './login.ts';

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
