import type { Page } from '@playwright/test';
import { expect, test } from '../../fixtures.ts';
import { PAULA } from '../../steps/administration.ts';
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

  test('the own account, the request for one and the administration are in Italian', async ({ page, rekey, ann }) => {
    await page.goto('/request-credential');
    await seeHeading(page, 'Richiedi le tue credenziali');
    await page.getByLabel('Nome', { exact: true }).fill('Eva Rossi');
    await page.getByLabel('Email', { exact: true }).fill('eva.rossi@example.com');
    await seeNoEnglish(page);
    await page.getByRole('button', { name: 'Invia' }).click();
    await seeStatus(page, 'Richiesta inviata');

    await page.goto('/confirm-email#AAAAAAAAAAAAAAAAAAAAAAAA');
    await expect(page.getByRole('button', { name: 'Usa questo indirizzo' })).toBeVisible();
    await seeNoEnglish(page);

    await rekey.addAccount(PAULA, '--role', 'admin', '--locale', 'it');
    await page.goto('/');
    await page.getByLabel('Utente', { exact: true }).fill(PAULA.userName);
    await page.getByLabel('Password', { exact: true }).fill(PAULA.password);
    await page.getByRole('button', { name: 'Accedi' }).click();
    await page.getByRole('link', { name: 'Il tuo account' }).click();
    await seeHeading(page, 'Il tuo account');
    await expect(page.getByText('Questo browser', { exact: true })).toBeVisible();
    await seeNoEnglish(page);
    await page.getByRole('link', { name: 'Pagina iniziale' }).click();
    await page.getByRole('link', { name: 'Amministrazione' }).click();
    await page.getByRole('button', { name: 'Aggiungi account' }).click();
    await seeNoEnglish(page);
    await page.getByRole('link', { name: ann.userName, exact: true }).click();
    await seeHeading(page, ann.userName);
    await expect(page.getByRole('region', { name: 'Modifica' })).toBeVisible();
    await seeNoEnglish(page);
    await page.getByRole('link', { name: 'Richieste di credenziali' }).click();
    await expect(page.getByRole('region', { name: 'Eva Rossi' })).toBeVisible();
    await seeNoEnglish(page);
    await page.getByRole('link', { name: 'Coda delle email' }).click();
    await expect(page.getByText('Nessuna email in attesa.')).toBeVisible();
    await seeNoEnglish(page);
    await page.getByRole('link', { name: 'Registro degli eventi' }).click();
    await expect(page.getByRole('cell', { name: 'Credenziali richieste' })).toBeVisible();
    await seeNoEnglish(page);
  });
});

/** Looks for words that every English sentence has, names and the texts of the server apart. */
async function seeNoEnglish(page: Page): Promise<void> {
  const said = await page.getByRole('main').innerText();
  expect(said).not.toMatch(/\b(the|your|you|is|are|of|with|and|account added|logged in|save|search|show|send)\b/i);
}
