import { expect, test } from '../fixtures.ts';
import { seeSignedIn, signOut } from '../steps/account.ts';
import { logIn, openLoginPage, seeLoginPage, seeLoginRefused } from '../steps/login.ts';
import { seeStatus } from '../steps/look.ts';

test('the login page has the words of the original', async ({ page }) => {
  await openLoginPage(page);
  await expect(page.getByRole('main')).toMatchAriaSnapshot(`
    - main:
      - heading "Login" [level=1]
      - status: Welcome
      - text: User
      - textbox "User"
      - text: Password
      - textbox "Password"
      - button "Login"
      - link "Forgot your password?":
        - /url: /forgotten-password
      - link "Request your credential":
        - /url: /request-credential
  `);
  await expect(page).toHaveTitle('Login · Rekey');
});

test('the login page tells password managers what its fields are', async ({ page }) => {
  await openLoginPage(page);
  await expect(page.getByLabel('User', { exact: true })).toHaveAttribute('autocomplete', 'username');
  await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute('autocomplete', 'current-password');
  await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute('type', 'password');
});

for (const way of ['userName', 'email'] as const) {
  test(`with ${way === 'email' ? 'email' : 'user name'} and password a person is signed in and stays so over a reload`, async ({
    page,
    ann,
  }) => {
    await openLoginPage(page);
    await logIn(page, ann[way], ann.password);
    await seeSignedIn(page, ann);
    await page.reload();
    await seeSignedIn(page, ann);
  });
}

test('a signed-in person who opens the login page again is led on', async ({ page, ann }) => {
  await openLoginPage(page);
  await logIn(page, ann.userName, ann.password);
  await seeSignedIn(page, ann);
  await page.goto('/');
  await seeSignedIn(page, ann);
});

test('a wrong password keeps the user name and puts the cursor where the person goes on', async ({
  page,
  ann,
  noise,
}) => {
  noise.expectStatus(401);
  await openLoginPage(page);
  await logIn(page, ann.userName, 'three blind mice, see how they run');
  await seeLoginRefused(page);
  await expect(page.getByLabel('User', { exact: true })).toHaveValue(ann.userName);
  await expect(page.getByLabel('Password', { exact: true })).toBeFocused();

  // The status line said so once; a second time is news again, and the right password goes through.
  await page.getByLabel('Password', { exact: true }).press('Enter');
  await seeLoginRefused(page);
  await page.getByLabel('Password', { exact: true }).fill(ann.password);
  await page.keyboard.press('Enter');
  await seeSignedIn(page, ann);
});

test('an unknown user sees exactly what a wrong password shows', async ({ page, ann, noise }) => {
  noise.expectStatus(401);
  const seen: string[] = [];
  for (const user of [ann.userName, 'nobody']) {
    await openLoginPage(page);
    await logIn(page, user, 'three blind mice, see how they run');
    await seeLoginRefused(page);
    await expect(page.getByLabel('Password', { exact: true })).toBeFocused();
    seen.push((await page.locator('body').ariaSnapshot()).replace(`: ${user}\n`, ': USER\n'));
  }
  expect(seen[1]).toBe(seen[0]);
});

test('empty fields are told apart, and nothing is sent', async ({ page, ann }) => {
  await openLoginPage(page);
  const posts: string[] = [];
  page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
  await page.getByRole('button', { name: 'Login' }).click();
  const user = page.getByLabel('User', { exact: true });
  await expect(user).toBeFocused();
  await expect(user).toHaveAccessibleDescription('Type your user name or email.');
  await expect(user).toHaveAttribute('aria-invalid', 'true');
  await user.fill(ann.userName);
  await page.keyboard.press('Enter');
  const password = page.getByLabel('Password', { exact: true });
  await expect(password).toBeFocused();
  await expect(password).toHaveAccessibleDescription('Type your password.');
  await expect(user).not.toHaveAttribute('aria-invalid');
  expect(posts).toEqual([]);
});

test('after six wrong passwords the page says to wait, and for how long', async ({ page, ann, noise }) => {
  noise.expectStatus(401);
  noise.expectStatus(429);
  await openLoginPage(page);
  await page.getByLabel('User', { exact: true }).fill(ann.userName);
  await page.getByLabel('Password', { exact: true }).fill('three blind mice, see how they run');
  const statuses: number[] = [];
  while (statuses.at(-1) !== 429 && statuses.length < 12) {
    const answer = page.waitForResponse('**/login');
    await page.getByRole('button', { name: 'Login' }).click();
    statuses.push((await answer).status());
    await expect(page.getByRole('button', { name: 'Login' })).toBeEnabled();
  }
  await seeStatus(page, /^Too many failed logins\. Try again in \d+ seconds?\.$/);
  expect(statuses.slice(0, 5)).toEqual([401, 401, 401, 401, 401]);
});

test('who signed out is out, also after a reload and by the Back button', async ({ page, ann }) => {
  await openLoginPage(page);
  await logIn(page, ann.userName, ann.password);
  await seeSignedIn(page, ann);
  await signOut(page);
  await page.reload();
  await seeLoginPage(page);
  await page.goto('/home');
  await expect(page.getByRole('button', { name: 'Login' })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('button', { name: 'Login' })).toBeVisible();
});
