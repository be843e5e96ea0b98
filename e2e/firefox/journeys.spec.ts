import { linkIn, passwordIn } from '../support/letter.ts';
import { POLICY_BREACH } from '../support/noise.ts';
import { expect, test } from './fixtures.ts';
import { fill, follow, logIn, press, seeHeading, seeSignedIn, seeStatus } from './steps.ts';

const OWN_PASSWORD = 'a partridge in a pear tree';

test('Firefox: from the forgotten password to an own one', async ({ fox, rekey, mailbox, ann }) => {
  await fox.goto(rekey.url);
  await follow(fox, 'Forgot your password?');
  await seeStatus(fox, 'Hi! Insert your email!');
  await fill(fox, 'Email', ann.email);
  await press(fox, 'Send');
  await seeStatus(fox, 'Email Sent');

  // This browser asked, so no further click is wanted.
  await fox.goto(linkIn(await mailbox.letterTo(ann.email)));
  await seeStatus(fox, 'New password sent via mail');
  expect(new URL(fox.url()).hash).toBe('');
  const mailed = passwordIn(await mailbox.letterTo(ann.email));
  await press(fox, 'Back to login');
  await logIn(fox, ann.userName, mailed);

  await seeHeading(fox, 'Choose your own password');
  await fill(fox, 'New password', OWN_PASSWORD);
  await press(fox, 'Save and go on');
  await seeSignedIn(fox, ann);
  await press(fox, 'Sign out');
  await logIn(fox, ann.email, OWN_PASSWORD);
  await seeSignedIn(fox, ann);
  // The session is the cookie's.
  await fox.reload();
  await seeSignedIn(fox, ann);
});

test('Firefox: another browser than the one that asked wants a click', async ({ fox, rekey, mailbox, ann }) => {
  await rekey.requestResetElsewhere(ann.email);
  const link = linkIn(await mailbox.letterTo(ann.email));
  await fox.goto(link);
  await press(fox, 'Send me a new password');
  await seeStatus(fox, 'New password sent via mail');
  await mailbox.letterTo(ann.email);
});

test('Firefox: a wrong password is told, and the right one then opens', async ({ fox, rekey, ann, noise }) => {
  noise.expectStatus(401);
  await fox.goto(rekey.url);
  await logIn(fox, ann.userName, 'wrong');
  await seeStatus(fox, 'User or password is wrong.');
  await fill(fox, 'Password', ann.password);
  await press(fox, 'Login');
  await seeSignedIn(fox, ann);
});

test('Firefox: who has no account requests one', async ({ fox, rekey, mailbox }) => {
  await fox.goto(rekey.url);
  await follow(fox, 'Request your credential');
  await seeHeading(fox, 'Request your credential');
  await fill(fox, 'Name', 'Eva Rossi');
  await fill(fox, 'Email', 'eva.rossi@example.com');
  await fill(fox, 'Note (optional)', 'I started on Monday.');
  await press(fox, 'Send');
  await seeStatus(fox, 'Request sent');
  expect(mailbox.hasLetterTo('eva.rossi@example.com')).toBe(false);
});

test('Firefox: name and password are changed in the own account, and the other browser is out', async ({
  fox,
  otherFox,
  rekey,
  mailbox,
  ann,
  noise,
}) => {
  await otherFox.goto(rekey.url);
  await logIn(otherFox, ann.userName, ann.password);
  await seeSignedIn(otherFox, ann);
  // What lies behind is not drawn, and cannot be clicked.
  await fox.bringToFront();
  await fox.goto(rekey.url);
  await logIn(fox, ann.userName, ann.password);
  await seeSignedIn(fox, ann);
  await follow(fox, 'Your account');
  await seeHeading(fox, 'Your account');

  await fill(fox, 'Name', "Ann O'Neill", '#profile');
  await press(fox, 'Save', '#profile');
  await seeStatus(fox, 'Saved', '#profile');

  await fill(fox, 'Current password', ann.password, '#password-form');
  await fill(fox, 'New password', OWN_PASSWORD, '#password-form');
  await press(fox, 'Change password', '#password-form');
  await seeStatus(fox, 'Your new password is saved.', '#password-form');
  await mailbox.letterTo(ann.email);
  await expect
    .poll(() => fox.$$eval('.things > li', (sessions) => sessions.map((one) => one.textContent)))
    .toEqual([expect.stringMatching(/^Firefox on Linux.*This browser/)]);

  noise.expectStatus(401);
  await otherFox.bringToFront();
  await follow(otherFox, 'Your account');
  await seeStatus(otherFox, 'Your session is over. Please log in again.');
});

test('Firefox: a script that somebody smuggled into the page does not run', async ({ fox, rekey, noise }) => {
  noise.expectPolicyBreach();
  await fox.goto(rekey.url);
  await seeStatus(fox, 'Welcome');
  const ran = await fox.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'document.title = "smuggled"';
    document.head.append(script);
    return document.title === 'smuggled';
  });
  expect(ran).toBe(false);
  await expect.poll(() => noise.hasHeard(POLICY_BREACH)).toBe(true);
});

test('Firefox: from one program to the other and back, nobody is shown what is over', async ({ fox, rekey, ann }) => {
  const asked: string[] = [];
  fox.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const askedForOthers = () => asked.filter((path) => path.startsWith('/signed_in-')).length;
  await fox.goto(rekey.url);
  await seeStatus(fox, 'Welcome');
  expect(askedForOthers()).toBe(0);
  await fill(fox, 'User', ann.userName);
  await expect.poll(askedForOthers).toBe(3);
  await logIn(fox, ann.userName, ann.password);
  await seeSignedIn(fox, ann);
  await follow(fox, 'Your account');
  await seeHeading(fox, 'Your account');
  // To the other program and back, so that the browser remembers this page.
  await fox.goto(`${rekey.url}/forgotten-password`);
  await seeHeading(fox, 'Insert your email!');
  await fox.goBack();
  await seeHeading(fox, 'Your account');
  await press(fox, 'Sign out');
  await seeStatus(fox, 'Welcome');
  await fox.goBack();
  await seeStatus(fox, 'Welcome');
});
