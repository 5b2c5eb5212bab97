import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { openWriter, readChunks } from '../../src/node/files.ts';

const directory = mkdtempSync(join(tmpdir(), 'slipway-files-'));
const at = (name: string): string => join(directory, name);
afterAll(() => rmSync(directory, { recursive: true }));

const LINES = Array.from({ length: 5_000 }, (_, number) => `{"event":${number},"text":"Straße ${(number * 7919) % 1000}"}\n`);

async function readAll(path: string): Promise<{ text: string; problem: string | undefined }> {
  const reader = readChunks(path);
  if (!reader.ok) return { text: '', problem: reader.error.code };
  const chunks: Uint8Array[] = [];
  for await (const chunk of reader.value) chunks.push(chunk);
  return { text: Buffer.concat(chunks).toString(), problem: reader.value.problem?.kind };
}

function writeLines(path: string): void {
  const writer = openWriter(path);
  if (!writer.ok) throw new Error(writer.error.code);
  for (const line of LINES) writer.value.write(line);
  expect(writer.value.close()).toEqual({ ok: true, value: undefined });
}

test.each(['plain.jsonl', 'packed.jsonl.gz'])('%s: what was written is read', async name => {
  writeLines(at(name));
  expect(await readAll(at(name))).toEqual({ text: LINES.join(''), problem: undefined });
});

test('the compressed file is what gzip takes, smaller, and the same each time', () => {
  writeLines(at('one.gz'));
  writeLines(at('two.gz'));
  expect(execFileSync('gzip', ['-dc', at('one.gz')]).toString()).toBe(LINES.join(''));
  expect(readFileSync(at('one.gz')).length).toBeLessThan(LINES.join('').length / 3);
  expect(readFileSync(at('one.gz')).equals(readFileSync(at('two.gz')))).toBe(true);
});

test('a file cut anywhere is read up to the last flush before the cut, and said to be truncated', async () => {
  writeLines(at('whole.gz'));
  const whole = readFileSync(at('whole.gz'));
  for (const share of [0, 0.001, 0.3, 0.5, 0.77, 0.999]) {
    const cut = Math.floor(whole.length * share);
    writeFileSync(at('cut.gz'), whole.subarray(0, cut));
    const { text, problem } = await readAll(at('cut.gz'));
    expect(problem).toBe('truncated');
    expect(LINES.join('').startsWith(text)).toBe(true);
    // At most one block of five is missing beside what was cut off.
    expect(text.length / LINES.join('').length).toBeGreaterThanOrEqual(share - 0.21);
  }
});

test('what was flushed is in the file before it is closed, and every 1024 texts are', async () => {
  const writer = openWriter(at('open.gz'));
  if (!writer.ok) throw new Error(writer.error.code);
  writer.value.write('one\n');
  writer.value.flush();
  writer.value.write('two\n');
  expect(await readAll(at('open.gz'))).toEqual({ text: 'one\n', problem: 'truncated' });
  for (const line of LINES.slice(0, 1_024)) writer.value.write(line);
  expect((await readAll(at('open.gz'))).text).toBe(`one\ntwo\n${LINES.slice(0, 1_023).join('')}`);
  writer.value.close();
  expect(await readAll(at('open.gz'))).toEqual({ text: `one\ntwo\n${LINES.slice(0, 1_024).join('')}`, problem: undefined });
});

test('a broken file gives what is whole, and the reason', async () => {
  const bytes = gzipSync(LINES.join(''), { level: 0 });
  bytes.fill(0xff, 60_000, 130_000);
  writeFileSync(at('broken.gz'), bytes);
  const { text, problem } = await readAll(at('broken.gz'));
  expect(problem).toBe('corrupt');
  expect(text.slice(0, 10_000)).toBe(LINES.join('').slice(0, 10_000));
  writeFileSync(at('no.gz'), 'not gzip at all');
  expect(await readAll(at('no.gz'))).toEqual({ text: '', problem: 'corrupt' });
});

test('what cannot be opened says why', async () => {
  expect((await readAll(at('missing'))).problem).toBe('ENOENT');
  expect((await readAll(directory)).problem).toBe('EISDIR');
  const outcomes = [openWriter(directory), openWriter(at('missing/file'))].map(result => (result.ok ? 'ok' : result.error.code));
  expect(outcomes).toEqual(['EISDIR', 'ENOENT']);
});

test('an error while writing is kept and told by close', () => {
  const writer = openWriter('/dev/full');
  if (!writer.ok) throw new Error(writer.error.code);
  writer.value.write('lost');
  const first = writer.value.close();
  expect(first.ok ? 'ok' : first.error.code).toBe('ENOSPC');
  expect(writer.value.close()).toEqual(first);
});
