// Opens the login page as a slow telephone in a slow network does, each time for the first time, and says in the middle of
// three how long that took and what was loaded.
// `make bench` reads it.
import { chromium } from '@playwright/test';

const executablePath = process.env.REKEY_CHROMIUM ?? '/usr/bin/chromium';
// What Chromium's tools call "Slow 4G".
const SLOW_4G = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 };

async function visit(browser, url) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Network.enable');
  await cdp.send('Network.emulateNetworkConditions', SLOW_4G);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  let bytes = 0;
  cdp.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
  await page.goto(url, { waitUntil: 'commit' });
  await page.getByLabel('Password', { exact: true }).fill('x');
  const usable_ms = await page.evaluate(() => performance.now());
  await page.waitForLoadState('networkidle');
  const painted_ms = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime);
  await context.close();
  return { painted_ms, usable_ms, kib: bytes / 1024 };
}

const middle = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const visits = [];
for (let time = 0; time < 3; time++) visits.push(await visit(browser, process.argv[2]));
await browser.close();
const of = (name) => middle(visits.map((visit) => visit[name]));
console.log(JSON.stringify({ painted_ms: of('painted_ms'), usable_ms: of('usable_ms'), kib: of('kib') }));
