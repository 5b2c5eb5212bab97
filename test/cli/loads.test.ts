/** A command loads what it uses: the start of everything else is time that every call of it takes. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadCommands, loadProtocols, protocols } from '../../protocols/index.ts';
import { bundledFrom } from '../support/bundle.ts';
import { slipway } from '../support/slipway.ts';

const modulesOf = (names: readonly string[]): RegExp => new RegExp(`^protocols/(?:${names.join('|')})\\.ts$`);
const PROTOCOLS = modulesOf(Object.keys(protocols));
/** Every one but that of the commands below. */
const OTHERS = modulesOf(Object.keys(protocols).filter(name => name !== 'lifetime'));
const FORMS = /^conformance\/report\/forms\.ts$/;
const SCHEMAS = /\/node_modules\/zod\//;

test.each([
  ['--help', [PROTOCOLS, SCHEMAS, FORMS]],
  ['conform --help', [PROTOCOLS, SCHEMAS, FORMS]],
  ['show traces/lifetime/healthy@17.jsonl', [OTHERS, SCHEMAS, FORMS]],
  ['replay traces/lifetime/healthy@17.jsonl', [OTHERS, SCHEMAS, FORMS]],
  ['run lifetime/healthy --seed 0', [OTHERS, SCHEMAS, FORMS]],
  ['conform lifetime --sim --case lifetime.child.start.database-first', [OTHERS, SCHEMAS, FORMS]],
])('slipway %s', async (line, unused) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-loads-'));
  try {
    // Node's own way to tell which modules it has run.
    expect(await slipway(line.split(' '), { env: { NODE_V8_COVERAGE: folder } })).toMatchObject({ code: 0 });
    const loaded = readdirSync(folder).flatMap(name => urlsIn(readFileSync(join(folder, name), 'utf8')));
    const sources = loaded.flatMap(url => [url, ...bundledFrom(url)]);
    expect(sources.filter(each => each === 'cli/slipway.ts')).toHaveLength(1);
    expect(sources.filter(source => unused.some(each => each.test(source)))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the commands that are there without their protocols are those of the protocols', async () => {
  const theirs = (await loadProtocols()).flatMap(({ name, commands }) => (commands === undefined ? [] : [[name, commands]]));
  expect(await loadCommands()).toEqual(Object.fromEntries(theirs));
});

function urlsIn(coverage: string): readonly string[] {
  const { result }: { readonly result: readonly { readonly url: string }[] } = JSON.parse(coverage);
  return result.map(({ url }) => url);
}
