/**
 * The entry of a daemon that is an OS process: `node main.js <module> <program> [args…]`. The module exports `programs`, or
 * protocols that have some.
 * A parent that is a Host itself tells in the environment what POSIX would hand down: SLIPWAY_DESCRIPTORS, SLIPWAY_SIGNALS,
 * SLIPWAY_PARENT and SLIPWAY_UTMP. They are removed at once, so that a program in between does not pass them on by mistake.
 * Exit status beside the daemon's own: 64 wrong use, 70 the daemon threw, 127 no such program.
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Daemon, Descriptor, Programs } from '../host/host.ts';
import { createNodeHost } from './host.ts';
import { foreignDescriptors } from './inherited.ts';
import { loadModule, programsIn } from './load.ts';

const inherited = inheritedDescriptors();
const [modulePath, program, ...args] = process.argv.slice(2);
if (modulePath === undefined || program === undefined) quit(64, 'usage: node main.js <module that exports programs> <program> [arguments]');

const programs: Record<string, Daemon> = {};
const programsModule = modulePath.startsWith('file:') ? fileURLToPath(modulePath) : resolve(modulePath);
const parent = takeVariable('SLIPWAY_PARENT');
const accounts = takeVariable('SLIPWAY_UTMP');
const inheritedSignals = takeVariable('SLIPWAY_SIGNALS');
// Before the module is loaded, which takes a while: the signals are in order from here on.
const process_ = createNodeHost({
  programs,
  programsModule,
  program,
  args,
  inherited,
  nodeOptions: process.execArgv,
  ...(inheritedSignals === undefined ? {} : { inheritedSignals }),
  ...(accounts === undefined ? {} : { accounts }),
  ...(parent === undefined ? {} : { parent: Number(parent) }),
});
Object.assign(programs, await load(programsModule));
const daemon = Object.hasOwn(programs, program) ? programs[program] : undefined;
if (daemon === undefined) quit(127, `${program}: no such program in ${programsModule}; there are: ${Object.keys(programs).join(' ')}`);
process_.run(daemon);

function inheritedDescriptors(): readonly Descriptor[] {
  const named = takeVariable('SLIPWAY_DESCRIPTORS');
  if (named === undefined) return foreignDescriptors();
  return named.split(',').filter(Boolean).map(Number);
}

async function load(path: string): Promise<Programs> {
  return programsIn(await loadModule(path)) ?? quit(64, `${path} exports neither programs nor protocols`);
}

function takeVariable(name: string): string | undefined {
  const value = process.env[name];
  delete process.env[name];
  return value;
}

function quit(status: number, message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(status);
}
