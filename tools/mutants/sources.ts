/**
 * The sources that are mutated, and which protocols can be judged by them: what is reached from a protocol's own folder in src/impl.
 * Lacks: the mistakes of published sources and what reads command lines: they are tables of their own, with tests of their own.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import ts from 'typescript';
import type { Source } from './mutator.ts';

const HOME = 'src/impl';
const SPARED: readonly RegExp[] = [/\/as-written[^/]*\.ts$/, /\/quirks\.ts$/, /^src\/impl\/command-line\//, /\.d\.ts$/];

export interface Judged {
  readonly sources: readonly Source[];
  /** By path. */
  readonly protocols: ReadonlyMap<string, readonly string[]>;
}

/** `root`: of the repository. */
export function judgedSources(root: string, protocols: readonly string[]): Judged {
  const read = (path: string): Source => ({ path, text: readFileSync(join(root, path), 'utf8') });
  const paths = readdirSync(join(root, HOME), { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.ts'))
    .map(path => `${HOME}/${path}`)
    .sort();
  const all = new Map(paths.map(path => [path, read(path)]));
  const reached = new Map(
    protocols.map(name => [
      name,
      reachedFrom(
        paths.filter(path => path.startsWith(`${HOME}/${name}/`)),
        all,
      ),
    ]),
  );
  const judges = (path: string): readonly string[] => protocols.filter(name => reached.get(name)?.has(path) === true);
  const sources = [...all.values()].filter(({ path }) => !SPARED.some(each => each.test(path)) && judges(path).length > 0);
  return { sources, protocols: new Map(sources.map(({ path }) => [path, judges(path)])) };
}

function reachedFrom(start: readonly string[], all: ReadonlyMap<string, Source>): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = [...start];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const source = all.get(path);
    if (source === undefined || reached.has(path)) continue;
    reached.add(path);
    const from = path;
    waiting.push(...ts.preProcessFile(source.text).importedFiles.map(({ fileName }) => normalize(join(from, '..', fileName))));
  }
  return reached;
}
