/** The pages of traces/ are what is made of the runs there, and tell of every one of them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { catalogue, protocols } from '../support/protocols.ts';
import { galleryOf } from './gallery.ts';
import { keptRuns, TRACES } from './kept.ts';

const HOW = 'write them again with: npm run gallery';
const pages = galleryOf(protocols, keptRuns());

test.each([...pages.keys()])('%s is what the runs make of it', path => {
  expect(existsSync(new URL(path, TRACES)), HOW).toBe(true);
  expect(readFileSync(new URL(path, TRACES), 'utf8') === pages.get(path), HOW).toBe(true);
});

test('there is no picture of anything else', () => {
  const pictures = readdirSync(TRACES, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.svg'));
  expect(pictures.filter(name => !pages.has(name))).toEqual([]);
});

test('every run has a row, and says what is to be looked at', () => {
  const index = pages.get('README.md') ?? '';
  const rows = index.split('\n').filter(line => line.startsWith('| '));
  for (const { slug } of catalogue.recordings)
    expect(
      rows.filter(row => row.startsWith(`| ${slug} | `) && /\| \S[^|]+ \|$/.test(row)),
      slug,
    ).toHaveLength(1);
});

test('every failure has a picture with its lanes, a story, and the commands', () => {
  for (const protocol of protocols) {
    const page = pages.get(`${protocol.name}/README.md`) ?? '';
    for (const { slug, violates } of protocol.recordings ?? []) {
      if (violates === undefined) continue;
      expect(page).toContain(`](${slug}.svg)`);
      expect(page).toMatch(new RegExp(`slipway replay traces/${protocol.name}/${slug}@\\d+\\.jsonl`));
      expect(page).toContain(`Fails \`${violates}\`: `);
      expect(pages.get(`${protocol.name}/${slug}.svg`)).toContain('class="lane"');
    }
  }
});

test('pages and pictures are small', () => {
  const total = [...pages.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  expect(total).toBeLessThan(1_000_000);
});
