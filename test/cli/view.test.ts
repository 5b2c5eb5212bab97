/** `slipway view` as a user meets it: one file, named after the trace or as he says, with what the command says of it; and a page for each case that failed. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { view } from '../../cli/commands/view.ts';
import { Screen } from '../../cli/screen.ts';
import { dataOf, type Head, kindOf, saidOf } from '../../viewer/columns.ts';
import { unpackTrace } from '../../viewer/unpack.ts';
import { inProcess } from '../support/in-process.ts';
import { ROOT, slipway } from '../support/slipway.ts';

const folder = mkdtempSync(join(tmpdir(), 'slipway-view-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const inFolder = (name: string): string => join(folder, name);
const trace = `${ROOT}traces/lifetime/lost-shutdown@2.jsonl`;
const other = `${ROOT}traces/lifetime/healthy@17.jsonl`;

const embedded = (page: string) =>
  [...page.matchAll(/<script type="application\/gzip" class="trace">([\w+/=]*)<\/script>/g)].map(([, base64 = '']) =>
    unpackTrace(gunzipSync(Buffer.from(base64, 'base64'))),
  );

describe('a page', () => {
  it('is named after the trace, in the present folder', async () => {
    expect(await slipway(['view', trace], { cwd: folder })).toMatchObject({ code: 0, stdout: 'lost-shutdown@2.html\n', stderr: '' });
    expect(await slipway(['view', trace, other], { cwd: folder })).toMatchObject({
      code: 0,
      stdout: 'lost-shutdown@2-and-healthy@17.html\n',
    });
    expect(readdirSync(folder).sort()).toEqual(['lost-shutdown@2-and-healthy@17.html', 'lost-shutdown@2.html']);
  });

  it('has the trace, and the messages by the decoders of its protocol', async () => {
    const out = inFolder('named.html');
    const { code, stdout } = await inProcess(['view', trace, '--out', out, '--json']);
    expect({ code, ...JSON.parse(stdout) }).toEqual({
      code: 0,
      format: 'slipway-viewed',
      v: 1,
      out,
      bytes: readFileSync(out).length,
      events: [45],
    });
    const [columns] = embedded(readFileSync(out, 'utf8'));
    if (columns === undefined) throw new Error('no trace is embedded');
    expect([columns.count, kindOf(columns, 44), dataOf(columns, 44)]).toEqual([45, 'fire', { id: 2 }]);
    expect(saidOf(columns, 36)).toMatchObject([{ type: 'lifetimeevent', fields: { kind: 0, id: 1 }, at: 0, length: 21 }]);
  });

  it('of two says where they part, and why that is no wonder', async () => {
    const out = inFolder('two.html');
    expect(await inProcess(['view', trace, other, '--out', out])).toMatchObject({ code: 0 });
    const page = readFileSync(out, 'utf8');
    expect(embedded(page).length).toBe(2);
    const [, json = ''] = /<script type="application\/json" class="difference">(.*)<\/script>/.exec(page) ?? [];
    expect(JSON.parse(json)).toEqual({
      index: 1,
      text: 'First difference: data at event 1 of 45 and 57: the same call had other arguments or another answer (one is of lifetime/lost-shutdown, the other of lifetime/healthy)',
    });
    expect(await inProcess(['view', trace, trace, '--out', out])).toMatchObject({ code: 0 });
    expect(readFileSync(out, 'utf8')).toContain('45 events, all the same');
  });

  it('of two that differ in time at first begins where they differ in more, and a page that no browser would hold is none', async () => {
    const [text, out] = [readFileSync(trace, 'utf8').split('\n').slice(0, -2).join('\n'), inFolder('later.html')];
    const later = text.replaceAll(/"t":(\d+)/g, (_, t) => `"t":${Number(t) + 5}`).replace('"event":"running"', '"event":"walking"');
    writeFileSync(inFolder('later.jsonl'), `${later}\n`);
    expect(await inProcess(['view', trace, inFolder('later.jsonl'), '--out', out])).toMatchObject({ code: 0 });
    expect(readFileSync(out, 'utf8')).toMatch(/class="difference">\{"index":30,"text":"First difference: time at event 0 of 45:/);
    const none = inFolder('none.html');
    const viewing = view(trace, undefined, { out: none }, [], new Screen({ json: true }), 50_000);
    await expect(viewing).rejects.toMatchObject({
      code: 2,
      message: expect.stringMatching(/^the page would have \d+ bytes, more than the 50000 /),
    });
    expect(existsSync(none)).toBe(false);
  });

  it('is made of what could be read of a damaged trace, and says so', async () => {
    const [text, out] = [readFileSync(trace, 'utf8'), inFolder('cut.html')];
    writeFileSync(inFolder('cut.jsonl.gz'), gzipSync(text.slice(0, text.length / 2)));
    const { code, stderr } = await inProcess(['view', inFolder('cut.jsonl.gz'), '--out', out]);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `${inFolder('cut.jsonl.gz')}: incomplete, 2 problems; the page has what could be read, and says what is wrong\n`,
    });
    const [columns] = embedded(readFileSync(out, 'utf8'));
    expect(columns?.head).toMatchObject({ state: 'incomplete', footer: null, decided: -1 } satisfies Partial<Head>);
    expect(columns?.head.problems.length).toBe(2);
  });

  it('asks for nothing, and its policy lets nothing run but its own script', async () => {
    const page = readFileSync(inFolder('named.html'), 'utf8');
    expect(page).toContain(`default-src 'none'; style-src 'sha256-`);
    expect(page.match(/https?:\/\/(?!www\.w3\.org)/g)).toBeNull();
    expect(page.match(/<script/g)?.length).toBe(2);
  });
});

it('a case that fails has a page beside its trace, and one that passes has none', async () => {
  const report = inFolder('report');
  const broken = [
    '--exec',
    'python3 examples/lifetime-child.py --fault comment-ids',
    '--case',
    'lifetime.child.ids.*',
    '--case',
    'lifetime.child.start.database-first',
  ];
  expect(await slipway(['conform', 'lifetime', '--role', 'child', ...broken, '--report', report])).toMatchObject({ code: 1 });
  const { rows } = JSON.parse(readFileSync(join(report, 'report.json'), 'utf8'));
  const failed = rows.filter((row: { verdict: string }) => row.verdict === 'fail').map((row: { case: string }) => row.case);
  expect(failed.length).toBeGreaterThan(0);
  expect(rows.length).toBeGreaterThan(failed.length);
  for (const row of rows) expect(row.evidence.view).toBe(failed.includes(row.case) ? `views/${row.case}.html` : undefined);
  const text = readFileSync(join(report, 'report.html'), 'utf8');
  for (const id of failed) {
    expect(text).toContain(`<a href="views/${id}.html">`);
    const [columns] = embedded(readFileSync(join(report, 'views', `${id}.html`), 'utf8'));
    expect(columns?.head.decided).toBeGreaterThan(0);
    expect(columns?.head.footer?.check).toBe(id);
  }
  expect(existsSync(join(report, 'views', 'lifetime.child.start.database-first.html'))).toBe(false);
});
