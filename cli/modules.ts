/**
 * Which modules of the user bring protocols: `slipway.config.ts` in the present folder or the file of `--config`, and every `--load`.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { CONFIG_NAMES } from '../src/node/load.ts';
import { usage } from './exit.ts';

export interface Words {
  /** Modules to load, as absolute paths. */
  readonly modules: readonly string[];
  /** What is left for the command. */
  readonly rest: readonly string[];
  /** The options that named modules, as they have to be typed again. */
  readonly options: readonly string[];
}

/** Takes `--config FILE` and `--load MODULE` out of the words before `--`, wherever they stand. */
export function takeModules(words: readonly string[]): Words {
  const end = words.indexOf('--');
  const own = end < 0 ? words : words.slice(0, end);
  const rest: string[] = [];
  const named: { readonly option: string; readonly path: string }[] = [];
  for (let at = 0; at < own.length; at++) {
    const word = own[at] ?? '';
    const [, option, value] = /^(--config|--load)(?:=(.*))?$/s.exec(word) ?? [];
    if (option === undefined) rest.push(word);
    else {
      const path = value ?? own[++at];
      if (path === undefined || path === '') throw usage(`${option} needs a file`);
      named.push({ option, path });
    }
  }
  const configs = named.filter(({ option }) => option === '--config');
  if (configs.length > 1) throw usage('--config is given once; --load adds modules');
  const found = configs.length === 0 ? CONFIG_NAMES.find(name => existsSync(name)) : undefined;
  const paths = [...(found === undefined ? [] : [found]), ...named.map(({ path }) => path)];
  return {
    modules: [...new Set(paths.map(path => resolve(path)))],
    rest: [...rest, ...(end < 0 ? [] : words.slice(end))],
    options: named.flatMap(({ option, path }) => [option, path]),
  };
}
