import { expect, test } from '../../fixtures.ts';
import { seeSignedIn } from '../../steps/account.ts';
import { openLoginPage, seeLoginPage } from '../../steps/login.ts';
import { seeHeading, seeStatus, tabTo } from '../../steps/look.ts';
import { seeNewPasswordSent } from '../../steps/password_reset.ts';
import { linkIn, passwordIn } from '../../support/letter.ts';

test('the whole journey goes by keyboard alone', async ({ page, mailbox, ann }) => {
  await openLoginPage(page);
  await tabTo(page, 'link', 'Forgot your password?');
  await page.keyboard.press('Enter');

  // The cursor is where the person types.
  await seeHeading(page, 'Insert your email!');
  await expect(page.getByLabel('Email', { exact: true })).toBeFocused();
  await page.keyboard.type(ann.email);
  await tabTo(page, 'button', 'Send');
  await page.keyboard.press('Enter');
  await seeStatus(page, 'Email Sent');

  await page.goto(linkIn(await mailbox.letterTo(ann.email)));
  await seeNewPasswordSent(page);
  const password = passwordIn(await mailbox.letterTo(ann.email));
  await tabTo(page, 'button', 'Back to login');
  await page.keyboard.press('Space');

  await seeLoginPage(page);
  await expect(page.getByLabel('User', { exact: true })).toBeFocused();
  await page.keyboard.type(ann.userName);
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');

  await seeHeading(page, 'Choose your own password');
  await expect(page.getByLabel('New password', { exact: true })).toBeFocused();
  await page.keyboard.type('a partridge in a pear tree');
  await page.keyboard.press('Enter');
  await seeSignedIn(page, ann);

  await tabTo(page, 'button', 'Sign out');
  await page.keyboard.press('Enter');
  await seeLoginPage(page);
});

test('whoever tabs through a page always sees where they are', async ({ page }) => {
  await openLoginPage(page);
  const stops = new Set<string>();
  for (let presses = 0; presses < 12; presses++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return undefined;
      const style = getComputedStyle(element);
      const framed = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
      return { what: element.outerHTML.slice(0, 60), seen: framed || style.boxShadow !== 'none' };
    });
    if (!stop) continue;
    stops.add(stop.what);
    expect(stop.seen, stop.what).toBe(true);
  }
  // User, Password, Login, two links and five languages.
  expect(stops.size).toBeGreaterThanOrEqual(10);
});
