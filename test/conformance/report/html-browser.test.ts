/**
 * The page of a report in Chromium, from a file: nothing goes wrong, nothing sticks out, everybody can use it.
 * Without Chromium these tests are left out and say so; in CI that is a failure.
 */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { renderHtml } from '../../../conformance/report/render/html/page.ts';
import { HAS_CHROMIUM, inChromium, seriousIn, wantChromium } from '../../support/browser.ts';
import { sampleReport, withTexts } from './sample.ts';

wantChromium('the report page');

const HOSTILE = `<script>document.title='owned'</script><img src=x onerror="document.title='owned'">\u0000\u001b[2J\u202e"'${'W'.repeat(300)}`;
const PAGES = {
  sample: renderHtml(sampleReport({ cases: 14, lines: 7 })),
  hostile: renderHtml(withTexts(sampleReport({ cases: 10, lines: 4 }), text => `${text} ${HOSTILE}`)),
  large: renderHtml(sampleReport({ cases: 158, lines: 15 })),
};

describe.skipIf(!HAS_CHROMIUM)('in Chromium', () => {
  const { open } = inChromium(() => PAGES);

  // Code for the page is text here: this project knows no document.
  const openAll = (page: Page): Promise<unknown> =>
    page.evaluate('for (const each of document.querySelectorAll("details")) each.open = true; document.body.offsetHeight');
  const shown = (page: Page): Promise<string[]> =>
    page.evaluate(
      '[...document.querySelectorAll("details.case")].filter(each => each.checkVisibility()).map(each => each.querySelector("code").textContent)',
    );

  test.each(['sample', 'hostile', 'large'] as const)('%s: no complaint, no request, and nothing of it runs', async name => {
    const { page, complaints } = await open(name);
    await openAll(page);
    expect(complaints).toEqual([]);
    expect(await page.title()).not.toBe('owned');
    expect(await page.locator('img').count()).toBe(0);
    const millis = await page.evaluate('Math.round(performance.getEntriesByType("navigation")[0].loadEventEnd)');
    process.stdout.write(`report page ${name}: ${PAGES[name].length} characters, loaded in ${millis} ms\n`);
    await page.context().close();
  });

  test('the policy of the page stops a script that is not its own', async () => {
    const { page, complaints } = await open('sample');
    await page.evaluate(
      'const s = document.createElement("script"); s.textContent = "document.title = \'owned\'"; document.body.append(s)',
    );
    expect(await page.title()).not.toBe('owned');
    expect(complaints.join()).toContain('Content Security Policy');
    await page.context().close();
  });

  const fragment = (page: Page): Promise<string> => page.evaluate('location.hash');

  const OVERFLOWING = `[...document.body.querySelectorAll('*')].filter(each => {
    const { width, right, left } = each.getBoundingClientRect();
    return width > 0 && (right > innerWidth + 1 || left < -1) && !each.closest('.skip, .sr, thead') && !each.closest('pre');
  }).map(each => each.tagName + '.' + each.getAttribute('class')).slice(0, 5)`;

  test.each(([360, 768, 1_440] as const).flatMap(width => (['sample', 'hostile'] as const).map(name => [name, width] as const)))(
    '%s: nothing sticks out at %i pixels',
    async (name, width) => {
      const { page } = await open(name, { viewport: { width, height: 800 } });
      await openAll(page);
      expect(await page.evaluate(OVERFLOWING)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      await page.context().close();
    },
  );

  test.each((['light', 'dark'] as const).flatMap(scheme => ([360, 1_440] as const).map(width => [scheme, width] as const)))(
    'axe-core finds nothing serious: %s, %i pixels',
    async (colorScheme, width) => {
      const { page } = await open('sample', { colorScheme, viewport: { width, height: 900 } });
      await openAll(page);
      expect(await seriousIn(page)).toEqual([]);
      await page.context().close();
    },
  );

  test('filters: by text, by selection, from the address and into it', async () => {
    const { page } = await open('sample', {}, '#?level=MUST&verdict=fail');
    expect(await shown(page)).toEqual(['toy.server.case-0']);
    expect(await page.locator('#shown').textContent()).toBe('1 of 14 cases');
    await page.getByRole('button', { name: 'Clear' }).click();
    expect(await shown(page)).toHaveLength(14);
    expect(await fragment(page)).toBe('');
    await page.getByLabel('Text').fill('case-1');
    expect(await shown(page)).toHaveLength(5);
    await page.locator('select[name=role]').selectOption('client');
    expect(await shown(page)).toHaveLength(3);
    expect(await fragment(page)).toBe('#?text=case-1&role=client');
    await page.getByLabel('Text').fill('<script>');
    expect(await shown(page)).toEqual([]);
    await page.context().close();
  });

  test('a number of the score shows its cases, those that count', async () => {
    const { page } = await open('sample');
    await page.locator('table.grid a[data-level=MUST][data-verdict=pass]').click();
    expect(await fragment(page)).toBe('#?level=MUST&verdict=pass&counts=yes');
    const grid = sampleReport({ cases: 14, lines: 7 }).grid;
    expect(await shown(page)).toHaveLength(grid.MUST.pass);
    await page.context().close();
  });

  test('a link to a case opens it, filtered away or not', async () => {
    const { page } = await open('sample', {}, '#?verdict=pass');
    await page.locator('.finding h3 a').first().click();
    await expect.poll(() => page.locator('#case-toy\\.client\\.case-5').isVisible()).toBe(true);
    expect(await shown(page)).toHaveLength(14);
    await page.context().close();
  });

  test('keys: findings, cases, the filter; none while somebody types, none when they are off', async () => {
    const { page } = await open('sample');
    const focused = (): Promise<string> =>
      page.evaluate(
        'document.activeElement !== document.body && document.activeElement.textContent.match(/toy[.]\\w+[.]case-\\d+/)?.[0] || document.activeElement.tagName',
      );
    await page.keyboard.press('n');
    const first = await focused();
    await page.keyboard.press('n');
    expect(await focused()).not.toBe(first);
    await page.keyboard.press('p');
    expect(await focused()).toBe(first);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    const cases = await shown(page);
    expect(await focused()).toBe(cases[1]);
    await page.keyboard.press('k');
    expect(await focused()).toBe(cases[0]);
    await page.keyboard.press('/');
    await page.keyboard.type('njk');
    expect(await page.getByLabel('Text').inputValue()).toBe('njk');
    await page.getByText('Keys', { exact: true }).click();
    await page.getByLabel('keys are on').uncheck();
    await page.evaluate('document.activeElement.blur()');
    await page.keyboard.press('/');
    expect(await focused()).toBe('BODY');
    await page.context().close();
  });

  test('with scripts off: no filters, and links open what they lead to', async () => {
    const { page } = await open('sample', { javaScriptEnabled: false });
    expect(await page.locator('#filters').isVisible()).toBe(false);
    // The first finding is what the tester could not do.
    const body = page.locator('#case-toy\\.client\\.case-5');
    expect(await body.isVisible()).toBe(false);
    await page.locator('.finding h3 a').first().click();
    expect(await body.isVisible()).toBe(true);
    await page.locator('summary', { hasText: 'toy.client.case-1' }).first().click();
    expect(await page.locator('#case-toy\\.client\\.case-1').isVisible()).toBe(true);
    await page.context().close();
  });

  test('on paper what leads a finding is open, and the rest is not', async () => {
    const { page } = await open('sample');
    await page.emulateMedia({ media: 'print' });
    const seen = (id: string): Promise<boolean> => page.evaluate(`document.getElementById('case-${id}').checkVisibility()`);
    expect(await seen('toy.server.case-0')).toBe(true);
    expect(await seen('toy.client.case-9')).toBe(false);
    expect(await page.locator('#filters').isVisible()).toBe(false);
    await page.context().close();
  });
});
