import type { Page } from '@playwright/test';
import { openLoginPage } from './login.ts';
import { seeHeading, seeStatus } from './look.ts';

/** From the login page to "Request sent". */
export async function requestCredential(page: Page, name: string, email: string, note = ''): Promise<void> {
  await openLoginPage(page);
  await page.getByRole('link', { name: 'Request your credential' }).click();
  await seeHeading(page, 'Request your credential');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Email', { exact: true }).fill(email);
  await page.getByLabel('Note').fill(note);
  await page.getByRole('button', { name: 'Send' }).click();
  await seeStatus(page, 'Request sent');
}
