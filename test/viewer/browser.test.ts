/** The page of `slipway view` in Chromium, from a file: what it shows first, keys, filter, links, differences, and that what a peer sent is only text. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { viewPage } from '../../cli/view-page.ts';
import { loadProtocols } from '../../protocols/index.ts';
import { utf8 } from '../../src/host/bytes.ts';
import type { ReadTrace } from '../../src/trace/read.ts';
import { HAS_CHROMIUM, inChromium, type Opened, seriousIn, wantChromium } from '../support/browser.ts';
import { eventsOf, kept, traceOf } from './made.ts';

wantChromium('the page of a trace');

const PROTOCOLS = await loadProtocols(['lifetime', 'lonc']);
const pageOf = (traces: readonly ReadTrace[], difference?: string): string =>
  viewPage(
    traces.map((trace, at) => {
      const { decoders = {} } = PROTOCOLS.find(({ name }) => trace.header?.name.startsWith(`${name}/`)) ?? {};
      return { file: `trace-${at}.jsonl`, trace, decoders };
    }),
    difference,
  ).join('');

const FAILED = kept('lifetime/lost-shutdown@2.jsonl');
const POWER = kept('lonc/power-cut-with-message@199.jsonl');

const HOSTILE = `<img src=x onerror="document.title='owned'"></script><script>document.title='owned'</script>\u0000\u001b[2J\u202e--><!--"'`;
const hostileTrace = (): ReadTrace => {
  const data = { event: HOSTILE, severity: HOSTILE, [HOSTILE.slice(0, 40)]: HOSTILE };
  const process = `m/${HOSTILE}.1`;
  return traceOf(
    eventsOf([
      { kind: 'start', process, data: { program: HOSTILE, args: HOSTILE } },
      { kind: 'log', process, data },
      { kind: 'send', process, channel: `tcp1>${HOSTILE}`, bytes: utf8(HOSTILE.repeat(20)), data },
      { kind: 'bug', process, data: { message: HOSTILE } },
      { kind: 'fault', process: '', data: { fault: 0, kind: HOSTILE, step: 'begin' } },
      { kind: 'power', process: '', data: { machine: HOSTILE, state: 'off' } },
    ]),
    { outcome: 'fail', check: HOSTILE, at: 3, why: HOSTILE },
    { name: `toy/${HOSTILE}`, title: HOSTILE, seed: HOSTILE, plan: { [HOSTILE]: HOSTILE } },
  );
};

/** Of the same machine, with one event more in its midst. */
const CHANGED: ReadTrace = traceOf(
  [
    ...FAILED.events.slice(0, 20),
    ...eventsOf([{ kind: 'log', process: 'm/lifetime-child.101', data: { event: 'more', severity: 'info' } }]),
    ...FAILED.events.slice(20),
  ].map((event, index) => ({
    ...event,
    index,
    time: FAILED.events[Math.min(index, 44)]?.time ?? event.time,
    cause: event.cause >= 20 ? event.cause + 1 : event.cause,
  })),
);

const MANY = 100_000;
const many = (): ReadTrace =>
  traceOf(
    eventsOf(
      Array.from({ length: MANY }, (_, at) => ({
        kind: at % 4 === 1 ? 'recv' : at % 4 === 0 ? 'send' : 'log',
        process: `m${at % 3}/p.1`,
        channel: at % 4 < 2 ? `tcp${at % 5}>` : '',
        cause: at % 4 === 1 ? at - 1 : -1,
        bytes: at % 4 < 2 ? utf8(`number ${at}`) : undefined,
        data: at % 4 < 2 ? undefined : { event: 'step', severity: 'info', at },
      })),
    ),
    { outcome: 'fail', check: 'made-up', at: MANY / 2, why: 'it is made up' },
  );

/** A busy machine takes its time. */
const soon = <T>(get: () => T | Promise<T>) => expect.poll(get, { timeout: 120_000 });

describe.skipIf(!HAS_CHROMIUM)('in Chromium', () => {
  const { open } = inChromium(() => ({
    failed: pageOf([FAILED]),
    power: pageOf([POWER]),
    hostile: pageOf([hostileTrace()]),
    two: pageOf([FAILED, CHANGED], JSON.stringify({ index: 20, text: `First difference: ${HOSTILE}` })),
    many: pageOf([many()]),
    broken: pageOf([FAILED]).replace(/(class="trace">)[\w+/=]{40}/, '$1'),
  }));

  const ready = async (name: string, ...rest: readonly [Parameters<typeof open>[1]?, string?]): Promise<Opened> => {
    const opened = await open(name, ...rest);
    await opened.page.waitForSelector('html[data-ready]', { state: 'attached' });
    return opened;
  };
  const press = async (page: Page, ...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
    await page.evaluate('new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))');
  };
  const inspectedIn = (page: Page): Promise<string | null> => page.locator('.inspector h2').first().textContent();
  const selected = (page: Page): Promise<string | null> => page.locator('.rows .row.selected .number').first().textContent();
  const status = (page: Page): Promise<string | null> => page.locator('.status').textContent();
  const fragment = (page: Page): Promise<string> => page.evaluate('location.hash');
  /** In the table of a side, as its reader hears them. */
  const numbers = (page: Page, side = 0): Promise<string[]> =>
    page.evaluate(
      `[...document.querySelectorAll('#table-${side} .rows .row')].filter(row => row.checkVisibility()).map(row => row.querySelector('.number').textContent)`,
    );

  test.each(['failed', 'power', 'hostile', 'two', 'many'])('%s: no complaint, no request, and nothing of it runs', async name => {
    const { page, complaints } = await ready(name);
    await press(page, 'j', 'c', 'o', 'Escape', '?', 'Escape');
    expect(complaints).toEqual([]);
    expect(await page.title()).not.toBe('owned');
    expect(await page.locator('img').count()).toBe(0);
    await page.context().close();
  });

  test('a failure opens at the event that decided it, with what was decided', async () => {
    const { page } = await ready('failed');
    expect(await selected(page)).toBe('44');
    expect(await inspectedIn(page)).toBe('#44 fire m/lifetime-parent.100');
    expect(await page.locator('.inspector .decided').textContent()).toContain('stops-on-eof');
    expect(await page.locator('.verdict').textContent()).toContain('within 2.000000 s');
    await soon(() => fragment(page)).toBe('#event=44');
    await page.context().close();
  });

  test('keys: events, the same process, causes and effects, the event that decided', async () => {
    const { page } = await ready('failed');
    await press(page, 'Home');
    expect(await selected(page)).toBe('0');
    await press(page, 'ArrowDown', 'j');
    expect(await selected(page)).toBe('2');
    await press(page, 'n', 'n');
    expect(await selected(page)).toBe('4');
    await press(page, 'ArrowUp', 'p');
    expect(await selected(page)).toBe('2');
    await press(page, 'v', 'p');
    expect(await selected(page)).toBe('40');
    await press(page, 'n', '[');
    expect(await selected(page)).toBe('13');
    await press(page, ']');
    expect(await selected(page)).toBe('44');
    await press(page, 'Home', 'PageDown');
    expect(Number(await selected(page))).toBeGreaterThan(20);
    await page.context().close();
  });

  test('letters are no keys while somebody types, and none once they are off', async () => {
    const { page } = await ready('failed');
    await press(page, '/');
    await page.keyboard.type('vjn?');
    expect(await page.getByLabel('Filter').inputValue()).toBe('vjn?');
    await press(page, 'Escape', 'Escape');
    expect(await page.getByLabel('Filter').inputValue()).toBe('');
    await press(page, '?');
    await page.getByLabel('letters and signs are keys').uncheck();
    await page.getByRole('button', { name: 'Close' }).click();
    const before = await selected(page);
    await press(page, 'Home', 'j');
    expect(before).not.toBe('0');
    expect(await selected(page)).toBe('0');
    await page.context().close();
  });

  test('the filter: what it lets through, what it says, and what cannot be meant', async () => {
    const { page } = await ready('failed');
    await press(page, '/');
    await page.keyboard.type('kind:send process:child');
    await press(page, 'Enter');
    expect(await numbers(page)).toEqual(['19', '22', '29']);
    expect(await status(page)).toBe('3 of 45 events');
    await soon(() => fragment(page)).toBe('#event=29&filter=kind%3Asend+process%3Achild');
    await page.getByLabel('Filter').fill('t>soon');
    await soon(() => page.locator('.complaint').textContent()).toContain('a number is meant');
    await page.getByLabel('Filter').fill('hex:ffffffffff');
    await soon(() => status(page)).toBe('0 of 45 events');
    await press(page, 'ArrowDown', 'Escape', 'Escape');
    expect(await status(page)).toBe('45 events');
    expect(await selected(page)).toBe('29');
    await page.context().close();
  });

  test('a link leads to an event, a filter, a cone; and a new one goes there', async () => {
    const { page } = await ready('failed', {}, '#event=36&filter=kind%3Arecv&cone=22&only=true');
    expect(await numbers(page)).toEqual(['36', '39']);
    expect(await selected(page)).toBe('36');
    expect(await page.getByRole('button', { name: 'Only' }).getAttribute('aria-pressed')).toBe('true');
    await page.evaluate('location.hash = "#event=14"');
    await soon(() => selected(page)).toBe('14');
    expect(await status(page)).toBe('45 events');
    await page.context().close();
  });

  test('an event that a filter hides is shown by whoever goes there', async () => {
    const { page } = await ready('failed', {}, '#event=34&filter=kind%3Arecv');
    await page.locator('.events button', { hasText: '#19' }).click();
    expect(await selected(page)).toBe('19');
    expect(await page.getByLabel('Filter').inputValue()).toBe('');
    await page.context().close();
  });

  test('the cone of an event fades the rest, and shows nothing else when that is asked for', async () => {
    const { page } = await ready('failed', {}, '#event=31');
    await press(page, 'c');
    const dim = (): Promise<string[]> =>
      page.evaluate(`[...document.querySelectorAll('.rows .row.dim')].map(row => row.querySelector('.number').textContent)`);
    expect(await dim()).toEqual(expect.arrayContaining(['0', '20', '29', '33']));
    expect(await dim()).not.toEqual(expect.arrayContaining(['19']));
    await press(page, 'o');
    expect(await numbers(page)).not.toContain('20');
    expect(await numbers(page)).toEqual(expect.arrayContaining(['19', '31', '44']));
    await press(page, 'Escape');
    expect(await dim()).toEqual([]);
    expect(await status(page)).toBe('45 events');
    await page.context().close();
  });

  test('a field that is pointed at is marked in the payload', async () => {
    const { page } = await ready('failed', {}, '#event=36');
    await page.locator('.fields .pointing', { hasText: 'id' }).last().focus();
    const marked = await page.locator('.hex mark').allTextContents();
    expect(marked.length).toBeGreaterThan(0);
    expect(marked[0]).toMatch(/^[0-9a-f ]+$/);
    await page.context().close();
  });

  test('two traces: at the first difference, on to the next, and what is on one side only', async () => {
    const { page } = await ready('two');
    expect(await page.locator('p.difference').textContent()).toContain('First difference');
    const rows = page.locator('#table-1 .rows .row.right');
    expect(await rows.locator('.what').allTextContents()).toEqual(['more']);
    await press(page, 'Home', 'd');
    expect(await page.locator('#table-1 .rows .row.selected .what').textContent()).toBe('more');
    expect(await page.locator('#table-0 .rows .row.selected .number').textContent()).toBe('');
    await soon(() => fragment(page)).toBe('#other=20');
    await press(page, '/');
    await page.keyboard.type('is:different');
    await press(page, 'Enter');
    expect(await status(page)).toBe('1 of 46 rows');
    await page.context().close();
  });

  test('a reader who sees nothing has the table: its size, its rows, and which one is selected', async () => {
    const { page } = await ready('failed', {}, '#event=19');
    const grid = page.getByRole('grid', { name: 'Events' });
    expect(await grid.getAttribute('aria-rowcount')).toBe('46');
    const active = await grid.getAttribute('aria-activedescendant');
    const row = page.locator(`[id="${active}"]`);
    expect(await row.getAttribute('aria-rowindex')).toBe('21');
    expect(await row.textContent()).toContain('lifetimeevent');
    expect(await page.getByRole('img', { name: /Sequence diagram of 45 events on 2 lanes/ }).count()).toBe(1);
    await page.context().close();
  });

  test.each((['light', 'dark'] as const).flatMap(scheme => ['failed', 'two', 'cone'].map(what => [scheme, what] as const)))(
    'axe-core finds nothing serious: %s, %s',
    async (colorScheme, what) => {
      const { page } = await ready(what === 'two' ? 'two' : 'failed', { colorScheme }, what === 'cone' ? '#event=31&cone=31' : '');
      expect(await seriousIn(page)).toEqual([]);
      await press(page, '?');
      expect(await seriousIn(page)).toEqual([]);
      await page.context().close();
    },
  );

  test.each([[390], [820], [1_920]])('nothing sticks out at %i pixels', async width => {
    const { page } = await ready('two', { viewport: { width, height: 700 } });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    expect(await page.evaluate('document.documentElement.scrollHeight')).toBe(700);
    await page.context().close();
  });

  test(`${MANY} events: as many elements as fit, by keys and by the wheel`, async () => {
    const { page } = await ready('many');
    expect(await selected(page)).toBe(String(MANY / 2));
    await press(page, 'End');
    expect(await selected(page)).toBe(String(MANY - 1));
    expect(await page.locator('.row').count()).toBeLessThan(100);
    const before = Number((await numbers(page))[0]);
    await page.mouse.move(500, 500);
    await page.mouse.wheel(0, -2_000);
    await soon(async () => before - Number((await numbers(page))[0])).toBe(100);
    await press(page, '/');
    await page.keyboard.type('"number 40000"');
    await press(page, 'Enter');
    expect(await numbers(page)).toEqual(['40000']);
    await page.context().close();
  });

  test('what can be seen is drawn: marks of messages, arrows between their lanes, and the line of the failure', async () => {
    const { page } = await ready('failed');
    await press(page, 'Home');
    /** Pixels of that colour, in a part of the width. */
    const count = (name: string, from = 0, to = 1): Promise<number> =>
      page.evaluate(`(() => {
        const canvas = document.querySelector('.diagram');
        const [left, right] = [${from} * canvas.width, ${to} * canvas.width];
        const { data } = canvas.getContext('2d').getImageData(left, 0, right - left, canvas.height);
        const probe = document.createElement('canvas').getContext('2d');
        probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--${name}');
        probe.fillRect(0, 0, 1, 1);
        const [r, g, b] = probe.getImageData(0, 0, 1, 1).data;
        let count = 0;
        for (let at = 0; at < data.length; at += 4) if (data[at] === r && data[at + 1] === g && data[at + 2] === b) count++;
        return count;
      })()`);
    expect(await count('message')).toBeGreaterThan(100);
    // In the middle between the two lanes there is nothing else of that colour.
    expect(await count('message', 0.5, 0.6)).toBeGreaterThan(10);
    await page.getByLabel('Filter').fill('kind:send');
    await soon(() => status(page)).toContain('of 45');
    await press(page, 'Escape');
    expect(await count('message', 0.5, 0.6)).toBe(0);
    expect(await count('wrong')).toBe(0);
    await press(page, 'v');
    expect(await count('wrong')).toBeGreaterThan(100);
    await page.context().close();
  });

  test('the policy of the page stops a script that is not its own', async () => {
    const { page, complaints } = await ready('failed');
    await page.evaluate(
      'const s = document.createElement("script"); s.textContent = "document.title = \'owned\'"; document.body.append(s)',
    );
    expect(await page.title()).not.toBe('owned');
    expect(complaints.join()).toContain('Content Security Policy');
    await page.context().close();
  });

  test('a page that was damaged says so, in words', async () => {
    const { page } = await open('broken');
    await soon(() => page.locator('.complaint').textContent()).toContain('The trace cannot be shown.');
    await page.context().close();
  });

  test('without what it needs of a browser, or without scripts, it says so', async () => {
    const { page } = await open('failed', { javaScriptEnabled: false });
    expect(await page.locator('noscript').textContent()).toContain('scripts are off');
    await page.context().close();
    const old = await open('many');
    await old.page.addInitScript('delete globalThis.DecompressionStream');
    await old.page.reload();
    await soon(() => old.page.locator('.complaint').textContent()).toContain('This browser is too old');
    await old.page.context().close();
  });
});
