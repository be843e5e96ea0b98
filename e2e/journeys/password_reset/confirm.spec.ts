import { expect, test } from '../../fixtures.ts';
import { seeSignedIn } from '../../steps/account.ts';
import { logIn, openLoginPage } from '../../steps/login.ts';
import { seeHeading } from '../../steps/look.ts';
import {
  askForReset,
  confirmReset,
  openLinkOf,
  seeConfirmButton,
  seeNewPasswordSent,
} from '../../steps/password_reset.ts';
import { linkIn, passwordIn } from '../../support/letter.ts';

test('in another browser loading the link changes nothing, however long it stays open, and one click confirms', async ({
  page,
  otherPage,
  mailbox,
  ann,
}) => {
  await askForReset(page, ann.email);
  const letter = await mailbox.letterTo(ann.email);
  const posts: string[] = [];
  otherPage.on('request', (request) => request.method() !== 'GET' && posts.push(request.url()));

  // As a mail scanner does: with a real browser, waiting for what the page does, and twice.
  await otherPage.goto(linkIn(letter), { waitUntil: 'networkidle' });
  await seeConfirmButton(otherPage);
  await otherPage.reload({ waitUntil: 'networkidle' });
  await seeConfirmButton(otherPage);
  await otherPage.mouse.move(200, 200);
  await otherPage.mouse.wheel(0, 400);
  // A timer in the page would have gone off in these seconds, by the browser's own clock.
  const openedAt = await otherPage.evaluate(() => performance.now());
  await otherPage.waitForFunction((since) => performance.now() - since > 3_000, openedAt);
  expect(posts).toEqual([]);

  await openLoginPage(page);
  await logIn(page, ann.userName, ann.password);
  await seeSignedIn(page, ann);

  await confirmReset(otherPage);
  expect(posts).toHaveLength(1);
  passwordIn(await mailbox.letterTo(ann.email));
});

test('two impatient clicks are one confirmation', async ({ page, otherPage, mailbox, ann }) => {
  await askForReset(page, ann.email);
  const posts: string[] = [];
  otherPage.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
  await otherPage.goto(linkIn(await mailbox.letterTo(ann.email)));
  await otherPage.getByRole('button', { name: 'Send me a new password' }).dblclick();
  await seeNewPasswordSent(otherPage);
  expect(posts).toHaveLength(1);
});

test('a confirmation takes the sign away that this browser asked, so the next link wants a click', async ({
  page,
  context,
  otherPage,
  mailbox,
  ann,
}) => {
  await askForReset(page, ann.email);
  await seeNewPasswordSent(await openLinkOf(await mailbox.letterTo(ann.email), context));
  await mailbox.letterTo(ann.email);

  await askForReset(otherPage, ann.email);
  const asked = await openLinkOf(await mailbox.letterTo(ann.email), context);
  await seeConfirmButton(asked);
  await confirmReset(asked);
});

test('the sign that this browser asked is good for as long as the link, and no longer', async ({
  page,
  context,
  mailbox,
  ann,
}) => {
  await askForReset(page, ann.email);
  const letter = await mailbox.letterTo(ann.email);
  const opened = await openLinkOf(letter, context, 'Here', (later) =>
    later.clock.setSystemTime(Date.now() + 61 * 60 * 1000),
  );
  await seeConfirmButton(opened);
});

for (const unseen of ['hidden', 'prerendering'] as const) {
  test(`a page that is ${unseen} waits, even in the browser that asked, and confirms when it is seen`, async ({
    page,
    context,
    mailbox,
    ann,
  }) => {
    await askForReset(page, ann.email);
    const letter = await mailbox.letterTo(ann.email);
    const posts: string[] = [];
    const opened = await openLinkOf(letter, context, 'Here', async (later) => {
      later.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
      await later.addInitScript(pretendUnseen, unseen);
    });
    await seeHeading(opened, 'Reset your password');
    await opened.waitForLoadState('networkidle');
    expect(posts).toEqual([]);

    await opened.evaluate(() => dispatchEvent(new Event('look')));
    await seeNewPasswordSent(opened);
    expect(posts).toHaveLength(1);
  });
}

test('the letter with the new password says when it was reset and what to do if it was somebody else', async ({
  page,
  context,
  mailbox,
  ann,
}) => {
  await askForReset(page, ann.email);
  await openLinkOf(await mailbox.letterTo(ann.email), context);
  const letter = await mailbox.letterTo(ann.email);
  expect(letter.text).toContain(ann.userName);
  expect(letter.text).toMatch(new RegExp(`\\b${new Date().getUTCFullYear()}\\b`));
  expect(letter.text).toMatch(/not you|did not|didn't/i);
  expect(letter.html).toContain(passwordIn(letter));
  expect(letter.subject).not.toContain(passwordIn(letter));
});

/** Makes the page believe that nobody sees it until the event "look": a headless browser takes every page for seen. */
function pretendUnseen(how: 'hidden' | 'prerendering'): void {
  let seen = false;
  const pretend = (name: string, unseen: unknown, afterwards: unknown) =>
    Object.defineProperty(document, name, { get: () => (seen ? afterwards : unseen) });
  if (how === 'hidden') pretend('visibilityState', 'hidden', 'visible');
  pretend(how, true, false);
  addEventListener('look', () => {
    seen = true;
    document.dispatchEvent(new Event(how === 'hidden' ? 'visibilitychange' : 'prerenderingchange'));
  });
}
