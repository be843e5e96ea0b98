import { expect, type Page } from '@playwright/test';

/** Looks until the card's status line says this. */
export async function seeStatus(page: Page, text: string | RegExp): Promise<void> {
  await expect(page.getByRole('status')).toHaveText(text);
}

/** Looks until the page with this heading is there. */
export async function seeHeading(page: Page, heading: string): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading);
}

/** Presses Tab, as somebody without a mouse does, until the control with this role and name is reached. */
export async function tabTo(page: Page, role: 'button' | 'link' | 'textbox', name: string): Promise<void> {
  const control = page.getByRole(role, { name, exact: true });
  await expect(control).toBeVisible();
  for (let presses = 0; presses < 20; presses++) {
    if (await control.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach the ${role} "${name}"`);
}
