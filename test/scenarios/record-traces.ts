/**
 * Records traces/ anew, with its pages: `npm run record`, or `npm run record -- rover/output-stale`
 * where only that one is to be recorded. Needed whenever the same plan gives other events.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { catalogue } from '../support/protocols.ts';
import { record } from './recordings.ts';
import { writeGallery } from './write-gallery.ts';

const root = new URL('../../traces/', import.meta.url);

const named = process.argv.slice(2);
const slugOf = ({ scenario, slug }: (typeof catalogue.recordings)[number]): string => `${scenario.split('/')[0]}/${slug}`;
const known = catalogue.recordings.map(slugOf);
for (const name of named) if (!known.includes(name)) throw new Error(`there is no recording ${name}; there are ${known.join(', ')}`);

for (const recording of catalogue.recordings) {
  if (named.length > 0 && !named.includes(slugOf(recording))) continue;
  const [protocol = ''] = recording.scenario.split('/');
  const folder = new URL(`${protocol}/`, root);
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (name.startsWith(`${recording.slug}@`)) rmSync(new URL(name, folder));
  const { seed, text } = record(recording);
  const name = `${recording.slug}@${seed}.jsonl`;
  writeFileSync(new URL(name, folder), text);
  process.stdout.write(`${protocol}/${name}: ${text.length} bytes\n`);
}
writeGallery();
