import { expect, test } from '../../fixtures.ts';
import { seeSignedIn } from '../../steps/account.ts';
import { logIn, openLoginPage } from '../../steps/login.ts';
import { seeHeading, seeStatus } from '../../steps/look.ts';
import { askForReset, LINK_IS_USED, openLinkOf, seeNewPasswordSent } from '../../steps/password_reset.ts';
import { gate } from '../../support/gate.ts';
import { passwordIn } from '../../support/letter.ts';

const NO_ANSWER = 'There is no answer from the server. Check your connection and try again.';

test('without a connection the form keeps what was typed, and sends it when asked again', async ({
  page,
  context,
  mailbox,
  ann,
  noise,
}) => {
  noise.expectNoConnection();
  await page.goto('/forgotten-password');
  await page.getByLabel('Email', { exact: true }).fill(ann.email);
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Send' }).click();
  await seeStatus(page, NO_ANSWER);
  await expect(page.getByLabel('Email', { exact: true })).toHaveValue(ann.email);

  await context.setOffline(false);
  await page.getByRole('button', { name: 'Send' }).click();
  await seeStatus(page, 'Email Sent');
  await mailbox.letterTo(ann.email);
});

test('a login without a connection can be tried again as it stands', async ({ page, context, ann, noise }) => {
  noise.expectNoConnection();
  await openLoginPage(page);
  await context.setOffline(true);
  await logIn(page, ann.userName, ann.password);
  await seeStatus(page, NO_ANSWER);
  await context.setOffline(false);
  await page.getByRole('button', { name: 'Login' }).click();
  await seeSignedIn(page, ann);
});

test('a confirmation without a connection offers to try again, and the link is not lost', async ({
  page,
  context,
  mailbox,
  ann,
  noise,
}) => {
  noise.expectNoConnection();
  await askForReset(page, ann.email);
  const opened = await openLinkOf(await mailbox.letterTo(ann.email), context, 'Here', (later) =>
    later.route('**/password-reset/confirm', (route) => route.abort('internetdisconnected'), { times: 1 }),
  );
  await seeStatus(opened, NO_ANSWER);
  await opened.getByRole('button', { name: 'Try again' }).click();
  await seeNewPasswordSent(opened);
});

test('a confirmation that was carried out, but whose answer never comes, ends at the used link', async ({
  page,
  context,
  mailbox,
  ann,
  noise,
}) => {
  noise.expectStatus(410);
  await askForReset(page, ann.email);
  const opened = await openLinkOf(await mailbox.letterTo(ann.email), context, 'Here', (later) =>
    later.route('**/password-reset/confirm', async (route) => void (await route.fetch()), { times: 1 }),
  );
  passwordIn(await mailbox.letterTo(ann.email));
  await seeStatus(opened, 'Sending you a new password…');
  // By the browser's own clock, which no test can move for it.
  await expect(opened.getByRole('status')).toHaveText(NO_ANSWER, { timeout: 20_000 });
  await opened.getByRole('button', { name: 'Try again' }).click();
  await seeStatus(opened, LINK_IS_USED);
});

test('while an answer is awaited the page says so, and a second click sends nothing', async ({ page, ann }) => {
  await page.goto('/forgotten-password');
  const answer = gate();
  const posts: string[] = [];
  await page.route('**/password-reset/request', async (route) => {
    posts.push(route.request().url());
    await answer.opened;
    await route.continue();
  });
  await page.getByLabel('Email', { exact: true }).fill(ann.email);
  await page.getByRole('button', { name: 'Send' }).click();
  await seeStatus(page, 'Sending…');
  await page.getByLabel('Email', { exact: true }).press('Enter');
  answer.open();
  await seeStatus(page, 'Email Sent');
  expect(posts).toHaveLength(1);
});

test('before the program has come a card is drawn, and then the page takes its place', async ({ page }) => {
  const arrival = gate();
  await page.route('**/*.wasm', async (route) => {
    await arrival.opened;
    await route.continue();
  });
  await page.goto('/forgotten-password', { waitUntil: 'commit' });
  const card = page.getByRole('main');
  await expect(card).toBeVisible();
  await expect(card).toHaveAttribute('aria-busy', 'true');
  await expect(page.getByLabel('Email')).toHaveCount(0);
  await expect.poll(() => page.evaluate(() => performance.getEntriesByName('first-contentful-paint').length)).toBe(1);
  await page.screenshot({ path: 'screenshots/skeleton-light-1280.png' });
  const drawn = await card.boundingBox();

  arrival.open();
  await seeHeading(page, 'Insert your email!');
  await expect(card).toHaveCount(1);
  // The card stays where it was: what a person was about to read does not jump.
  const there = await card.boundingBox();
  expect(there?.x).toBe(drawn?.x);
  expect(there?.width).toBe(drawn?.width);
});
