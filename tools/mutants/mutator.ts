/**
 * Mutant N of some sources: one change, which follows from their text and N alone. A file is drawn by its lines of code, then a place
 * in it, then one of the changes that are possible there. What the compiler makes the same of as before is no mutant.
 * Lacks: files (sources.ts), and what becomes of a mutant (judge.ts).
 */
import ts from 'typescript';
import { Prng } from '../../src/sim/core/prng.ts';
import { type Change, isSilent, OPERATORS } from './operators.ts';

export interface Source {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

export interface Mutant {
  readonly seed: number;
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly operator: string;
  /** What stood there, and what stands there instead: with what is around it if that is one short line. */
  readonly before: string;
  readonly after: string;
  /** The module, compiled, with its calls of the probe. */
  readonly module: string;
}

/** A place: what can be changed there, by operator. */
export type Site = readonly (readonly [operator: string, changes: readonly Change[]])[];

interface Parsed {
  readonly source: Source;
  readonly emitted: string;
  readonly weight: number;
  readonly sites: readonly Site[];
}

/** Draws without a mutant in a row: there is none to be had. */
const PATIENCE = 200;
const SHOWN = 120;

export class Mutator {
  readonly #files: readonly Parsed[];
  readonly #weight: number;

  constructor(sources: readonly Source[]) {
    this.#files = sources.map(parse).filter(each => each.sites.length > 0);
    this.#weight = this.#files.reduce((sum, { weight }) => sum + weight, 0);
  }

  /** `seed`: from 1. Throws if nothing can be changed. */
  mutant(seed: number): Mutant {
    const chance = new Prng(`mutant ${seed}`);
    for (let draw = 0; draw < PATIENCE && this.#weight > 0; draw++) {
      const file = this.#file(chance.below(this.#weight));
      const site = file?.sites[chance.below(file.sites.length)] ?? [];
      const [operator, changes] = site[chance.below(site.length)] ?? ['', []];
      const change = changes[chance.below(changes.length)];
      if (file === undefined || change === undefined) continue;
      const emitted = emit(file.source.path, changed(file.source.text, change, change.text));
      if (emitted === undefined || emitted === file.emitted) continue;
      const module = emit(file.source.path, changed(file.source.text, change, change.told));
      if (module !== undefined) return { seed, path: file.source.path, operator, ...shown(file.source.text, change), module };
    }
    throw new Error('nothing in these sources can be changed');
  }

  #file(at: number): Parsed | undefined {
    let left = at;
    return this.#files.find(({ weight }) => {
      left -= weight;
      return left < 0;
    });
  }
}

/** As the build compiles it; undefined if it is no program. */
export function emit(path: string, text: string): string | undefined {
  const { outputText, diagnostics } = ts.transpileModule(text, {
    fileName: path,
    reportDiagnostics: true,
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      rewriteRelativeImportExtensions: true,
    },
  });
  return diagnostics?.length === 0 ? outputText : undefined;
}

/** All that can be changed in a source. */
export function sitesOf({ path, text }: Source): readonly Site[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  const nodes: ts.Node[] = [];
  const walk = (node: ts.Node): void => {
    if (isSilent(node)) return;
    nodes.push(node);
    ts.forEachChild(node, walk);
  };
  ts.forEachChild(file, walk);
  const words = [...new Set(nodes.flatMap(node => (isWord(node) ? [node.getText()] : [])))];
  const siteOf = (node: ts.Node): Site =>
    Object.entries(OPERATORS)
      .map(([operator, changes]) => [operator, changes(node, words)] as const)
      .filter(([, changes]) => changes.length > 0);
  return nodes.map(siteOf).filter(each => each.length > 0);
}

const isWord = (node: ts.Node): boolean => ts.isStringLiteral(node) && !node.text.includes(' ');

function parse(source: Source): Parsed {
  const emitted = emit(source.path, source.text);
  if (emitted === undefined) throw new Error(`${source.path} cannot be compiled`);
  return { source, emitted, weight: codeLines(source.text), sites: sitesOf(source) };
}

const codeLines = (text: string): number => text.split('\n').filter(line => !/^\s*(?:$|\/?\*|\/\/|import\b)/.test(line)).length;

const changed = (text: string, { from, to }: Change, by: string): string => text.slice(0, from) + by + text.slice(to);

function shown(text: string, { from, to, text: by }: Change): Pick<Mutant, 'line' | 'before' | 'after'> {
  const line = text.slice(0, from).split('\n').length;
  const start = text.lastIndexOf('\n', from - 1) + 1;
  const next = text.indexOf('\n', to);
  const end = next < 0 ? text.length : next;
  const whole = text.slice(start, end);
  if (whole.length <= SHOWN && !whole.includes('\n'))
    return { line, before: whole.trim(), after: `${text.slice(start, from)}${by}${text.slice(to, end)}`.trim() };
  return { line, before: short(text.slice(from, to)), after: short(by) };
}

function short(text: string): string {
  const one = text.replace(/\s+/g, ' ').trim();
  return one.length <= SHOWN ? one : `${one.slice(0, SHOWN)} …`;
}
