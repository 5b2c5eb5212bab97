/**
 * Modules of a user, by their paths; TypeScript as well, without a build.
 */
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Daemon, Programs } from '../host/host.ts';

export type LoadedModule = Readonly<Record<string, unknown>>;

/** Where protocols of a user are looked for in the present folder, when none are named. */
export const CONFIG_NAMES: readonly string[] = ['slipway.config.ts', 'slipway.config.mts', 'slipway.config.js', 'slipway.config.mjs'];

const TYPED: readonly string[] = ['.ts', '.mts', '.cts'];
let isTypedRead = false;

/** Throws what the module throws, and where it is none. */
export async function loadModule(path: string): Promise<LoadedModule> {
  if (TYPED.includes(extname(path)) && !isTypedRead) {
    // Both: a package without `"type": "module"` has CommonJS in its .ts files, as Node sees it.
    const [{ register: asCommonJs }, { register }] = [await import('tsx/cjs/api'), await import('tsx/esm/api')];
    asCommonJs();
    register();
    isTypedRead = true;
  }
  return import(pathToFileURL(path).href);
}

/**
 * A script for a thread: the module `workerData.entry` in TypeScript. What makes a process read that does not do so in its threads.
 */
export const TYPED_THREAD: string = `
import('tsx/esm/api').then(({ register }) => {
  register();
  return import(require('node:worker_threads').workerData.entry);
});`;

/** What a module brings: the members of its default export beside its other exports. What was read as CommonJS has one in the other. */
export function exportsOf(module: LoadedModule): LoadedModule {
  const main = module['default'];
  const inner = isObject(main) ? main['default'] : undefined;
  return { ...(isObject(inner) ? inner : {}), ...(isObject(main) ? main : {}), ...module };
}

/** The daemons in it: its own `programs`, and what its protocols have. `undefined`: it has nothing of the kind. */
export function programsIn(module: LoadedModule): Programs | undefined {
  const { programs, protocols } = exportsOf(module);
  const tables = [
    programs,
    ...(Array.isArray(protocols) ? protocols.filter(isObject).flatMap(each => [each['daemons'], each['programs']]) : []),
  ];
  const found = tables
    .filter(isObject)
    .flatMap(table => Object.entries(table).filter((entry): entry is [string, Daemon] => isDaemon(entry[1])));
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

const isDaemon = (value: unknown): value is Daemon => typeof value === 'function';
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
