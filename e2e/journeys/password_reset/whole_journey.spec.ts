import { expect, test } from '../../fixtures.ts';
import { choosePassword, seeSignedIn, signOut } from '../../steps/account.ts';
import { logIn, openLoginPage, seeLoginPage, seeLoginRefused } from '../../steps/login.ts';
import { seeHeading, seeStatus } from '../../steps/look.ts';
import { openLinkOf, seeNewPasswordSent } from '../../steps/password_reset.ts';
import { linkIn, passwordIn } from '../../support/letter.ts';

const OWN_PASSWORD = 'a partridge in a pear tree';

test('a person who forgot their password gets back in, in one browser and without a click too many', async ({
  page,
  context,
  rekey,
  mailbox,
  ann,
  noise,
}) => {
  await test.step('ask for the reset', async () => {
    await openLoginPage(page);
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await expect(page).toHaveURL('/forgotten-password');
    await seeHeading(page, 'Insert your email!');
    await seeStatus(page, 'Hi! Insert your email!');
    await expect(page.getByText('The Email MUST be linked to an account.')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Back to login' })).toBeVisible();
    await page.getByLabel('Email', { exact: true }).fill(ann.email);
    await page.getByRole('button', { name: 'Send' }).click();
    await seeStatus(page, 'Email Sent');
  });

  const linkLetter = await test.step('the mail names the user and holds the link twice, the same', async () => {
    const letter = await mailbox.letterTo(ann.email);
    expect(letter.text).toContain(ann.userName);
    expect(letter.text).toContain('You can use a reset link only once.');
    expect(letter.html).toContain('You can use a reset link only once.');
    expect(linkIn(letter)).toMatch(new RegExp(`^${rekey.url}/reset#[A-Za-z0-9_-]{24}$`));
    expect(letter.html).toContain(`href="${linkIn(letter)}"`);
    return letter;
  });

  const resetPage = await test.step('"Here" leads to "New password sent via mail" by itself', async () => {
    const opened = await openLinkOf(linkLetter, context);
    await seeNewPasswordSent(opened);
    return opened;
  });

  const mailedPassword = await test.step('the second mail brings the password', async () => {
    const letter = await mailbox.letterTo(ann.email);
    expect(letter.text).toContain(ann.userName);
    return passwordIn(letter);
  });

  await test.step('the old password is dead, the mailed one opens "Choose your own password"', async () => {
    noise.expectStatus(401);
    await resetPage.getByRole('button', { name: 'Back to login' }).click();
    await seeLoginPage(resetPage);
    await logIn(resetPage, ann.userName, ann.password);
    await seeLoginRefused(resetPage);
    await logIn(resetPage, ann.userName, mailedPassword);
    await choosePassword(resetPage, OWN_PASSWORD);
    await seeSignedIn(resetPage, ann);
    await resetPage.reload();
    await seeSignedIn(resetPage, ann);
  });

  await test.step('old and mailed password are dead, the own one lives', async () => {
    await signOut(resetPage);
    for (const dead of [ann.password, mailedPassword]) {
      await logIn(resetPage, ann.userName, dead);
      await seeLoginRefused(resetPage);
    }
    await logIn(resetPage, ann.userName, OWN_PASSWORD);
    await seeSignedIn(resetPage, ann);
  });
});

test('a reset ends every session: a thief who is logged in is thrown out', async ({
  page,
  context,
  otherPage,
  mailbox,
  ann,
  noise,
}) => {
  await otherPage.goto('/');
  await logIn(otherPage, ann.userName, ann.password);
  await seeSignedIn(otherPage, ann);

  await page.goto('/forgotten-password');
  await page.getByLabel('Email', { exact: true }).fill(ann.email);
  await page.getByRole('button', { name: 'Send' }).click();
  await seeNewPasswordSent(await openLinkOf(await mailbox.letterTo(ann.email), context));

  noise.expectStatus(401);
  await otherPage.reload();
  await expect(otherPage.getByRole('button', { name: 'Login' })).toBeVisible();
  await expect(otherPage.getByRole('main')).not.toContainText(ann.name);
});
