/** The recorded runs in traces/, read. */
import { readdirSync, readFileSync } from 'node:fs';
import { readTrace } from '../../src/trace/read.ts';
import type { Kept } from './gallery.ts';

export const TRACES: URL = new URL('../../traces/', import.meta.url);

export const keptRuns = (): readonly Kept[] =>
  readdirSync(TRACES, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.jsonl'))
    .toSorted()
    .map(file => ({ file, trace: readTrace([readFileSync(new URL(file, TRACES))]) }));
