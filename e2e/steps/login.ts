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

/** Lets no cookie of this answer come through, as a browser that keeps none does, or a proxy that drops it. */
export async function dropCookies(page: Page, path = '/login'): Promise<void> {
  await page.route(`**${path}`, async (route) => {
    // By number: Playwright, which fetches it, keeps the cookies as well, and does not know all names of this machine.
    const url = new URL(route.request().url());
    url.hostname = '127.0.0.1';
    const response = await route.fetch({ url: url.href });
    const headers = response.headers();
    delete headers['set-cookie'];
    await route.fulfill({ response, headers });
  });
}

export async function seeLoginNotKept(page: Page): Promise<void> {
  await seeStatus(page, 'Your browser did not keep the login. Allow cookies for this site, then try again.');
  await expect(page).toHaveURL(/\/(\?|$)/);
}
