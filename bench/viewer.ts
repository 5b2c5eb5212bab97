/**
 * How long the page of `slipway view` takes: until it can be used, for a frame while it is scrolled, for a filter and a cone. A trace of so many
 * events is made up, written as a page by the command, and opened in Chromium from file://.
 *
 *     node dist/bench/viewer.js --events=100000
 *
 * Lacks: a graphics processor; headless, Chromium draws by the processor that everything else has.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { openWriter } from '../src/node/files.ts';
import { encodeTrace } from '../src/trace/encode.ts';
import { madeUp, madeUpHeader } from './viewer/trace.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FRAMES = 300;
const { values } = parseArgs({ options: { events: { type: 'string', default: '100000' } } });
const count = Number(values.events);

/** In the page: so many frames, in each of which it is scrolled, and how long each took, in milliseconds. */
const SCROLL = `new Promise(done => {
  const panes = document.querySelector('#panes');
  const times = [];
  let last = performance.now();
  const frame = now => {
    times.push(now - last);
    last = now;
    if (times.length > ${FRAMES}) return done(times.slice(1).sort((one, other) => one - other));
    panes.dispatchEvent(new WheelEvent('wheel', { deltaY: 113, bubbles: true, cancelable: true }));
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})`;
/** In the page: how long an action takes, and the frame after it, in milliseconds. */
const timed = (action: string): string => `new Promise(done => {
  const start = performance.now();
  ${action};
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
})`;
const key = (name: string): string => `dispatchEvent(new KeyboardEvent('keydown', { key: '${name}', bubbles: true }))`;
const filter = (text: string): string => `{
  const field = document.querySelector('input[type=search]');
  field.value = '${text}';
  field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }));
}`;

const folder = mkdtempSync(join(tmpdir(), 'slipway-viewer-'));
try {
  const [trace, page] = [join(folder, 'trace.jsonl.gz'), join(folder, 'page.html')];
  const writer = openWriter(trace);
  if (!writer.ok) throw new Error(`no trace can be written there: ${writer.error.code}`);
  const ending = { outcome: 'fail', check: 'made-up', at: Math.floor(count / 2), why: 'it is made up' } as const;
  for (const piece of encodeTrace(madeUpHeader(count), madeUp(count), ending)) writer.value.write(piece);
  writer.value.close();
  const begun = performance.now();
  execFileSync(process.execPath, [join(ROOT, 'slipway'), 'view', trace, '-o', page], { stdio: 'inherit' });
  const written = performance.now() - begun;
  say(`${count} events: trace ${megabytes(trace)}, page ${megabytes(page)}, written in ${(written / 1_000).toFixed(1)} s`);
  const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(path => existsSync(path)) ?? '';
  const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
  try {
    const opened = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await opened.goto(pathToFileURL(page).href);
    await opened.waitForSelector('html[data-ready]', { timeout: 120_000, state: 'attached' });
    say(`usable after ${await opened.evaluate('document.documentElement.dataset.ready')} ms`);
    const times: readonly number[] = await opened.evaluate(SCROLL);
    const at = (part: number): string => (times[Math.floor(part * (times.length - 1))] ?? 0).toFixed(1);
    say(`${FRAMES} frames while scrolling: median ${at(0.5)} ms, 95 % ${at(0.95)} ms, longest ${at(1)} ms`);
    for (const [name, action] of [
      ['next event', key('j')],
      ['cone', key('c')],
      ['only the cone', key('o')],
      ['no cone', key('Escape')],
      ['filter kind:send', filter('kind:send')],
      ['filter by a word', filter('answer')],
      ['filter by bytes', filter('hex:00ff')],
    ] as const)
      say(`${name}: ${Number(await opened.evaluate(timed(action))).toFixed(0)} ms`);
  } finally {
    await browser.close();
  }
} finally {
  rmSync(folder, { recursive: true });
}

function megabytes(path: string): string {
  return `${(statSync(path).size / 1e6).toFixed(1)} MB`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
