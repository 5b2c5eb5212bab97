/**
 * A command with its environment and its directory as an argument vector: env(1) of GNU coreutils 8.28 changes both and becomes the
 * program, so the pid stays the same and a Host needs to know of neither.
 */
import { join, resolve } from 'node:path';
import { findExecutable } from '../../../src/node/programs.ts';
import type { Forks, Implementation, Ready } from '../../peer.ts';

export interface Command {
  readonly words: readonly string[];
  /** Added to ours. */
  readonly environment: Readonly<Record<string, string>>;
  readonly directory: string | undefined;
}

export function implementationOf({ words, environment, directory }: Command, ready?: Ready, forks?: Forks): Implementation {
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const prefix = directory === undefined ? variables : ['-C', directory, ...variables];
  const [program = '', ...args] = prefix.length === 0 ? words : ['env', ...prefix, ...words];
  return { program, args, ...(ready === undefined ? {} : { ready }), ...(forks === undefined ? {} : { forks }) };
}

/** Why it cannot be run; undefined when it can, as far as one can tell: env(1) would only say it with a status of its own. */
export function commandFault({ words: [program = ''], environment, directory }: Command): string | undefined {
  if (program.includes('{')) return undefined;
  const path = directory !== undefined && program.includes('/') ? join(resolve(directory), program) : program;
  const found = findExecutable(program.startsWith('/') ? program : path, environment['PATH'] ?? process.env['PATH'] ?? '');
  return found.ok ? undefined : `${program}: ${found.error.code === 'EACCES' ? 'it cannot be executed' : 'there is no such program'}`;
}
