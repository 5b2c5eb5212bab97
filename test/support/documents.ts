/** The commands that a document shows: each line of its blocks of `sh`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './slipway.ts';

export interface Shown {
  readonly line: string;
  readonly exits: number;
}

export function commandsOf(document: string): readonly Shown[] {
  const text = readFileSync(join(ROOT, document), 'utf8');
  const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(match => match[1] ?? '');
  return blocks
    .flatMap(block => block.split('\n'))
    .filter(line => line.trim() !== '')
    .map(line => ({ line: line.replace(/\s+#.*$/, ''), exits: Number(/# exits (\d+)/.exec(line)?.[1] ?? 0) }));
}
