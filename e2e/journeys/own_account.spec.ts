import { expect, test } from '../fixtures.ts';
import { askForEmail, changePassword, openOwnAccount, part, seeSignedIn } from '../steps/account.ts';
import { logIn, openLoginPage, seeLoginPage } from '../steps/login.ts';
import { seeHeading, seeStatus } from '../steps/look.ts';
import { emailLinkIn } from '../support/letter.ts';

const NEW_EMAIL = 'ann@new.example.com';
const NEW_PASSWORD = 'a partridge in a pear tree';

test('name and language are changed, and the page speaks the language at once', async ({ page, ann }) => {
  await openOwnAccount(page, ann);
  const profile = part(page, 'Profile');
  await expect(profile.getByLabel('Name')).toHaveValue(ann.name);
  await profile.getByLabel('Name').fill("Ann O'Neill");
  await profile.getByRole('button', { name: 'Save' }).click();
  await expect(profile.getByRole('status')).toHaveText('Saved');

  await profile.getByLabel('Language').selectOption('Italiano');
  await profile.getByRole('button', { name: 'Save' }).click();
  await seeHeading(page, 'Il tuo account');
  await expect(part(page, 'Profilo').getByRole('status')).toHaveText('Salvato');
  await page.reload();
  await expect(part(page, 'Profilo').getByLabel('Nome')).toHaveValue("Ann O'Neill");
  await expect(part(page, 'Profilo').getByLabel('Lingua')).toHaveValue('it');
  await page.getByRole('link', { name: 'Pagina iniziale' }).click();
  await seeHeading(page, "Ciao, Ann O'Neill");
});

test('a new address counts once its link is used, in whatever browser that is opened', async ({
  page,
  otherPage,
  mailbox,
  ann,
  noise,
}) => {
  await openOwnAccount(page, ann);
  const email = part(page, 'Email');
  await expect(email).toContainText(ann.email);

  await test.step('what cannot be is told, and what was typed stays', async () => {
    await askForEmail(page, 'ann', '');
    await expect(email.getByLabel('New email')).toHaveAccessibleDescription(/^This is not an email address/);
    await expect(email.getByLabel('Current password')).toHaveAccessibleDescription('Type your current password.');
    await expect(email.getByLabel('New email')).toBeFocused();
    noise.expectStatus(401);
    await askForEmail(page, NEW_EMAIL, 'three blind mice, see how they run');
    await expect(email.getByRole('status')).toHaveText('This is not your current password.');
    await expect(email.getByLabel('Current password')).toBeFocused();
    await expect(email.getByLabel('New email')).toHaveValue(NEW_EMAIL);
  });

  const link = await test.step('a letter goes to the new address', async () => {
    await askForEmail(page, NEW_EMAIL, ann.password);
    await expect(email.getByRole('status')).toContainText(`A letter is on its way to ${NEW_EMAIL}.`);
    return emailLinkIn(await mailbox.letterTo(NEW_EMAIL));
  });

  await test.step('its link changes nothing by being opened, and everything by one click', async () => {
    await otherPage.goto(link);
    await expect(otherPage.getByRole('button', { name: 'Use this address' })).toBeVisible();
    await expect(otherPage).toHaveURL('/confirm-email');
    await otherPage.reload();
    await page.reload();
    await expect(part(page, 'Email')).toContainText(ann.email);
    await otherPage.getByRole('button', { name: 'Use this address' }).click();
    await seeHeading(otherPage, 'Your email address is changed');
    expect((await mailbox.letterTo(ann.email)).subject).toContain('email');
  });

  await test.step('the new address logs in; whoever was logged in still is', async () => {
    await page.reload();
    await expect(part(page, 'Email')).toContainText(NEW_EMAIL);
    await otherPage.getByRole('button', { name: 'Go on' }).click();
    await seeLoginPage(otherPage);
    await logIn(otherPage, NEW_EMAIL, ann.password);
    await seeSignedIn(otherPage, ann);
  });

  await test.step('a used link, an unknown one and one without token each say so', async () => {
    noise.expectStatus(410);
    noise.expectStatus(404);
    await otherPage.goto(link);
    await otherPage.getByRole('button', { name: 'Use this address' }).click();
    await seeStatus(otherPage, /^You can use this link only once\./);
    await otherPage.goto('/confirm-email#AAAAAAAAAAAAAAAAAAAAAAAA');
    await otherPage.getByRole('button', { name: 'Use this address' }).click();
    await seeStatus(otherPage, /^We do not know this link\./);
    await otherPage.getByRole('button', { name: 'To your account' }).click();
    await seeHeading(otherPage, 'Your account');
    await otherPage.goto('/confirm-email');
    await seeStatus(otherPage, 'The link is not complete. Copy the whole line from the mail, up to its end.');
  });
});

test('a new password keeps this browser logged in and throws out all others', async ({
  page,
  otherPage,
  mailbox,
  ann,
  noise,
}) => {
  await openLoginPage(otherPage);
  await logIn(otherPage, ann.userName, ann.password);
  await seeSignedIn(otherPage, ann);
  await openOwnAccount(page, ann);
  const password = part(page, 'Password');
  const sessions = part(page, 'Sessions').getByRole('listitem');
  await expect(sessions).toHaveCount(2);
  await expect(password.getByLabel('Current password')).toHaveAttribute('autocomplete', 'current-password');

  // The rules are checked here, own names among them, before anything is sent.
  await changePassword(page, '', ann.email);
  await expect(password.getByLabel('New password', { exact: true })).toHaveAccessibleDescription(
    /^This is only your own/,
  );
  await expect(password.getByLabel('Current password')).toHaveAccessibleDescription('Type your current password.');
  noise.expectStatus(401);
  await changePassword(page, 'three blind mice, see how they run', NEW_PASSWORD);
  await expect(password.getByRole('status')).toHaveText('This is not your current password.');
  await changePassword(page, ann.password, NEW_PASSWORD);
  await expect(password.getByRole('status')).toHaveText('Your new password is saved.');
  await expect(password.getByLabel('New password', { exact: true })).toHaveValue('');
  await expect(sessions).toHaveCount(1);
  await mailbox.letterTo(ann.email);
  await page.reload();
  await seeHeading(page, 'Your account');

  await otherPage.getByRole('link', { name: 'Your account' }).click();
  await seeStatus(otherPage, 'Your session is over. Please log in again.');
  await logIn(otherPage, ann.userName, NEW_PASSWORD);
  await seeSignedIn(otherPage, ann);
});

test('sessions are listed and can be ended, one or all others', async ({ page, otherPage, ann, noise }) => {
  await openLoginPage(otherPage);
  await logIn(otherPage, ann.userName, ann.password);
  await seeSignedIn(otherPage, ann);
  await openOwnAccount(page, ann);
  const sessions = part(page, 'Sessions');
  await expect(sessions.getByRole('listitem')).toHaveCount(2);
  await expect(sessions.getByRole('listitem').filter({ hasText: 'This browser' })).toHaveCount(1);
  await sessions.getByRole('button', { name: 'Sign out Chrome on Linux' }).click();
  await expect(sessions.getByRole('listitem')).toHaveCount(1);
  await expect(sessions.getByRole('status').filter({ hasText: 'is signed out.' })).toBeVisible();
  noise.expectStatus(401);
  await otherPage.reload();
  await seeStatus(otherPage, 'Your session is over. Please log in again.');

  await logIn(otherPage, ann.userName, ann.password);
  await seeSignedIn(otherPage, ann);
  await page.reload();
  await sessions.getByRole('button', { name: 'Sign out all others' }).click();
  await expect(sessions.getByRole('listitem')).toHaveCount(1);
  await expect(sessions.getByRole('button')).toHaveCount(0);
});

test('an access token that has run out is renewed without a word', async ({ page, ann, noise }) => {
  noise.expectStatus(401);
  await openOwnAccount(page, ann);
  const renewed = page.waitForResponse('**/session/refresh');
  await page.route('**/me', (route) => route.fulfill(UNAUTHENTICATED), { times: 1 });
  await part(page, 'Profile').getByLabel('Name').fill('Ann Jones');
  await part(page, 'Profile').getByRole('button', { name: 'Save' }).click();
  await renewed;
  await expect(part(page, 'Profile').getByRole('status')).toHaveText('Saved');
});

const UNAUTHENTICATED = {
  status: 401,
  contentType: 'application/problem+json',
  body: JSON.stringify({ type: 'urn:x', title: '', status: 401, code: 'unauthenticated', request_id: '' }),
};
