import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../../fixtures.ts';
import { openOwnAccount, part, seeChoosePassword } from '../../steps/account.ts';
import { logIn, openLoginPage, seeLoginPage } from '../../steps/login.ts';
import { resetPassword } from '../../steps/password_reset.ts';

const CAPS_LOCK = 'Caps Lock is on';

test('whoever types a password with Caps Lock on is told so, and nothing on the page moves', async ({ page }) => {
  await openLoginPage(page);
  const password = page.getByLabel('Password', { exact: true });
  const button = page.getByRole('button', { name: 'Login' });
  const before = await button.boundingBox();
  await typeLetter(password, true);
  const hint = page.getByText(CAPS_LOCK);
  await expect(hint).toBeVisible();
  await expect(page.locator('[aria-live=polite]').filter({ has: hint })).toHaveCount(1);
  expect(await button.boundingBox()).toEqual(before);
  await page.screenshot({ path: 'screenshots/caps-lock-light-1280.png' });

  // Where the name is typed, everybody sees it.
  await typeLetter(page.getByLabel('User', { exact: true }), true);
  await expect(hint).toHaveCount(1);
  await typeLetter(password, false);
  await expect(hint).toHaveCount(0);

  await typeLetter(password, true);
  await page.getByRole('button', { name: 'Italiano' }).click();
  await password.or(page.getByLabel('Password', { exact: true })).focus();
  await typeLetter(password, true);
  await expect(page.getByText('Il blocco maiuscole è attivo')).toBeVisible();
  await page.getByRole('button', { name: 'English' }).focus();
  await expect(page.getByText('Il blocco maiuscole è attivo')).toHaveCount(0);
});

test('the hint about Caps Lock covers nothing where the page is narrow', async ({ page, ann }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await openOwnAccount(page, ann);
  for (const field of ['Current password', 'New password']) {
    const input = part(page, 'Password').getByLabel(field, { exact: true });
    await input.focus();
    await typeLetter(input, true);
    const hint = await part(page, 'Password').getByText(CAPS_LOCK).boundingBox();
    const others = await part(page, 'Password').locator('label, input:not(.unseen), .hint, .button').all();
    for (const other of others) expect(overlap(hint, await other.boundingBox()), await other.innerHTML()).toBe(false);
    await input.blur();
  }
});

test('every password can be looked at while it is typed', async ({ page, ann }) => {
  await openOwnAccount(page, ann);
  for (const form of ['Email', 'Password']) {
    const field = part(page, form).getByLabel('Current password');
    await field.fill(ann.password);
    await expect(field).toHaveAttribute('type', 'password');
    await part(page, form).getByRole('button', { name: 'Show password' }).first().click();
    await expect(field).toHaveAttribute('type', 'text');
    await expect(field).toHaveValue(ann.password);
  }
});

test('on paper no password stands, not even one that is shown on the screen', async ({ page, ann }) => {
  await openLoginPage(page);
  await page.getByLabel('User', { exact: true }).fill(ann.userName);
  await page.getByLabel('Password', { exact: true }).fill(ann.password);
  await page.getByRole('button', { name: 'Show password' }).click();
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('heading', { name: 'Login' })).toBeVisible();
  await expect(page.getByRole('button')).toHaveCount(0);
  await expect(page.getByLabel('Password', { exact: true })).toHaveCSS('color', 'rgba(0, 0, 0, 0)');
  await expect(page.getByLabel('User', { exact: true })).not.toHaveCSS('color', 'rgba(0, 0, 0, 0)');
});

test('a password manager finds name, old and new password together, and saves them', async ({ page, mailbox, ann }) => {
  await openOwnAccount(page, ann);
  expect(await filledBy(page, '#password-form')).toEqual([
    ['username', 'text', ann.userName],
    ['current-password', 'password', ''],
    ['new-password', 'password', ''],
  ]);
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  // A page of its own: who goes elsewhere meanwhile interrupts it.
  await seeLoginPage(page);
  const mailed = await resetPassword(page, mailbox, ann.email);
  await openLoginPage(page);
  expect(await filledBy(page, 'form')).toEqual([
    ['username', 'text', ''],
    ['current-password', 'password', ''],
  ]);
  await logIn(page, ann.userName, mailed);
  await seeChoosePassword(page);
  expect(await filledBy(page, 'form')).toEqual([
    ['username', 'text', ann.userName],
    ['new-password', 'password', ''],
  ]);
});

test('a page whose program has stopped sends nothing that was typed in an address', async ({ page, ann }) => {
  await openLoginPage(page);
  await page.getByLabel('User', { exact: true }).fill(ann.userName);
  await page.getByLabel('Password', { exact: true }).fill(ann.password);
  // Nobody listens any more, as after a panic; the browser then sends the form by itself.
  await page.evaluate(() => addEventListener('submit', (event) => event.stopImmediatePropagation(), { capture: true }));
  await page.route('**', (route) => route.fulfill({ status: 204 }));
  const sent = page.waitForRequest((request) => request.isNavigationRequest());
  await page.getByRole('button', { name: 'Login' }).click();
  expect(new URL((await sent).url()).search).toBe('');
});

/** Types a letter into a field with Caps Lock on or off, which no driver of browsers can press. */
async function typeLetter(field: Locator, modifierCapsLock: boolean): Promise<void> {
  for (const event of ['keydown', 'keyup']) await field.dispatchEvent(event, { key: 'a', modifierCapsLock });
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

function overlap(a: Box | null, b: Box | null): boolean {
  if (!a || !b) throw new Error('one of them is not drawn');
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** The fields that a password manager looks for, in their order: what for, how drawn, what stands there. */
async function filledBy(page: Page, form: string): Promise<string[][]> {
  return page.locator(`${form} :is([autocomplete=username], [autocomplete$="-password"])`).evaluateAll((fields) =>
    fields
      .filter((field): field is HTMLInputElement => field instanceof HTMLInputElement && field.checkVisibility())
      .filter((field) => field.form?.querySelector('button[type=submit]') && field.name)
      .map((field) => [field.autocomplete, field.type, field.value]),
  );
}
