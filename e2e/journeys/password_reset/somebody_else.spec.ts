import { expect, test } from '../../fixtures.ts';
import { choosePassword, seeSignedIn } from '../../steps/account.ts';
import { logIn, openLoginPage, seeLoginPage } from '../../steps/login.ts';
import { confirmReset } from '../../steps/password_reset.ts';
import { linkIn, passwordIn } from '../../support/letter.ts';
import type { Account } from '../../support/rekey.ts';

const BOB: Account = {
  userName: 'bob',
  email: 'bob.jones@example.com',
  name: 'Bob Jones',
  password: 'ten lords are leaping about',
};

test('a link that is opened where somebody else is logged in is for its own account, and leads to the login', async ({
  page,
  context,
  otherPage,
  rekey,
  mailbox,
  ann,
}) => {
  await rekey.addAccount(BOB);
  await openLoginPage(page);
  await logIn(page, BOB.userName, BOB.password);
  await seeSignedIn(page, BOB);

  await rekey.requestResetElsewhere(ann.email);
  await page.goto(linkIn(await mailbox.letterTo(ann.email)));
  await confirmReset(page);
  const mailed = passwordIn(await mailbox.letterTo(ann.email));

  await test.step('Bob has lost nothing', async () => {
    const ofBob = await context.newPage();
    await ofBob.goto('/');
    await seeSignedIn(ofBob, BOB);
    await openLoginPage(otherPage);
    await logIn(otherPage, BOB.userName, BOB.password);
    await seeSignedIn(otherPage, BOB);
    expect(mailbox.hasLetterTo(BOB.email)).toBe(false);
  });

  await test.step('Ann can type her new password', async () => {
    await page.getByRole('button', { name: 'Back to login' }).click();
    await seeLoginPage(page);
    await logIn(page, ann.userName, mailed);
    await choosePassword(page, 'a partridge in a pear tree');
    await seeSignedIn(page, ann);
  });

  await test.step('Bob is still logged in elsewhere', async () => {
    await otherPage.reload();
    await seeSignedIn(otherPage, BOB);
  });
});
