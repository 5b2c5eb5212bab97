/**
 * The sources that are mutated, and which protocols they are judged by: of src/impl, what the programs, scenarios and suite of a
 * protocol load. What no listed protocol loads is not drawn from, for nothing could find it out.
 * Lacks: the mistakes of published sources and what reads command lines: they are tables of their own, with tests of their own. What
 * a suite may do to any connection (src/impl/proxy) is reached through the tester, and is no protocol.
 */
import { readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import ts from 'typescript';
import type { Source } from './mutator.ts';

const HOME = 'src/impl/';
const SPARED: readonly RegExp[] = [/\/as-written[^/]*\.ts$/, /\/quirks\.ts$/, /^src\/impl\/(?:command-line|proxy)\//, /\.d\.ts$/];

export interface Judged {
  readonly sources: readonly Source[];
  /** By path. */
  readonly protocols: ReadonlyMap<string, readonly string[]>;
}

/** `root`: of the repository. `protocols`: as protocols/index.ts lists them. */
export function judgedSources(root: string, protocols: readonly string[]): Judged {
  const reached = new Map(protocols.map(name => [name, reachedFrom(root, name)]));
  const judges = (path: string): readonly string[] => protocols.filter(name => reached.get(name)?.has(path) === true);
  const paths = [...new Set([...reached.values()].flatMap(each => [...each]))]
    .filter(path => path.startsWith(HOME) && !SPARED.some(each => each.test(path)))
    .sort();
  const sources = paths.map(path => ({ path, text: readFileSync(join(root, path), 'utf8') }));
  return { sources, protocols: new Map(paths.map(path => [path, judges(path)])) };
}

/** Its own files, and what they load of src/impl. */
function reachedFrom(root: string, name: string): ReadonlySet<string> {
  const isOwn = (path: string): boolean =>
    [HOME, 'protocols/', `scenarios/${name}/`, `conformance/${name}/`].some(each => path.startsWith(each));
  const reached = new Set<string>();
  const waiting = [`protocols/${name}.ts`];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path) || !isOwn(path)) continue;
    reached.add(path);
    const from = path;
    const { importedFiles } = ts.preProcessFile(readFileSync(join(root, path), 'utf8'));
    waiting.push(
      ...importedFiles.filter(each => each.fileName.startsWith('.')).map(({ fileName }) => normalize(join(from, '..', fileName))),
    );
  }
  return reached;
}
