import { expect, test } from '../../fixtures.ts';
import { seeHeading, seeStatus } from '../../steps/look.ts';
import { openLinkOf } from '../../steps/password_reset.ts';
import { linkIn, passwordIn } from '../../support/letter.ts';

test.describe('in a browser that speaks Italian', () => {
  test.use({ locale: 'it-IT' });

  test('the whole journey is in Italian, letters included', async ({ page, context, mailbox, ann, noise }) => {
    await page.goto('/');
    await seeStatus(page, 'Ti diamo il benvenuto');
    await expect(page.locator('html')).toHaveAttribute('lang', 'it');
    await page.getByRole('link', { name: 'Hai dimenticato la password?' }).click();
    await seeHeading(page, 'Inserisci la tua email!');
    await page.getByLabel('Email', { exact: true }).fill(ann.email);
    await page.getByRole('button', { name: 'Invia' }).click();
    await seeStatus(page, 'Email inviata');

    const linkLetter = await mailbox.letterTo(ann.email);
    expect(linkLetter.html).toContain(linkIn(linkLetter));
    expect(linkLetter.html).toMatch(/<html[^>]* lang="it"/);
    for (const part of [linkLetter.text, linkLetter.html, linkLetter.subject]) {
      expect(part).not.toMatch(/\b(your|password reset|the)\b/i);
    }
    const opened = await openLinkOf(linkLetter, context, 'Qui');
    await seeStatus(opened, 'Nuova password inviata via email');

    const passwordLetter = await mailbox.letterTo(ann.email);
    expect(passwordLetter.text).not.toMatch(/\b(your|the)\b/i);
    await opened.getByRole('button', { name: "Torna all'accesso" }).click();
    await opened.getByLabel('Utente', { exact: true }).fill(ann.userName);
    await opened.getByLabel('Password', { exact: true }).fill('sbagliata');
    noise.expectStatus(401);
    await opened.getByRole('button', { name: 'Accedi' }).click();
    await seeStatus(opened, "L'utente o la password non sono corretti.");
    await opened.getByLabel('Password', { exact: true }).fill(passwordIn(passwordLetter));
    await opened.getByRole('button', { name: 'Accedi' }).click();
    await seeHeading(opened, 'Scegli la tua password');
    await opened.getByLabel('Nuova password', { exact: true }).fill('nel mezzo del cammin di nostra vita');
    await opened.getByRole('button', { name: 'Salva e continua' }).click();
    await expect(opened.getByRole('button', { name: 'Esci' })).toBeVisible();
  });
});

test('the language can be chosen, at once and to stay', async ({ page }) => {
  await page.goto('/');
  await seeStatus(page, 'Welcome');
  await page.getByLabel('User', { exact: true }).fill('ann');
  await page.getByRole('button', { name: 'Italiano' }).click();
  await seeStatus(page, 'Ti diamo il benvenuto');
  await expect(page.getByLabel('Utente', { exact: true })).toHaveValue('ann');
  await page.reload();
  await seeStatus(page, 'Ti diamo il benvenuto');
  await expect(page.locator('html')).toHaveAttribute('lang', 'it');
});
