/** The shortest way to read this: it is as short as ARCHITECTURE.md says, and each of its parts begins where a paragraph does. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ROOT } from '../support/slipway.ts';

const LIMIT = 450;
const [, path = ''] = /<!-- reading path -->\n([\s\S]*?)<!-- end -->/.exec(readFileSync(`${ROOT}ARCHITECTURE.md`, 'utf8')) ?? [];
/** Counted as an editor does, from 1; both ends are read. */
const parts = [...path.matchAll(/^- `([^`:]+)(?::(\d+)-(\d+))?`: /gm)].map(([, file = '', first, last]) => {
  const lines = readFileSync(ROOT + file, 'utf8')
    .split('\n')
    .slice(0, -1);
  return { file, lines, first: Number(first ?? 1), last: Number(last ?? lines.length) };
});

test('is a list of files, and of lines that there are', () => {
  expect(parts.length).toBe(path.trim().split('\n').length);
  expect(parts.length).toBeGreaterThan(3);
  for (const { file, lines, first, last } of parts) {
    expect(last, file).toBeLessThanOrEqual(lines.length);
    expect(first, file).toBeLessThan(last);
  }
});

test(`has at most ${LIMIT} lines`, () => {
  expect(parts.reduce((sum, { first, last }) => sum + last - first + 1, 0)).toBeLessThanOrEqual(LIMIT);
});

test.each(parts)('$file:$first begins where a paragraph does', ({ lines, first }) => {
  expect(lines[first - 2] ?? '').toBe('');
});
