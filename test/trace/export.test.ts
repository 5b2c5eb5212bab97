/** A trace in the forms of other tools: what stands in them, where, and that nothing a peer said is taken for their own syntax. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { lines } from '../../conformance/decoders.ts';
import { concat, utf8 } from '../../src/host/bytes.ts';
import { instantOf } from '../../src/host/time.ts';
import { captureOf } from '../../src/trace/capture/capture.ts';
import type { TraceEvent, TraceFooter, TraceHeader } from '../../src/trace/event.ts';
import { luaDissector, notePrefix, shapesOf } from '../../src/trace/export/lua.ts';
import { markdownOf } from '../../src/trace/export/markdown.ts';
import { mermaidOf } from '../../src/trace/export/mermaid.ts';
import { notesOf } from '../../src/trace/export/notes.ts';
import { perfettoOf } from '../../src/trace/export/perfetto.ts';
import { svgOf } from '../../src/trace/export/svg.ts';
import type { Decoders, FieldValue } from '../../src/trace/message.ts';
import type { Drawn } from '../../src/trace/sequence.ts';

const folder = mkdtempSync(join(tmpdir(), 'slipway-export-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Given = Partial<Omit<TraceEvent, 'time'>> & Pick<TraceEvent, 'kind'> & { readonly at?: number };
const eventsOf = (given: readonly Given[]): readonly TraceEvent[] =>
  given.map(({ at = 0, ...rest }, index) => ({
    ...{ index, time: instantOf(at), process: '', cause: -1, message: 0, channel: '', bytes: undefined, data: undefined },
    ...rest,
  }));

// ── the dissector ───────────────────────────────────────────────────────────────────────────────────────────────────

/** Each line is a message as JSON, or breaks a rule. */
const decoders: Decoders = {
  tcp: lines({
    read: text =>
      text.startsWith('{')
        ? (JSON.parse(text) as ReturnType<Parameters<typeof lines>[0]['read']>)
        : { clause: 'C "1"', detail: 'no\\JSON' },
  }),
};
const message = (type: string, fields: Readonly<Record<string, FieldValue>>): string => `${JSON.stringify({ type, fields })}\n`;
const greeting = message('greet', { to: 'ann "the" b\\c', n: 7, Über: true });
const long = message('long line', { text: 'x'.repeat(40) });
const sizeOf = (text: string): number => utf8(text).length;
/** Bytes of a packet. */
const SEGMENT = 1_460;
const [head, tail] = [long.slice(0, 30), long.slice(30)];
const sent = (text: string, at: number): Given => ({ kind: 'send', process: 'a/one.1', channel: 'tcp1>', bytes: utf8(text), at });
const TALK = eventsOf([
  { kind: 'open', process: 'a/one.1', channel: 'tcp1>', data: { at: '127.0.0.1:4000', to: '127.0.0.1:5000' } },
  sent(greeting + head, 1),
  sent(tail + message('greet', { to: 'bob' }), 2),
  sent('nonsense\n', 3),
]);

describe('notes', () => {
  test('are what decoders made of an event, at the one that brings the last byte', () => {
    const bob = message('greet', { to: 'bob' });
    const [one, two, three] = [sizeOf(greeting), sizeOf(greeting + long), sizeOf(greeting + long + bob)];
    expect([...notesOf(TALK, 'own', decoders)]).toEqual([
      [1, `own: greet n=7 to="ann \\"the\\" b\\c" Über=true  (bytes 0 to ${one - 1})`],
      [2, `own: long line text=${'x'.repeat(40)}  (bytes ${one} to ${two - 1})\nown: greet to=bob  (bytes ${two} to ${three - 1})`],
      [3, `own: breaks C "1": no\\JSON  (byte ${three})`],
    ]);
  });

  test('of a packet have an end, for a comment of pcapng has one', () => {
    const many = message('m', { text: 'y'.repeat(100) }).repeat(1_000);
    const [[, note = ''] = []] = notesOf(eventsOf([sent(many, 0)]), 'own', decoders);
    expect(note.length).toBeGreaterThan(15_000);
    expect(note.replaceAll('\n', '').length).toBeLessThanOrEqual(16_000);
    expect(note.endsWith(')')).toBe(true);
  });
});

describe('the dissector', () => {
  test('declares each field once, whatever its name, and no more than it may', () => {
    const script = luaDissector('my-own', 'Übung "x"', shapesOf(TALK, decoders));
    expect(script).toContain('local protocol = Proto("slipway_my_own", "?bung \\034x\\034")');
    expect(script).toContain('local PREFIX = "my-own: "');
    expect(script).toContain('["greet n"] = ProtoField.string("slipway_my_own.greet.n", "n"),');
    expect(script).toContain('["greet \\195\\156ber"] = ProtoField.string("slipway_my_own.greet.ber", "\\195\\156ber"),');
    expect(script).toContain('["long line text"] = ProtoField.string("slipway_my_own.long_line.text", "text"),');
    const fields = (names: readonly string[]): number =>
      luaDissector('p', 'p', new Map([['t', new Set(names)]])).match(/^ {2}\[.*ProtoField/gm)?.length ?? 0;
    expect(fields(['a b', 'a-b', 'c'])).toBe(2);
    expect(fields(Array.from({ length: 600 }, (_, at) => `f${at}`))).toBe(500);
    expect(luaDissector('p', 'p', new Map([['t', new Set(['a\\'])]]))).toContain('["t a\\092"] = ');
    expect(luaDissector('p', 'p', new Map([['t', new Set(['\u007f'])]]))).toContain('["t \\127"] = ');
    expect(luaDissector('p', 'a\nos.exit() -- é', new Map()).split('\n')[0]).toBe(
      '-- a?os.exit() -- ?: what is in the comments of a capture that slipway export has made.',
    );
    expect(luaDissector('p', 'p', new Map([['--', new Set(['"]]'])]]))).toContain(
      '["-- \\034]]"] = ProtoField.string("slipway_p.x.x", "\\034]]"),',
    );
  });

  test('knows the fields of all messages of a type', () => {
    expect(shapesOf(TALK, decoders)).toEqual(
      new Map([
        ['greet', new Set(['to', 'n', 'Über'])],
        ['long line', new Set(['text'])],
      ]),
    );
  });

  const able = spawnSync('tshark', ['--version']).status === 0;
  test.runIf(able || process.env['CI'] === 'true')('shows in Wireshark what was decoded, at its bytes in the packet', () => {
    const [file, script] = [join(folder, 'own.pcapng'), join(folder, 'own.lua')];
    const wide = message('wide', { text: 'w'.repeat(SEGMENT + 1 - sizeOf(message('wide', { text: '' }))) });
    const talk = eventsOf([
      ...TALK.map(({ index: _, time, ...rest }) => ({ ...rest, at: time })),
      { kind: 'open', process: 'a/one.1', channel: 'tcp2>', data: { at: '127.0.0.1:4001', to: '127.0.0.1:5000' } },
      { ...sent(wide, 4), channel: 'tcp2>' },
    ]);
    writeFileSync(file, concat(captureOf(talk, { comment: '', notes: notesOf(talk, 'own', decoders) }).parts));
    writeFileSync(script, luaDissector('own', 'Own', shapesOf(talk, decoders)));
    const read = (...words: readonly string[]): string => {
      const { status, stdout, stderr } = spawnSync('tshark', ['-r', file, '-X', `lua_script:${script}`, ...words], { encoding: 'utf8' });
      expect({ status, stderr: stderr.replace(/^Running as user.*\n/m, '') }).toEqual({ status: 0, stderr: '' });
      return stdout;
    };
    /** Behind the headers of Ethernet, IPv4 and TCP. */
    const HEADERS = 54;
    const found = [...read('-T', 'pdml').matchAll(/<field name="(slipway_own\.[^"]*)"[^>]* size="(\d+)" pos="(\d+)" show="([^"]*)"/g)]
      .filter(([, name]) => name !== 'slipway_own.broken')
      .map(([, name = '', size, pos, show = '']) => [name.slice(12), Number(pos), Number(size), show.replaceAll('&quot;', '"')]);
    const [first, second, bob] = [greeting, tail, message('greet', { to: 'bob' })].map(sizeOf);
    expect(found).toEqual([
      ['type', HEADERS, first, 'greet'],
      ['greet.n', HEADERS, first, '7'],
      ['greet.to', HEADERS, first, expect.stringMatching(/^ann "the" b\\+c$/)],
      ['greet.ber', HEADERS, first, 'true'],
      // What of it was in the packet before is not here.
      ['type', HEADERS, second, 'long line'],
      ['long_line.text', HEADERS, second, 'x'.repeat(40)],
      ['type', HEADERS + Number(second), bob, 'greet'],
      ['greet.to', HEADERS + Number(second), bob, 'bob'],
      ['violation', 0, 0, expect.stringMatching(/^C "1": no\\+JSON {2}\(byte \d+\)$/)],
      // Its last byte is in the next packet.
      ['type', HEADERS, SEGMENT, 'wide'],
      ['wide.text', HEADERS, SEGMENT, expect.stringMatching(/^w+…?$/)],
    ]);
    const columns = read('-o', 'gui.column.format:"P","%p","I","%i"')
      .split('\n')
      .filter(line => line.startsWith('own '));
    expect(columns).toHaveLength(4);
    expect(columns[1]).toMatch(/^own +long line text=x{40}, greet to=bob$/);
    expect(columns[2]).toMatch(/^own +breaks C "1": no/);
    expect(read('-Y', 'slipway_own.greet.to == "bob"', '-T', 'fields', '-e', 'frame.number').trim().split('\n')).toHaveLength(1);
    expect(read('-Y', '_ws.expert.severity == "Error"', '-T', 'fields', '-e', 'frame.number').trim().split('\n')).toHaveLength(1);
  });
});

// ── pictures ────────────────────────────────────────────────────────────────────────────────────────────────────────

const drawn = (text: string, process: string, to = '', wrong = false, at = 0): Drawn => {
  const [event] = eventsOf([{ kind: 'log', process, at }]);
  if (event === undefined) throw new Error('one was given');
  return { event, text, to, wrong };
};
const many = (rows: number): readonly Drawn[] => Array.from({ length: rows }, () => drawn('on', 'a'));
const HOSTILE = `<b>&"'|\`*_[x](y)#;\n\u001b</svg>`;
const ROWS = [
  drawn('asks', 'a/one.1', 'b/two.2'),
  drawn(HOSTILE, 'b/two.2', 'a/one.1', true, 1_500_000),
  drawn('alone', 'a/one.1'),
  drawn('cut', ''),
];

describe('SVG', () => {
  const svg = svgOf(ROWS, `a & ${HOSTILE}`);

  test('has a lane for each process, an arrow for each message from who said it to who reads it, and its tip there', () => {
    expect(svg).toContain('viewBox="0 0 630 144"');
    expect(svg).toContain('<path class="lane" d="M130 36V136"/><text class="name" x="126" y="20">a/one.1</text>');
    expect(svg).toContain('<path class="lane" d="M390 36V136"/><text class="name" x="386" y="20">b/two.2</text>');
    expect(svg).toContain(
      '<path class="arrow" d="M130 59H383"/><path class="tip" d="M390 59l-8 -4v8z"/><text class="said" x="140" y="55">asks</text>',
    );
    expect(svg).toContain('<path class="arrow" d="M390 81H137"/><path class="tip" d="M130 81l8 -4v8z"/><text class="said" x="140" y="77">');
    expect(svg).toContain('<circle class="dot" cx="130" cy="99" r="3"/><text class="note" x="138" y="103">alone</text>');
    expect(svg).toContain('<path class="world" d="M98 121H622"/><text class="note" x="110" y="118">cut</text>');
  });

  test('has a dot for what somebody says to itself', () => {
    expect(svgOf([drawn('muses', 'a', 'a')], 't')).toContain('<circle class="dot" cx="130" cy="55" r="3"/>');
  });

  test('has a time in each row, and a band where something is wrong', () => {
    expect(svg.match(/class="time"/g)).toHaveLength(4);
    expect(svg).toContain('<rect class="band" x="0" y="66" width="94" height="22"/><text class="time" x="8" y="81">1.500000 s</text>');
    expect(svg.match(/class="band"/g)).toHaveLength(1);
  });

  test('has nothing in it that is not its own', () => {
    expect(svg).toContain('aria-label="a &#38; &#60;b&#62;&#38;&#34;&#39;|');
    expect(svg.match(/<\/svg>/g)).toHaveLength(1);
    for (const each of ['<b>', '\u001b']) expect(svg).not.toContain(each);
    expect(svg.replace(/<style>[\s\S]*<\/style>/, '').match(/&(?!#\d+;)/g)).toBeNull();
  });

  test('cuts what does not fit, and says how many rows are left out', () => {
    const wide = svgOf([drawn('w'.repeat(100), 'a', 'b')], 't');
    expect(wide).toContain(`>${'w'.repeat(35)}…<`);
    expect(svgOf([drawn('w'.repeat(36), 'a', 'b')], 't')).toContain(`>${'w'.repeat(36)}<`);
    expect(svgOf(ROWS, 't', 3)).toContain('>… 1 more<');
    expect(svgOf(ROWS, 't', 3)).toContain('viewBox="0 0 630 144"');
    expect(svgOf(ROWS, 't', 4)).not.toContain('more<');
    expect(svgOf(ROWS, 't', 3).match(/class="time"/g)).toHaveLength(3);
    expect(svgOf(many(401), 't')).toContain('>… 1 more<');
    expect(svgOf(many(400), 't')).not.toContain('more<');
  });
});

describe('Mermaid', () => {
  test('has what happens in order, and no character of a peer that is syntax', () => {
    expect(mermaidOf(ROWS)).toBe(
      [
        'sequenceDiagram',
        '  participant p0 as a/one.1',
        '  participant p1 as b/two.2',
        '  p0->>p1: asks',
        '  p1->>p0: ▒ #60;b#62;#38;#34;#39;#124;#96;*_#91;x#93;(y)#35;#59;#10;#27;#60;/svg#62;',
        '  Note right of p0: alone',
        '  Note over p0,p1: cut',
        '',
      ].join('\n'),
    );
  });

  test('says how many rows are left out, and of one lane or none is a diagram all the same', () => {
    expect(mermaidOf(ROWS, 3)).toContain('  Note right of p0: alone\n  Note over p0,p1: … 1 more\n');
    expect(mermaidOf([drawn('alone', 'a'), drawn('cut', '')])).toContain('  Note over p0: cut\n');
    expect(mermaidOf([drawn('', 'a')])).toContain('  Note right of p0:  \n');
    expect(mermaidOf([drawn('muses', 'a', 'a')])).toContain('  Note right of p0: muses\n');
    expect(mermaidOf([drawn('cut', ''), drawn('on', '')], 1)).toBe(
      'sequenceDiagram\n  participant p0 as world\n  Note over p0: cut\n  Note over p0: … 1 more\n',
    );
    expect(mermaidOf(many(201))).toContain('  Note over p0: … 1 more\n');
    expect(mermaidOf(many(200))).not.toContain('more');
    expect(mermaidOf([])).toBe('sequenceDiagram\n');
    expect(mermaidOf([drawn('cut', '')], 0)).toBe('sequenceDiagram\n');
  });
});

describe('Markdown', () => {
  const header: TraceHeader = {
    version: [1, 0],
    engine: 1,
    kind: 'sim',
    clock: 'virtual',
    name: 'own/a_b',
    seed: '7',
    plan: null,
    title: 'A <title>',
  };
  const footer: TraceFooter = { events: 4, fingerprint: '', outcome: 'fail', check: 'is|so', at: 3, why: 'it *was*\nnot' };

  test('says what it is and how it ended, and has a row for each event', () => {
    const page = markdownOf(ROWS, header, footer);
    expect(page.split('\n').slice(0, 7)).toEqual([
      ...['# own/a&#95;b', '', 'A &#60;title&#62;', ''],
      'A trace of kind sim, seed <code>7</code>. **fail** <code>is&#124;so</code> at event 3: it &#42;was&#42; not',
      ...['', '```mermaid'],
    ]);
    const escaped = '&#60;b&#62;&#38;"\'&#124;&#96;&#42;&#95;&#91;x&#93;&#40;y&#41;&#35;; &#92;u&#123;1b&#125;&#60;/svg&#62;';
    expect(page.split('\n').slice(-7)).toEqual([
      '| event | time | who | | what |',
      '| ---: | ---: | --- | --- | --- |',
      '| 0 | 0.000000 s | <code>a/one.1</code> | → <code>b/two.2</code> | asks |',
      `| 0 | 1.500000 s | <code>b/two.2</code> | → <code>a/one.1</code> | ${escaped} |`,
      '| 0 | 0.000000 s | <code>a/one.1</code> |  | alone |',
      '| 0 | 0.000000 s |  |  | cut |',
      '',
    ]);
  });

  test('of a run without an end or a seed says so, and how many rows are left out', () => {
    expect(markdownOf(ROWS, { ...header, seed: '' }, undefined)).toContain('\nA trace of kind sim. The trace has no end.\n');
    expect(markdownOf(ROWS, header, { ...footer, outcome: 'pass', check: '', why: '' })).toContain('. **pass**\n');
    const short = markdownOf(ROWS, header, footer, 1);
    expect(short.endsWith('| asks |\n\n… 3 more.\n')).toBe(true);
    expect(short).toContain('  Note over p0,p1: … 3 more\n');
    expect(markdownOf(ROWS, header, footer, 4)).not.toContain('more');
    expect(markdownOf(many(121), header, footer).endsWith('| on |\n\n… 1 more.\n')).toBe(true);
    expect(markdownOf(many(120), header, footer).endsWith('| on |\n')).toBe(true);
    // The diagram has fewer than the table.
    const long = markdownOf(many(70), header, footer);
    expect(long).toContain('  Note over p0: … 10 more\n');
    expect(long.match(/^\| 0 \|/gm)).toHaveLength(70);
  });
});

// ── Perfetto ────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Slice {
  readonly ph: string;
  readonly [name: string]: unknown;
}
const perfetto = (given: readonly Given[], labels: ReadonlyMap<number, string> = new Map()): readonly Slice[] =>
  JSON.parse([...perfettoOf(eventsOf(given), labels)].join('')).traceEvents;

describe('Perfetto', () => {
  const [one, two] = ['m/one.1', 'm/two.2'];
  const made = perfetto(
    [
      { kind: 'start', process: one, at: 1 },
      { kind: 'timer', process: one, data: { id: 1 }, at: 2 },
      { kind: 'timer', process: two, data: { id: 1 }, at: 3 },
      { kind: 'send', process: one, message: 5, at: 4 },
      { kind: 'recv', process: two, message: 5, at: 6 },
      { kind: 'recv', process: two, message: 6, at: 6 },
      { kind: 'fire', process: one, data: { id: 1 }, at: 7 },
      { kind: 'cancel', process: two, data: { id: 1 }, at: 8 },
      { kind: 'fault', data: { fault: 0, kind: 'pause', step: 'begin' }, at: 9 },
      { kind: 'fault', data: { fault: 0, kind: 'pause', step: 'end' }, at: 10 },
      { kind: 'exit', process: one, data: { code: 0 }, at: 11 },
      { kind: 'start', process: two, at: 12 },
      { kind: 'log', process: 'n/one.1', at: 20 },
    ],
    new Map([[3, 'asks']]),
  );
  const of = (ph: string): readonly Slice[] => made.filter(each => each.ph === ph);

  test('names machines and their processes, and the world', () => {
    expect(of('M')).toEqual([
      { ph: 'M', pid: 1, name: 'process_name', args: { name: 'm' } },
      { ph: 'M', pid: 1, tid: 1, name: 'thread_name', args: { name: 'one.1' } },
      { ph: 'M', pid: 1, tid: 2, name: 'thread_name', args: { name: 'two.2' } },
      { ph: 'M', pid: 2, name: 'process_name', args: { name: 'world' } },
      { ph: 'M', pid: 2, tid: 3, name: 'thread_name', args: { name: 'world' } },
      { ph: 'M', pid: 3, name: 'process_name', args: { name: 'n' } },
      { ph: 'M', pid: 3, tid: 4, name: 'thread_name', args: { name: 'one.1' } },
    ]);
  });

  test('has an instant for each event, by its label or its kind', () => {
    expect(of('X')).toHaveLength(13);
    expect(of('X')[3]).toEqual({ ph: 'X', dur: 1, name: 'asks', cat: 'send', ts: 4, pid: 1, tid: 1, args: { event: 3 } });
    expect(of('X')[6]).toEqual({ ph: 'X', dur: 1, name: 'fire', cat: 'fire', ts: 7, pid: 1, tid: 1, args: { event: 6, id: 1 } });
  });

  test('has an arrow from who sends to who reads, and none that nobody sent', () => {
    expect(of('s')).toEqual([{ ph: 's', id: 5, name: 'message', cat: 'message', ts: 4, pid: 1, tid: 1 }]);
    expect(of('f')).toEqual([{ ph: 'f', bp: 'e', id: 5, name: 'message', cat: 'message', ts: 6, pid: 1, tid: 2 }]);
  });

  test('has a slice for a timer, a fault and a life, each with its own end; what is open ends with the trace', () => {
    const spans = (ph: string): readonly string[] => of(ph).map(({ id, ts }) => `${ts} ${id}`);
    expect(spans('b')).toEqual(['1 life m/one.1', '2 timer m/one.1 1', '3 timer m/two.2 1', '9 fault:pause 0', '12 life m/two.2']);
    expect(spans('e')).toEqual(['7 timer m/one.1 1', '8 timer m/two.2 1', '10 fault:pause 0', '11 life m/one.1', '20 life m/two.2']);
    expect(of('b').map(({ name }) => name)).toEqual(['life', 'timer', 'timer', 'fault:pause', 'life']);
  });

  test('has no end of what has not begun', () => {
    const kinds = perfetto([
      { kind: 'fire', process: one, data: { id: 1 } },
      { kind: 'exit', process: one },
    ]).map(({ ph }) => ph);
    expect(kinds).toEqual(['M', 'M', 'X', 'X']);
  });

  test('has an arrow for a datagram, too, and a machine whose name has a stroke in it', () => {
    const datagram = perfetto([
      { kind: 'datagram', process: 'x/m/one.1', message: 7, at: 1 },
      { kind: 'receive', process: 'x/n/two.2', message: 7, at: 2 },
    ]);
    expect(datagram.filter(({ ph }) => ph === 's' || ph === 'f').map(({ ph, id, ts, pid }) => [ph, id, ts, pid])).toEqual([
      ['s', 7, 1, 1],
      ['f', 7, 2, 2],
    ]);
    expect(datagram.filter(({ name }) => name === 'process_name').map(({ args }) => args)).toEqual([{ name: 'x/m' }, { name: 'x/n' }]);
  });

  test('of nothing is a file all the same', () => {
    expect(perfetto([])).toEqual([]);
  });
});

test('what comments begin with is the protocol', () => {
  expect(notePrefix('own')).toBe('own: ');
});
