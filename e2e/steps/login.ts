import { expect, type Page } from '@playwright/test';
import { seeStatus } from './look.ts';

export async function openLoginPage(page: Page): Promise<void> {
  await page.goto('/');
  await seeLoginPage(page);
}

export async function seeLoginPage(page: Page): Promise<void> {
  await seeStatus(page, 'Welcome');
  await expect(page.getByRole('button', { name: 'Login' })).toBeVisible();
}

/** Fills in the login page that is open and sends it. */
export async function logIn(page: Page, user: string, password: string): Promise<void> {
  await page.getByLabel('User', { exact: true }).fill(user);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Login' }).click();
}

export async function seeLoginRefused(page: Page): Promise<void> {
  await seeStatus(page, 'User or password is wrong.');
}
