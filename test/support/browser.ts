/**
 * Chromium, for tests of pages that are opened from a file. Without it those tests are left out and say so; in CI that is a failure.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(path => existsSync(path));

export const HAS_CHROMIUM: boolean = executablePath !== undefined;

/** Says what is not tested. */
export function wantChromium(what: string): void {
  if (HAS_CHROMIUM) return;
  process.stderr.write(`\n!!! NO CHROMIUM: ${what} is NOT tested in a browser (apt-get install chromium) !!!\n\n`);
  test('in CI there is a browser', () => expect(process.env['CI'], 'CI needs Chromium').toBeUndefined());
}

export interface Opened {
  readonly page: Page;
  /** Whatever the page wrote to its console, threw, or asked for beyond itself. */
  readonly complaints: string[];
}

export interface Pages {
  /** With `at`, which begins with `#`, as its fragment. */
  open(name: string, options?: BrowserContextOptions, at?: string): Promise<Opened>;
}

/** Pages in a folder of their own, by the names of their files. To be called where tests are declared. */
export function inChromium(pages: () => Readonly<Record<string, string>>): Pages {
  let folder = '';
  let browser: Browser | undefined;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'slipway-pages-'));
    for (const [name, text] of Object.entries(pages())) writeFileSync(join(folder, `${name}.html`), text);
    // A process of root has no sandbox of Chromium's.
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });
  return {
    open: async (name, options = {}, at = '') => {
      if (browser === undefined) throw new Error('there is no browser');
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('console', message => complaints.push(`${message.type()}: ${message.text()}`));
      page.on('pageerror', error => complaints.push(String(error)));
      page.on('request', request => {
        if (!request.url().startsWith('file:') && !request.url().startsWith('data:')) complaints.push(`asked for ${request.url()}`);
      });
      await page.goto(`${pathToFileURL(join(folder, `${name}.html`)).href}${at}`);
      return { page, complaints };
    },
  };
}

/** What axe-core finds that is serious or critical, with the first elements of each. */
export async function seriousIn(page: Page): Promise<readonly unknown[]> {
  await page.evaluate(axe.source);
  const { violations }: axe.AxeResults = await page.evaluate('axe.run(document, { resultTypes: ["violations"] })');
  const serious = violations.filter(each => each.impact === 'serious' || each.impact === 'critical');
  return serious.map(each => [each.id, each.nodes.slice(0, 3).map(node => node.html)]);
}
