import { expect, test } from '../../fixtures.ts';
import { logIn, openLoginPage } from '../../steps/login.ts';
import { seeSignedIn } from '../../steps/account.ts';
import { seeHeading, seeStatus } from '../../steps/look.ts';
import {
  askForReset,
  confirmReset,
  LINK_IS_USED,
  openLinkOf,
  seeConfirmButton,
  seeLinkRefused,
  seeNewPasswordSent,
} from '../../steps/password_reset.ts';
import { linkIn, tokenIn } from '../../support/letter.ts';

test('a used link says so, and that the new password may be on its way', async ({
  page,
  context,
  mailbox,
  ann,
  noise,
}) => {
  noise.expectStatus(410);
  await askForReset(page, ann.email);
  const letter = await mailbox.letterTo(ann.email);
  await seeNewPasswordSent(await openLinkOf(letter, context));

  const again = await openLinkOf(letter, context);
  await seeConfirmButton(again);
  await again.getByRole('button', { name: 'Send me a new password' }).click();
  await seeLinkRefused(again, LINK_IS_USED);
});

test.describe('on a server whose links live for a second', () => {
  test.use({ settings: { REKEY_RESET_LINK_LIFE: '1s' } });

  test('an expired link says so, and the old password still works', async ({
    page,
    otherPage,
    mailbox,
    ann,
    noise,
  }) => {
    noise.expectStatus(410);
    await askForReset(page, ann.email);
    const letter = await mailbox.letterTo(ann.email);
    // The link's life began before the letter arrived, by the same clock.
    await expect.poll(() => Date.now() - letter.arrivedAt).toBeGreaterThan(1_000);
    await otherPage.goto(linkIn(letter));
    await otherPage.getByRole('button', { name: 'Send me a new password' }).click();
    await seeLinkRefused(otherPage, 'This reset link is too old to be used.');

    await openLoginPage(otherPage);
    await logIn(otherPage, ann.userName, ann.password);
    await seeSignedIn(otherPage, ann);
  });
});

test('an unknown link says so', async ({ page, noise }) => {
  noise.expectStatus(404);
  await page.goto('/reset#AAAAAAAAAAAAAAAAAAAAAAAA');
  await page.getByRole('button', { name: 'Send me a new password' }).click();
  await seeLinkRefused(page, 'We do not know this reset link. Was the whole line copied from the mail?');
});

test('a link without its token asks for the whole line', async ({ page }) => {
  await page.goto('/reset');
  await seeStatus(page, 'The link is not complete. Copy the whole line from the mail, up to its end.');
  await expect(page.getByRole('button', { name: 'Send me a new password' })).toBeHidden();
  await page.getByRole('button', { name: 'Ask for a new link' }).click();
  await seeHeading(page, 'Insert your email!');
});

test('of two links asked for both work until one is used', async ({ page, otherPage, mailbox, ann, noise }) => {
  await askForReset(page, ann.email);
  const first = await mailbox.letterTo(ann.email);
  await page.getByRole('button', { name: 'Send' }).click();
  const second = await mailbox.letterTo(ann.email);
  expect(linkIn(second)).not.toBe(linkIn(first));

  await otherPage.goto(linkIn(first));
  await confirmReset(otherPage);
  noise.expectStatus(410);
  await otherPage.goto('/');
  await otherPage.goto(linkIn(second));
  await otherPage.getByRole('button', { name: 'Send me a new password' }).click();
  await seeStatus(otherPage, LINK_IS_USED);
});

test('a second link pasted into the page of the first is the one that counts', async ({
  otherPage,
  rekey,
  mailbox,
  ann,
  noise,
}) => {
  noise.expectStatus(404);
  await otherPage.goto('/reset#AAAAAAAAAAAAAAAAAAAAAAAA');
  await otherPage.getByRole('button', { name: 'Send me a new password' }).click();
  await seeStatus(otherPage, /^We do not know this reset link/);
  await rekey.requestResetElsewhere(ann.email);
  // Only the fragment differs, so the browser does not load the page anew.
  await otherPage.goto(linkIn(await mailbox.letterTo(ann.email)));
  await confirmReset(otherPage);
});

test('the token leaves the address bar, goes into no request but the confirmation, and survives a reload', async ({
  otherPage,
  rekey,
  mailbox,
  ann,
}) => {
  await rekey.requestResetElsewhere(ann.email);
  const letter = await mailbox.letterTo(ann.email);
  const token = tokenIn(letter);
  const sent: string[] = [];
  otherPage.on('request', async (request) => {
    const { origin, pathname, search } = new URL(request.url());
    sent.push([origin, pathname, search, JSON.stringify(await request.allHeaders())].join(' '));
  });
  await otherPage.goto(linkIn(letter));
  await seeConfirmButton(otherPage);
  await expect(otherPage).toHaveURL('/reset');
  await otherPage.reload();
  await seeConfirmButton(otherPage);
  await expect(otherPage).toHaveURL('/reset');
  await confirmReset(otherPage);
  expect(sent.length).toBeGreaterThan(4);
  expect(sent.filter((request) => request.includes(token))).toEqual([]);
  expect(rekey.log).not.toContain(token);
});
