import type { Page } from '@playwright/test';
import { expect, test } from '../../fixtures.ts';
import { PAULA } from '../../steps/administration.ts';
import { seeHeading, seeStatus } from '../../steps/look.ts';
import { openLinkOf } from '../../steps/password_reset.ts';
import { passwordIn } from '../../support/letter.ts';

/** What is read on the way, in the languages that have no journey of their own (italian.spec.ts). */
const LANGUAGES = [
  {
    locale: 'de-AT',
    welcome: 'Willkommen',
    forgot: 'Passwort vergessen?',
    insertEmail: 'Geben Sie Ihre E-Mail-Adresse ein!',
    email: 'E-Mail',
    send: 'Senden',
    emailSent: 'E-Mail gesendet',
    linkSubject: 'Setzen Sie Ihr Passwort zurück',
    here: 'Hier',
    passwordSent: 'Neues Passwort per E-Mail gesendet',
    passwordSubject: 'Ihr neues Passwort',
    backToLogin: 'Zurück zur Anmeldung',
    user: 'Benutzer',
    password: 'Passwort',
    login: 'Anmelden',
    loginRefused: 'Benutzer oder Passwort ist falsch.',
    choose: 'Wählen Sie Ihr eigenes Passwort',
    newPassword: 'Neues Passwort',
    saveAndGoOn: 'Speichern und weiter',
    signOut: 'Abmelden',
    account: 'Ihr Konto',
    thisBrowser: 'Dieser Browser',
    home: 'Startseite',
    administration: 'Verwaltung',
    lists: ['Konten', 'Zugangsanträge', 'E-Mail-Ausgang', 'Protokoll'],
  },
  {
    locale: 'fr-CA',
    welcome: 'Bienvenue',
    forgot: 'Mot de passe oublié\u202f?',
    insertEmail: 'Saisissez votre adresse e-mail\u202f!',
    email: 'E-mail',
    send: 'Envoyer',
    emailSent: 'E-mail envoyé',
    linkSubject: 'réinitialisez votre mot de passe',
    here: 'Ici',
    passwordSent: 'Nouveau mot de passe envoyé par e-mail',
    passwordSubject: 'votre nouveau mot de passe',
    backToLogin: 'Retour à la connexion',
    user: 'Identifiant',
    password: 'Mot de passe',
    login: 'Se connecter',
    loginRefused: 'L’identifiant ou le mot de passe est incorrect.',
    choose: 'Choisissez votre propre mot de passe',
    newPassword: 'Nouveau mot de passe',
    saveAndGoOn: 'Enregistrer et continuer',
    signOut: 'Se déconnecter',
    account: 'Votre compte',
    thisBrowser: 'Ce navigateur',
    home: 'Accueil',
    administration: 'Administration',
    lists: ['Comptes', 'Demandes d’accès', 'Envoi des e-mails', 'Journal'],
  },
  {
    locale: 'es-419',
    welcome: 'Le damos la bienvenida',
    forgot: '¿Ha olvidado la contraseña?',
    insertEmail: '¡Introduzca su correo!',
    email: 'Correo electrónico',
    send: 'Enviar',
    emailSent: 'Correo enviado',
    linkSubject: 'restablezca su contraseña',
    here: 'Aquí',
    passwordSent: 'Nueva contraseña enviada por correo',
    passwordSubject: 'su nueva contraseña',
    backToLogin: 'Volver al inicio de sesión',
    user: 'Usuario',
    password: 'Contraseña',
    login: 'Iniciar sesión',
    loginRefused: 'El usuario o la contraseña no son correctos.',
    choose: 'Elija su propia contraseña',
    newPassword: 'Nueva contraseña',
    saveAndGoOn: 'Guardar y continuar',
    signOut: 'Cerrar sesión',
    account: 'Su cuenta',
    thisBrowser: 'Este navegador',
    home: 'Inicio',
    administration: 'Administración',
    lists: ['Cuentas', 'Solicitudes de acceso', 'Cola de correo', 'Registro de eventos'],
  },
] as const;

for (const says of LANGUAGES) {
  test.describe(`in a browser that speaks ${says.locale}`, () => {
    test.use({ locale: says.locale });

    test('the journey is in that language, letters included', async ({ page, context, mailbox, ann, noise }) => {
      await page.goto('/');
      await seeStatus(page, says.welcome);
      await expect(page.locator('html')).toHaveAttribute('lang', says.locale.slice(0, 2));
      await page.getByRole('link', { name: says.forgot }).click();
      await seeHeading(page, says.insertEmail);
      await page.getByLabel(says.email, { exact: true }).fill(ann.email);
      await page.getByRole('button', { name: says.send }).click();
      await seeStatus(page, says.emailSent);

      const linkLetter = await mailbox.letterTo(ann.email);
      expect(linkLetter.subject).toContain(says.linkSubject);
      const opened = await openLinkOf(linkLetter, context, says.here);
      await seeStatus(opened, says.passwordSent);

      const passwordLetter = await mailbox.letterTo(ann.email);
      expect(passwordLetter.subject).toContain(says.passwordSubject);
      await opened.getByRole('button', { name: says.backToLogin }).click();
      await opened.getByLabel(says.user, { exact: true }).fill(ann.userName);
      await opened.getByLabel(says.password, { exact: true }).fill('wrong');
      noise.expectStatus(401);
      await opened.getByRole('button', { name: says.login }).click();
      await seeStatus(opened, says.loginRefused);
      await opened.getByLabel(says.password, { exact: true }).fill(passwordIn(passwordLetter));
      await opened.getByRole('button', { name: says.login }).click();
      await seeHeading(opened, says.choose);
      await opened.getByLabel(says.newPassword, { exact: true }).fill('nine green bottles on a wall');
      await opened.getByRole('button', { name: says.saveAndGoOn }).click();
      await expect(opened.getByRole('button', { name: says.signOut })).toBeVisible();
    });

    test('the own account and the administration are in that language', async ({ page, rekey }) => {
      await rekey.addAccount(PAULA, '--role', 'admin', '--locale', says.locale.slice(0, 2));
      await page.goto('/');
      await page.getByLabel(says.user, { exact: true }).fill(PAULA.userName);
      await page.getByLabel(says.password, { exact: true }).fill(PAULA.password);
      await page.getByRole('button', { name: says.login }).click();
      await page.getByRole('link', { name: says.account }).click();
      await seeHeading(page, says.account);
      await expect(page.getByText(says.thisBrowser, { exact: true })).toBeVisible();
      await page.getByRole('link', { name: says.home, exact: true }).click();
      await page.getByRole('link', { name: says.administration }).click();
      for (const list of says.lists) {
        await page.getByRole('navigation').getByRole('link', { name: list }).click();
        await seeHeading(page, list);
      }
    });
  });
}

test.describe('in a browser whose languages Rekey does not speak', () => {
  test.use({ locale: 'nl-NL' });

  test('the page is in English', async ({ page }) => {
    await page.goto('/');
    await seeStatus(page, 'Welcome');
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  });
});

test('the language can be chosen, at once and to stay', async ({ page }) => {
  await page.goto('/');
  await seeStatus(page, 'Welcome');
  expect(await ownNames(page)).toEqual(['English', 'Italiano', 'Deutsch', 'Français', 'Español']);
  await page.getByLabel('User', { exact: true }).fill('ann');
  await page.getByRole('button', { name: 'Italiano' }).click();
  await seeStatus(page, 'Ti diamo il benvenuto');
  await expect(page.getByLabel('Utente', { exact: true })).toHaveValue('ann');
  await page.reload();
  await seeStatus(page, 'Ti diamo il benvenuto');
  await expect(page.locator('html')).toHaveAttribute('lang', 'it');
});

async function ownNames(page: Page): Promise<string[]> {
  return page.getByRole('group', { name: 'Language' }).getByRole('button').allInnerTexts();
}
