import { chromium } from 'playwright-core';
const [,, html, out, hash='', w='1440', h='900', scheme='light', ...keys] = process.argv;
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await (await browser.newContext({ viewport: { width: +w, height: +h }, colorScheme: scheme })).newPage();
page.on('console', m => console.log('console', m.text())); page.on('pageerror', e => console.log('error', e.stack));
await page.goto('file://' + html + hash);
await page.waitForSelector('html[data-ready]', { timeout: 60000 });
console.log('ready', await page.evaluate('document.documentElement.dataset.ready'));
for (const k of keys) { await page.keyboard.press(k); await page.waitForTimeout(60); }
await page.waitForTimeout(500);
await page.screenshot({ path: out });
console.log(await page.evaluate('location.hash'));
await browser.close();
