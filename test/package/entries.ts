/** The entry points of package.json, as the tests of the package want them. */
import { readFileSync } from 'node:fs';
import { ROOT } from '../support/slipway.ts';

export interface Entry {
  /** `slipway/host`. */
  readonly name: string;
  /** Absolute paths. */
  readonly module: string;
  readonly types: string;
}

const { exports }: { exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>> } = JSON.parse(
  readFileSync(`${ROOT}package.json`, 'utf8'),
);

export const ENTRIES: readonly Entry[] = Object.entries(exports).flatMap(([key, paths]) =>
  typeof paths === 'string'
    ? []
    : [{ name: `slipway${key.slice(1)}`, module: ROOT + paths.default.slice(2), types: ROOT + paths.types.slice(2) }],
);
