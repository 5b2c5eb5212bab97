/** Writes the pages and pictures of traces/ anew: `npm run gallery`. Needed whenever a run was recorded anew, or something else is to be looked at. */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { protocols } from '../support/protocols.ts';
import { galleryOf } from './gallery.ts';
import { keptRuns, TRACES } from './kept.ts';

export function writeGallery(): void {
  const pages = galleryOf(protocols, keptRuns());
  for (const name of readdirSync(TRACES, { recursive: true, encoding: 'utf8' }))
    if (name.endsWith('.svg') && !pages.has(name)) rmSync(new URL(name, TRACES));
  for (const [path, text] of pages) writeFileSync(new URL(path, TRACES), text);
  process.stdout.write(`${pages.size} pages and pictures, ${[...pages.values()].reduce((sum, text) => sum + text.length, 0)} characters\n`);
}

if (process.argv[1]?.endsWith('write-gallery.ts') === true) writeGallery();
