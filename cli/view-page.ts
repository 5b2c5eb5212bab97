/**
 * The page of `slipway view` as text: traces packed and in base64, with the script that tools/bundle.js makes of viewer/page.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { compiled } from '../src/node/package.ts';
import type { Decoders } from '../src/trace/message.ts';
import type { ReadTrace } from '../src/trace/read.ts';
import { pageOf } from '../viewer/html.ts';
import { packTrace } from '../viewer/pack.ts';
import { EXIT, Stop } from './exit.ts';

export interface Viewed {
  /** As the page calls it. */
  readonly file: string;
  /** It has a header. */
  readonly trace: ReadTrace;
  readonly decoders: Decoders;
}

/** More takes longer and saves little. */
const GZIP_LEVEL = 6;
const SCRIPT = 'viewer/page/main.js';

/** Pieces of the file. `difference`: of two traces, JSON of where they differ first. */
export function viewPage(traces: readonly Viewed[], difference?: string): readonly string[] {
  const packed = traces.map(({ trace, file, decoders }) =>
    gzipSync(packTrace(trace, file, decoders), { level: GZIP_LEVEL }).toString('base64'),
  );
  return pageOf({ traces: packed, difference, script: viewerScript(), digest });
}

let known: string | undefined;

/** Ends the command with one line where this package was compiled and not built. */
export function viewerScript(): string {
  if (known !== undefined) return known;
  const path = compiled(SCRIPT);
  if (!existsSync(path)) throw new Stop(EXIT.internal, `the script of the viewer is not there (${SCRIPT}); 'npm run build' makes it`);
  known = readFileSync(path, 'utf8').trimEnd();
  return known;
}

const digest = (text: string): string => createHash('sha256').update(text).digest('base64');
