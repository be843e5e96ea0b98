// Opens a login page for the first time, three times, and says in the middle of them how many bytes that loads before anybody
// types, and how long it takes a slow telephone in a slow network to show something and to let somebody type.
// `make bench` reads it, for Rekey's page and for a bare one.
import { chromium } from '@playwright/test';

const executablePath = process.env.REKEY_CHROMIUM ?? '/usr/bin/chromium';
// What Chromium's tools call "Slow 4G".
const SLOW_4G = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 };

async function visit(browser, url, visitor) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Network.enable');
  const seen = await visitor(page, cdp, () => page.goto(url, { waitUntil: 'commit' }));
  await context.close();
  return seen;
}

async function loaded(page, cdp, open) {
  const urls = new Map();
  const kib = {};
  cdp.on('Network.requestWillBeSent', ({ requestId, request }) => urls.set(requestId, new URL(request.url).pathname));
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const path = urls.get(requestId);
    kib[path] = (kib[path] ?? 0) + encodedDataLength / 1024;
  });
  await open();
  await page.getByLabel('Password', { exact: true }).waitFor();
  await page.waitForLoadState('networkidle');
  return { kib: Object.values(kib).reduce((sum, one) => sum + one, 0), files: kib };
}

async function hurried(page, cdp, open) {
  await cdp.send('Network.emulateNetworkConditions', SLOW_4G);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await open();
  await page.getByLabel('Password', { exact: true }).fill('x');
  const usable_ms = await page.evaluate(() => performance.now());
  const painted_ms = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime);
  return { painted_ms, usable_ms };
}

const middle = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const visits = [];
for (let time = 0; time < 3; time++) {
  const { kib, files } = await visit(browser, process.argv[2], loaded);
  visits.push({ kib, files, ...(await visit(browser, process.argv[2], hurried)) });
}
await browser.close();
const of = (name) => middle(visits.map((visit) => visit[name]));
const seen = { painted_ms: of('painted_ms'), usable_ms: of('usable_ms'), kib: of('kib'), files: visits[0].files };
console.log(JSON.stringify(seen));
