import { createServer } from 'node:http';
import { once } from 'node:events';
import { expect, test } from '../../fixtures.ts';
import { openLoginPage } from '../../steps/login.ts';
import { resetPassword } from '../../steps/password_reset.ts';
import { freePort } from '../../support/port.ts';

test('a script that somebody smuggled into the page does not run', async ({ page, noise }) => {
  noise.expectPolicyBreach();
  await openLoginPage(page);
  const ran = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'document.title = "smuggled"';
    document.head.append(script);
    return document.title === 'smuggled';
  });
  expect(ran).toBe(false);
});

test('the page sends nothing to any other place, even if a script wants to', async ({ page, noise }) => {
  noise.expectPolicyBreach();
  await openLoginPage(page);
  const sent = await page.evaluate(() =>
    fetch('http://127.0.0.1:9/').then(
      () => 'sent',
      (error: Error) => error.message,
    ),
  );
  expect(sent).toMatch(/Failed to fetch|Refused/);
});

test('another site cannot show the login in a frame', async ({ page, rekey, noise }, testInfo) => {
  noise.expectPolicyBreach();
  const port = await freePort(testInfo.parallelIndex);
  const site = createServer((_, answer) => {
    answer.setHeader('content-type', 'text/html');
    answer.end(`<title>Another site</title><link rel="icon" href="data:,"><iframe src="${rekey.url}/"></iframe>`);
  });
  await once(site.listen(port, '127.0.0.1'), 'listening');
  await page.goto(`http://127.0.0.1:${port}/`);
  await expect(page.frameLocator('iframe').getByRole('button', { name: 'Login' })).toHaveCount(0);
  site.close();
});

test('in the whole journey the browser asks nobody but Rekey', async ({ page, rekey, mailbox, ann }) => {
  const asked = new Set<string>();
  page.on('request', (request) => asked.add(new URL(request.url()).origin));
  await resetPassword(page, mailbox, ann.email);
  expect([...asked]).toEqual([rekey.url]);
});
