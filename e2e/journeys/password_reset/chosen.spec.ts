import { expect, test } from '../../fixtures.ts';
import { seeStatus } from '../../steps/look.ts';
import { logIn, seeLoginRefused } from '../../steps/login.ts';
import { askForReset, openLinkOf, seeLinkRefused } from '../../steps/password_reset.ts';
import { seeSignedIn } from '../../steps/account.ts';

test.use({ settings: { REKEY_RESET_STYLE: 'chosen' } });

test('with the style "chosen" the page of the link asks for the new password', async ({
  page,
  ann,
  mailbox,
  noise,
}) => {
  await askForReset(page, ann.email);
  const letter = await mailbox.letterTo(ann.email);
  const reset = await openLinkOf(letter, page.context());
  await seeStatus(reset, 'Choose a new password. The old one stops working.');

  const field = reset.getByLabel('New password', { exact: true });
  await expect(field).toHaveAttribute('autocomplete', 'new-password');
  await field.fill('too short');
  await reset.getByRole('button', { name: 'Save password' }).click();
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(field).toBeFocused();

  const chosen = 'seven brass bells in the rain';
  await field.fill(chosen);
  await reset.getByRole('button', { name: 'Save password' }).click();
  await seeStatus(reset, 'Your new password is set');
  expect((await mailbox.letterTo(ann.email)).subject).toContain('your password was changed');

  const again = await openLinkOf(letter, page.context());
  noise.expectStatus(410);
  await again.getByLabel('New password', { exact: true }).fill('another seven brass bells');
  await again.getByRole('button', { name: 'Save password' }).click();
  await seeLinkRefused(
    again,
    'You can use a reset link only once. If you just used it, log in with the password that you chose.',
  );

  await reset.getByRole('button', { name: 'Back to login' }).click();
  noise.expectStatus(401);
  await logIn(reset, ann.userName, ann.password);
  await seeLoginRefused(reset);
  await logIn(reset, ann.userName, chosen);
  await seeSignedIn(reset, ann);
});

test('with the style "chosen" what the server alone knows is told beside the field, and the link still works', async ({
  page,
  ann,
  mailbox,
  noise,
}) => {
  noise.expectStatus(422);
  await askForReset(page, ann.email);
  const reset = await openLinkOf(await mailbox.letterTo(ann.email), page.context());
  const field = reset.getByLabel('New password', { exact: true });
  await field.fill(ann.email);
  await reset.getByRole('button', { name: 'Save password' }).click();
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(field).toHaveValue(ann.email);
  await field.fill('seven brass bells in the rain');
  await reset.getByRole('button', { name: 'Save password' }).click();
  await seeStatus(reset, 'Your new password is set');
});
