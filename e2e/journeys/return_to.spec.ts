import type { Page } from '@playwright/test';
import { expect, test as base } from '../fixtures.ts';
import { choosePassword, seeSignedIn, signOut } from '../steps/account.ts';
import { dropCookies, logIn, seeLoginNotKept, seeLoginPage } from '../steps/login.ts';
import { seeStatus } from '../steps/look.ts';
import { openLinkOf, seeNewPasswordSent } from '../steps/password_reset.ts';
import { passwordIn } from '../support/letter.ts';
import { freePort } from '../support/port.ts';
import { Tool } from '../support/tool.ts';

const PAGE = '/wiki/page?a=1&b=x%20y';
const OWN_PASSWORD = 'a partridge in a pear tree';

// Below a domain of two labels: for all of `localhost` browsers keep no cookie.
const test = base.extend<{ tool: Tool }>({
  tool: async ({ rekey }, use, testInfo) => {
    const port = () => freePort(testInfo.parallelIndex);
    const ports = { rekey: rekey.port, tool: await port(), proxy: await port() };
    const tool = new Tool(testInfo.outputPath('tool'), ports, 'tool.example.localhost');
    await tool.start();
    await use(tool);
    await tool.stop();
  },
});

test.use({
  host: 'rekey.example.localhost',
  settings: { REKEY_COOKIE_DOMAIN: 'example.localhost', REKEY_TRUSTED_PROXIES: '127.0.0.1' },
});

async function seeTool(page: Page, tool: Tool, name: string): Promise<void> {
  await expect(page).toHaveURL(tool.url + PAGE);
  await expect(page.getByRole('heading')).toHaveText(name);
  await expect(page.getByRole('paragraph')).toHaveText(PAGE);
}

test('who opens a tool logs in and is on the very page that they asked for', async ({ page, tool, ann, rekey }) => {
  await page.goto(tool.url + PAGE);
  await seeLoginPage(page);
  expect(new URL(page.url()).origin).toBe(rekey.url);
  await logIn(page, ann.userName, ann.password);
  await seeTool(page, tool, ann.name);

  await test.step('the Back button does not lead to a login that leads here again', async () => {
    await page.goBack();
    await expect(page).toHaveURL('about:blank');
    await page.goto(tool.url + PAGE);
    await seeTool(page, tool, ann.name);
  });

  await test.step('after logging out the tool asks for a login again, and a reload of the login forgets nothing', async () => {
    await page.goto('/home');
    await signOut(page);
    await page.goto(tool.url + PAGE);
    await seeLoginPage(page);
    await page.reload();
    await seeLoginPage(page);
    await logIn(page, ann.userName, ann.password);
    await seeTool(page, tool, ann.name);
  });
});

test('who comes back from a tool because no cookie was kept is told so', async ({ page, tool, ann }) => {
  await dropCookies(page);
  await page.goto(tool.url + PAGE);
  await logIn(page, ann.userName, ann.password);
  await seeLoginNotKept(page);
  await page.unroute('**/login');
  await logIn(page, ann.userName, ann.password);
  await seeTool(page, tool, ann.name);
});

test('who is logged in at Rekey, but without the cookie for tools, is led on without a word', async ({
  page,
  context,
  tool,
  ann,
}) => {
  await page.goto('/');
  await logIn(page, ann.userName, ann.password);
  await seeSignedIn(page, ann);
  await context.clearCookies({ name: 'rekey_tools' });
  await page.goto(tool.url + PAGE);
  await seeTool(page, tool, ann.name);
});

test('who forgot their password is on the page that they asked for in the end, in another tab', async ({
  page,
  context,
  tool,
  ann,
  mailbox,
}) => {
  await page.goto(tool.url + PAGE);
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await page.getByLabel('Email', { exact: true }).fill(ann.email);
  await page.getByRole('button', { name: 'Send' }).click();
  await seeStatus(page, 'Email Sent');
  const resetPage = await openLinkOf(await mailbox.letterTo(ann.email), context);
  await seeNewPasswordSent(resetPage);
  const mailed = passwordIn(await mailbox.letterTo(ann.email));
  await resetPage.getByRole('button', { name: 'Back to login' }).click();
  await seeLoginPage(resetPage);
  await logIn(resetPage, ann.userName, mailed);
  await choosePassword(resetPage, OWN_PASSWORD);
  await seeTool(resetPage, tool, ann.name);
});

test('a tool that lets nobody in does not send people to and fro for ever', async ({
  page,
  context,
  tool,
  ann,
  rekey,
}) => {
  let visits = 0;
  // As if the browser kept the cookie from this tool.
  await context.route(`${tool.url}/**`, async (route) => {
    visits++;
    const location = `${rekey.url}/?return_to=${encodeURIComponent(tool.url + PAGE)}`;
    await route.fulfill({ status: 302, headers: { location } });
  });
  await page.goto(`/?return_to=${encodeURIComponent(tool.url + PAGE)}`);
  await logIn(page, ann.userName, ann.password);
  await seeStatus(page, 'You are logged in, but the page that you came from did not let you in.');
  await expect(page).toHaveURL('/home');
  expect(visits).toBe(1);
});

for (const elsewhere of [
  'https://evil.example/',
  '//evil.example/',
  'javascript:alert(1)',
  String.raw`\\evil.example`,
]) {
  test(`the login leads nobody to ${elsewhere}`, async ({ page, ann }) => {
    await page.goto(`/?return_to=${encodeURIComponent(elsewhere)}`);
    await seeLoginPage(page);
    await logIn(page, ann.userName, ann.password);
    await seeSignedIn(page, ann);
  });
}
