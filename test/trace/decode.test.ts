import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blockHash } from '../../src/trace/chain.ts';
import type { Item } from '../../src/trace/decode.ts';
import { TraceDecoder } from '../../src/trace/decode.ts';
import { encodeTrace } from '../../src/trace/encode.ts';
import { formatProblem } from '../../src/trace/problem.ts';
import type { ReadTrace } from '../../src/trace/read.ts';
import { readTrace } from '../../src/trace/read.ts';
import { bytesOf, event, HEADER, linesOf, openLinesOf, PASS, sequence, trace } from './arbitrary.ts';

const read = (lines: readonly string[]): ReadTrace => readTrace([bytesOf(lines)]);
const told = (result: ReadTrace): string[] => result.problems.map(formatProblem);

/** The lines with one of them changed. */
function changed(lines: readonly string[], at: number, change: (line: string) => string): string[] {
  return lines.map((line, index) => (index === at ? change(line) : line));
}

test('decode(encode(x)) = x, at every split of the bytes', () => {
  fc.assert(
    fc.property(trace, fc.array(fc.nat(), { maxLength: 6 }), ({ header, events, ending }, cuts) => {
      const bytes = new TextEncoder().encode([...encodeTrace(header, events, ending)].join(''));
      const places = [0, ...cuts.map(cut => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
      const pieces = places.map((from, index) => bytes.subarray(from, places[index + 1] ?? bytes.length));
      for (const chunks of [[bytes], pieces, Array.from(bytes, byte => Uint8Array.of(byte))]) {
        const result = readTrace(chunks);
        expect(told(result)).toEqual([]);
        expect(result.state).toBe('complete');
        expect(result.header).toEqual(header);
        expect(result.events).toEqual(events);
        expect(result.footer).toMatchObject({ events: events.length, ...ending });
      }
    }),
    { numRuns: 60 },
  );
});

test('and encoding what was decoded gives the same bytes', () => {
  fc.assert(
    fc.property(trace, ({ header, events, ending }) => {
      const text = [...encodeTrace(header, events, ending)].join('');
      const result = readTrace([new TextEncoder().encode(text)]);
      expect([...encodeTrace(result.header ?? HEADER, result.events, ending)].join('')).toBe(text);
    }),
  );
});

test('a chunk may be used again after push', () => {
  const bytes = bytesOf(linesOf(sequence(20)));
  const decoder = new TraceDecoder();
  const buffer = new Uint8Array(7);
  const items: Item[] = [];
  for (let at = 0; at < bytes.length; at += 7) {
    const piece = bytes.subarray(at, at + 7);
    buffer.set(piece);
    items.push(...decoder.push(buffer.subarray(0, piece.length)));
    buffer.fill(0x21);
  }
  expect(decoder.finish().state).toBe('complete');
  expect(items.filter(item => item.type === 'event').map(item => item.event)).toEqual(sequence(20));
});

test('checkpoints are verified as they come', () => {
  const decoder = new TraceDecoder();
  const items = decoder.push(bytesOf(linesOf(sequence(2050))));
  expect(items.filter(item => item.type === 'checkpoint')).toEqual([
    { type: 'checkpoint', index: 1023, verified: true },
    { type: 'checkpoint', index: 2047, verified: true },
  ]);
});

test('the half-close of a stream is not the end of the trace', () => {
  const list = [event(0), event(1, { kind: 'end' }), event(2)];
  expect(read(linesOf(list)).events).toEqual(list);
});

test('comments are skipped, wherever they are but at the start, and do not count as a change', () => {
  const lines = linesOf(sequence(1030));
  const result = read([...lines.slice(0, 1), '# here it begins', ...lines.slice(1), '# the end \u001b[0m']);
  expect([result.state, told(result)]).toEqual(['complete', []]);
  expect(readTrace([new TextEncoder().encode(`${lines.join('\n')}\n# cut`)]).state).toBe('complete');
  expect(read(['# first', ...lines]).state).toBe('unreadable');
});

test('cut anywhere, everything before the cut is given', () => {
  const lines = linesOf(sequence(4));
  const bytes = bytesOf(lines);
  const header = lines[0]?.length ?? 0;
  for (let end = header; end < bytes.length - 1; end++) {
    const result = readTrace([bytes.subarray(0, end)]);
    const whole = new TextDecoder().decode(bytes.subarray(0, end + 1)).split('\n').length - 2;
    expect(result.state).toBe('incomplete');
    expect(result.events).toEqual(sequence(4).slice(0, Math.min(4, whole)));
    expect(result.problems.every(problem => problem.code === 'incomplete')).toBe(true);
  }
  expect(readTrace([bytes.subarray(0, bytes.length - 1)]).state).toBe('complete');
});

test('a half last line is mentioned', () => {
  const bytes = bytesOf(linesOf(sequence(4)).slice(0, 4));
  const result = readTrace([bytes.subarray(0, bytes.length - 5)]);
  expect(told(result)).toEqual([
    'line 4 (byte 352): the last line stops after 73 bytes and was left out; the file was cut, or is still being written',
    'line 4 (byte 352): the trace has no footer; its recording was cut short; what is there can be used',
  ]);
});

test('an altered block is named, and the blocks after it are judged by themselves', () => {
  const lines = linesOf(sequence(3000));
  const result = read(changed(lines, 1500, line => line.replace('"t":', '"t":1')));
  expect(result.state).toBe('altered');
  expect(result.events.length).toBe(3000);
  expect(result.problems.map(problem => [problem.code, problem.line])).toEqual([['altered', 2051]]);
  expect(result.problems[0]?.message).toMatch(
    /^the block of events 1024 to 2047 was changed: its bytes hash to [0-9a-f]{32}, written was [0-9a-f]{32}$/,
  );
});

test.each<[string, (lines: string[]) => string[]]>([
  ['the header', lines => changed(lines, 0, line => line.replace('"seed":"7"', '"seed":"8"'))],
  ['a payload', lines => changed(lines, 2, line => line.replace('"raw":"01"', '"raw":"02"'))],
  ['white space', lines => changed(lines, 2, line => `${line} `)],
  ['line ends', lines => lines.map(line => `${line}\r`)],
  ['why in the footer', lines => changed(lines, lines.length - 1, line => line.replace('"why":""', '"why":"x"'))],
  ['the outcome', lines => changed(lines, lines.length - 1, line => line.replace('"pass"', '"fail"'))],
  ['a hash', lines => changed(lines, lines.length - 1, line => line.replace(/"h":"../, '"h":"00'))],
  ['the fingerprint', lines => changed(lines, lines.length - 1, line => line.replace(/"s":"../, '"s":"00'))],
  ['the count', lines => changed(lines, lines.length - 1, line => line.replace('"events":9', '"events":8'))],
  ['an event left out', lines => lines.toSpliced(4, 1)],
  ['the last event left out', lines => lines.toSpliced(9, 1)],
  ['an event twice', lines => lines.toSpliced(4, 0, lines[4] ?? '')],
  ['two events exchanged', lines => lines.toSpliced(4, 2, lines[5] ?? '', lines[4] ?? '')],
  ['an empty line', lines => lines.toSpliced(4, 0, '')],
  ['a line after the end', lines => [...lines, lines[3] ?? '']],
])('altered: %s', (_, alter) => {
  const lines = linesOf(sequence(9));
  expect(read(lines).state).toBe('complete');
  const result = read(alter(lines));
  expect(result.state).toBe('altered');
  expect(result.problems.length).toBeGreaterThan(0);
});

test('a checkpoint that was moved is out of place', () => {
  const lines = linesOf(sequence(1030));
  const [checkpoint = ''] = lines.splice(1025, 1);
  const result = read(lines.toSpliced(1020, 0, checkpoint));
  expect(result.state).toBe('altered');
  expect(told(result)[0]).toContain('this checkpoint follows event 1023, found it after event 1018');
});

test('an event that comes twice is given once', () => {
  const lines = linesOf(sequence(9));
  const result = read(lines.toSpliced(4, 0, lines[2] ?? ''));
  expect(result.events).toEqual(sequence(9));
  expect(told(result)[0]).toContain('event 3 is next, found event 1');
});

test('a footer with a true hash can still tell what is not so', () => {
  /** The lines with the hash that a forger would put into their footer. */
  const signed = (lines: readonly string[]): string[] => {
    const zeros = changed(lines, lines.length - 1, line => line.replace(/"h":".{32}"/, `"h":"${'0'.repeat(32)}"`));
    return changed(zeros, lines.length - 1, line => line.replace(/"h":".{32}"/, `"h":"${blockHash('', bytesOf(zeros))}"`));
  };
  const lines = linesOf(sequence(9));
  expect(signed(lines)).toEqual(lines);
  const forge = (from: string, to: string): string[] => told(read(signed(changed(lines, 10, line => line.replace(from, to)))));
  expect(forge('"events":9', '"events":8')).toEqual([expect.stringContaining('the trace was written with 8 events, found 9')]);
  expect(forge('"at":-1', '"at":9')).toEqual([expect.stringContaining('"at" must be the index of an event, found 9')]);
  expect(forge('"s":"', '"s":"00')).toEqual([
    expect.stringContaining('"s" must be 16 hexadecimal digits'),
    expect.stringContaining('no footer'),
  ]);
});

test('after a gap, events are read on', () => {
  const result = read(linesOf(sequence(9)).toSpliced(4, 2));
  expect(result.events.map(each => each.index)).toEqual([0, 1, 2, 5, 6, 7, 8]);
  expect(told(result)[0]).toBe('line 5 (byte 430): event 3 is next, found event 5; lines were lost, added or moved');
});

test.each<[string, string, string]>([
  ['"t":1000', '"t":"12s"', '"t" must be an integer number of microseconds, found "12s"'],
  ['"t":1000', '"t":1.5', '"t" must be an integer number of microseconds, found 1.5'],
  ['"t":1000', '"t":-1', '"t" must be an integer number of microseconds, found -1'],
  ['"t":1000,', '', '"t" is missing: it must be an integer number of microseconds'],
  ['"i":1', '"i":[1]', '"i" must be an integer from 0, found a list'],
  ['"i":1', '"i":9007199254740993', '"i" must be an integer from 0, found 9007199254740992'],
  ['"k":"send"', '"k":"sent"', '"k" must be a kind of event of this version, found "sent"'],
  ['"k":"send"', '"k":"\\u001b[2J"', '"k" must be a kind of event of this version, found "\\u001b[2J"'],
  ['"k":"send",', '', '"k" is missing: it must be the kind of the event'],
  ['"n":"m/child.101"', '"n":null', '"n" must be text, found null'],
  ['"k":"send"', '"k":"send","c":1', '"c" must be the index of an earlier event, found 1'],
  ['"k":"send"', '"k":"send","m":-1', '"m" must be an integer from 0, found -1'],
  ['"ch":"pipe1"', '"ch":{}', '"ch" must be text, found an object'],
  ['"len":1,', '', '"len" is missing: it must be an integer from 0, beside "raw"'],
  [',"raw":"01"', '', '"raw" is missing: it must be an even number of hexadecimal digits, beside "len"'],
  ['"raw":"01"', '"raw":"1"', '"raw" must be an even number of hexadecimal digits, beside "len", found "1"'],
  ['"raw":"01"', '"raw":"0102"', '"raw" must be at most the 1 bytes that "len" says, found "2 bytes"'],
  ['"raw":"01"', '"raw":"01","d":{"a":null}', '"d" must be an object of text, finite numbers and truth values, found an object'],
  ['"raw":"01"', '"raw":"01","d":{"a":1e999}', '"d" must be an object of text, finite numbers and truth values, found an object'],
  ['"raw":"01"', '"raw":"01","d":[]', '"d" must be an object of text, finite numbers and truth values, found a list'],
  ['"raw":"01"', '"raw":"01","e\u0007":1', 'this version has no key "e\\u{7}" here'],
])('a wrong field: %s as %s', (from, to, message) => {
  const lines = changed(linesOf(sequence(3)), 2, line =>
    line.replace(from, JSON.stringify(to).includes('\\u0007') ? to.replace('\u0007', '\\u0007') : to),
  );
  const result = read(lines);
  expect(result.problems[0]).toMatchObject({ code: 'field', line: 3, message });
  expect(result.events.map(each => each.index)).toEqual([0, 2]);
  expect(result.state).toBe('altered');
  // The line may have been event 1, so that event 2 comes next is no second mistake.
  expect(result.problems.map(problem => problem.code)).not.toContain('order');
});

test.each<[string, number, string]>([
  ['{"i":1,}', 8, 'expected a key in quotation marks, found "}"'],
  ['{"i":1', 7, 'expected "," or "}", found the end of the line'],
  ['{"i" 1}', 6, 'expected ":", found "1"'],
  ['{"i":01}', 7, 'expected "," or "}", found "1"'],
  ['{"i":1}}', 8, 'expected the end of the line, found "}"'],
  ['{"i":undefined}', 6, 'expected a JSON value, found "u"'],
  ['{"i":"\\x"}', 7, 'expected one of the escapes of JSON, found "\\"'],
  ['{"i":"\u0007"}', 7, 'expected an escape for a control character, found "\\u{7}"'],
  ['{"i":"abc}', 6, 'the text that starts here has no end'],
  ['{"i":1,"i":2}', 8, 'the key "i" comes twice'],
  ['{"i":1,"\\u0069":2}', 8, 'the key "i" comes twice'],
  ['{"i":1,"d":{"a":1,"b":[{"x":1}],"a":2}}', 33, 'the key "a" comes twice'],
  ['', 1, 'expected a JSON value, found the end of the line'],
])('a mistake in the JSON is found at its column: %s', (line, column, message) => {
  const result = read(changed(linesOf(sequence(3)), 2, () => line));
  expect(result.problems[0]).toMatchObject({ code: 'syntax', line: 3, column, message });
});

test('a line that is no object, and a line that is not UTF-8', () => {
  expect(told(read(changed(linesOf(sequence(3)), 2, () => '[1]')))[0]).toContain('every line of a trace is a JSON object');
  const bytes = bytesOf(linesOf(sequence(3)));
  bytes[bytes.indexOf(0x0a) + 3] = 0xff;
  expect(readTrace([bytes]).problems[0]).toMatchObject({ code: 'encoding', line: 2 });
});

test('a trace with true hashes and another fingerprint was not written by an encoder that agrees', () => {
  const lines = openLinesOf(sequence(1024));
  // The fingerprint of a checkpoint is not in the chain of its own block, so only its own check can find this.
  const result = read(changed(lines, 1025, line => line.replace(/"s":".{16}"/, '"s":"0123456789abcdef"')));
  expect(told(result)[0]).toContain('have fingerprint');
  expect(result.state).toBe('altered');
});

test('a payload that was cut at writing: the length is known, the fingerprint is not judged, a change is found all the same', () => {
  const list = [event(0, { bytes: new Uint8Array([1, 2, 3, 4, 5]) }), event(1)];
  const lines = [...encodeTrace(HEADER, list, PASS, { rawLimit: 2 })].join('').split('\n').slice(0, -1);
  const result = read(lines);
  expect([result.state, told(result), [...result.truncated]]).toEqual(['complete', [], [[0, 5]]]);
  expect(result.events[0]?.bytes).toEqual(new Uint8Array([1, 2]));
  expect(read(changed(lines, 2, line => line.replace('1000', '1001'))).state).toBe('altered');
});

test('versions: another major is refused by name, a newer minor is read with what it adds ignored', () => {
  const lines = openLinesOf(sequence(3));
  const major = read(changed(lines, 0, line => line.replace('"v":[1,0]', '"v":[2,3]').replace('"kind":"sim"', '"nature":7')));
  expect(major.state).toBe('unreadable');
  expect(told(major)).toEqual([
    'line 1 (byte 0): the trace has version 2.3, this reader has version 1.0; read it with a newer release of Slipway, one whose trace version starts with 2',
  ]);
  expect(told(read(changed(lines, 0, line => line.replace('[1,0]', '[0,9]'))))[0]).toContain('an older release');
  const minor = changed(lines, 0, line => line.replace('"v":[1,0]', '"v":[1,7],"mood":{"a":[1]}'));
  const result = read(changed(minor, 2, line => line.replace('"k":"send"', '"k":"teleport","where":{"x":[1,{}]}')));
  expect(result.problems.map(problem => problem.code)).toEqual(['incomplete']);
  expect(result.unknownKinds).toBe(1);
  expect(result.events.map(each => String(each.kind))).toEqual(['send', 'teleport', 'send']);
});

test.each<[string, Uint8Array, string]>([
  ['nothing', new Uint8Array(0), 'the file is empty'],
  ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0, 10), 'this is gzip'],
  ['other JSON', bytesOf(['{"log":{"version":"1.2"}}']), 'is not the header of a trace'],
  ['a byte order mark', bytesOf([`\ufeff${linesOf([])[0]}`]), '(column 1: expected a JSON value, found "\\u{feff}")'],
  ['half a header', bytesOf(linesOf([])).subarray(0, 50), 'is not the header of a trace'],
  ['a wrong version', bytesOf(['{"format":"slipway-trace","v":"1"}']), '"v" must be the version'],
  ['a wrong unit', bytesOf(changed(linesOf([]), 0, line => line.replace('"us"', '"ms"'))), '"unit" must be "us"'],
  ['no plan', bytesOf(changed(linesOf([]), 0, line => line.replace(/,"plan":.*\}/, '}'))), '"plan" is missing'],
  ['an unknown key', bytesOf(changed(linesOf([]), 0, line => line.replace('"unit"', '"x":1,"unit"'))), 'no key "x"'],
])('unreadable: %s', (_, bytes, message) => {
  const result = readTrace([bytes]);
  expect(result.state).toBe('unreadable');
  expect(result.header).toBeUndefined();
  expect(result.problems.length).toBe(1);
  expect(result.problems[0]?.message).toContain(message);
});
