/** Records traces/ anew, with its pages: `npm run record`. Needed whenever the same plan gives other events. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { catalogue } from '../support/protocols.ts';
import { record } from './recordings.ts';
import { writeGallery } from './write-gallery.ts';

const root = new URL('../../traces/', import.meta.url);

for (const recording of catalogue.recordings) {
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
