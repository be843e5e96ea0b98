import { expect, test } from '../../fixtures.ts';
import { seeLoginPage } from '../../steps/login.ts';
import { seeHeading, seeStatus } from '../../steps/look.ts';
import { askForReset } from '../../steps/password_reset.ts';

test('an unknown address sees exactly what a known one sees, and gets no mail', async ({ page, mailbox, ann }) => {
  const stranger = 'nobody@example.com';
  const seen: string[] = [];
  const answers: unknown[] = [];
  // The stranger first: when the letter to Ann is there, one to the stranger would be, too.
  for (const email of [stranger, ann.email]) {
    const answer = page.waitForResponse('**/password-reset/request');
    await askForReset(page, email);
    seen.push((await page.locator('body').ariaSnapshot()).replaceAll(email, 'EMAIL'));
    const response = await answer;
    answers.push([response.status(), await response.text(), Object.keys(response.headers()).sort()]);
  }
  expect(seen[1]).toBe(seen[0]);
  expect(answers[1]).toEqual(answers[0]);
  await mailbox.letterTo(ann.email);
  expect(mailbox.hasLetterTo(stranger)).toBe(false);
});

test('after "Email Sent" the page says what comes, and the form stays to send again', async ({
  page,
  mailbox,
  ann,
}) => {
  await askForReset(page, ann.email);
  const main = page.getByRole('main');
  await expect(main).toContainText('If the address belongs to an account, the mail comes within a minute.');
  await expect(main).toContainText('spam');
  await expect(main).toContainText('At most 5 mails an hour are sent.');
  await expect(main).toContainText('The Email MUST be linked to an account.');
  await expect(page.getByLabel('Email', { exact: true })).toHaveValue(ann.email);
  await mailbox.letterTo(ann.email);

  await page.getByRole('button', { name: 'Send' }).click();
  await mailbox.letterTo(ann.email);
  await seeStatus(page, 'Email Sent');
});

test('two impatient clicks are one request', async ({ page, ann }) => {
  await page.goto('/forgotten-password');
  const posts: string[] = [];
  page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
  await page.getByLabel('Email', { exact: true }).fill(ann.email);
  await page.getByRole('button', { name: 'Send' }).dblclick();
  await seeStatus(page, 'Email Sent');
  expect(posts).toHaveLength(1);
});

test('what is no address is told before anything is sent', async ({ page, mailbox, ann }) => {
  await page.goto('/forgotten-password');
  const posts: string[] = [];
  page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
  const email = page.getByLabel('Email', { exact: true });
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(email).toHaveAccessibleDescription(/^Type your email address\./);
  await expect(email).toBeFocused();
  await email.fill('ann');
  await page.keyboard.press('Enter');
  await expect(email).toHaveAccessibleDescription(/^This is not an email address, such as name@example\.com\./);
  await expect(email).toHaveValue('ann');
  await expect(email).toBeFocused();
  expect(posts).toEqual([]);

  // White space round it, and other capitals, are no mistake.
  await email.fill(`  ${ann.email.toUpperCase()} `);
  await page.keyboard.press('Enter');
  await seeStatus(page, 'Email Sent');
  await mailbox.letterTo(ann.email);
});

test('"Back to login" leads back, and so does the Back button', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await page.getByRole('button', { name: 'Back to login' }).click();
  await seeLoginPage(page);
  await page.goBack();
  await seeHeading(page, 'Insert your email!');
  await page.goForward();
  await seeLoginPage(page);
});

test('with the mail server down the page still says "Email Sent", and the mail comes when it is back', async ({
  page,
  mailbox,
  ann,
}) => {
  await mailbox.shut();
  await askForReset(page, ann.email);
  await expect(page.getByRole('main')).not.toContainText(/error|wrong|fail/i);
  await mailbox.open();
  await mailbox.letterTo(ann.email);
});
