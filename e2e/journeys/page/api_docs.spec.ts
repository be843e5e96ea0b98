import { expect, test } from '../../fixtures.ts';

test('the page of the API shows every part of it, and asks nobody but Rekey', async ({ page, rekey }) => {
  const asked = new Set<string>();
  page.on('request', (request) => asked.add(new URL(request.url()).origin));
  await page.goto('/docs');
  await expect(page).toHaveTitle("Rekey's API");
  await expect(page.getByRole('heading', { name: 'Rekey', exact: false, level: 1 })).toBeVisible();
  for (const part of ['Password reset', 'Login', 'Own account', 'Administration: accounts']) {
    await expect(page.getByRole('heading', { name: part })).toBeVisible();
  }
  await page.screenshot({ path: 'screenshots/api-docs.png', fullPage: true });
  expect([...asked]).toEqual([rekey.url]);
});

test('a login can be tried on the page of the API, and what it gives opens the rest', async ({ page, ann }) => {
  await page.goto('/docs');
  const login = page.locator('#operations-Login-log_in');
  await login.getByRole('button', { name: 'POST /login Log in' }).click();
  await login.getByRole('button', { name: 'Try it out' }).click();
  const body = { user: ann.userName, password: ann.password };
  await login.getByRole('textbox').fill(JSON.stringify(body));
  const answer = page.waitForResponse('**/login');
  await login.getByRole('button', { name: 'Execute' }).click();
  const { access_token: token } = (await (await answer).json()) as { access_token: string };
  await expect(login.locator('.live-responses-table').getByText('access_token')).toBeVisible();
  await page.screenshot({ path: 'screenshots/api-docs-login.png' });

  await page.getByRole('button', { name: 'Authorize' }).click();
  const dialog = page.locator('.auth-container').filter({ hasText: 'access_token' });
  await dialog.getByRole('textbox').fill(token);
  await dialog.getByRole('button', { name: 'Apply credentials' }).click();
  await page.getByRole('button', { name: 'Close' }).first().click();
  const me = page.locator('#operations-Own_account-get_me');
  await me.getByRole('button', { name: 'GET /me Who is logged in' }).click();
  await me.getByRole('button', { name: 'Try it out' }).click();
  await me.getByRole('button', { name: 'Execute' }).click();
  await expect(me.locator('.live-responses-table').getByText(ann.email)).toBeVisible();
});
