/**
 * What a sweep has done, in a file that grows by a line when some seeds are done, so that it can be ended at any moment, gone on with,
 * and added up with others: FOLDER/sweep.jsonl.
 *   {"line":"sweep", …}      what is swept; the first line
 *   {"line":"block", …}      a range of seeds that was run, and what came of them
 *   {"line":"finding", …}    a failure, made smaller, and where its trace is
 * Lacks: a lock. Two commands that go on with one sweep at the same time do seeds twice, which is refused when it is read.
 */
import fs from 'node:fs';
import { join } from 'node:path';
import { SEED_LIMIT } from '../../src/check/run.ts';
import { integerFrom, listUpTo, object, type Shape, tagged, textUpTo } from '../../src/check/shape.ts';
import type { Sightings } from '../../src/check/signature.ts';
import type { SweepCounts } from '../../src/check/sweep.ts';
import { codeOf } from '../../src/node/errors.ts';
import { parseJson } from '../../src/trace/json.ts';
import { usage } from '../exit.ts';
import { requireFolder, requireReadable } from '../places.ts';
import { joined, type Ranges, type Shard, shared } from './ranges.ts';

/** What was asked for; with a time limit blocks lie beyond it. */
export interface Header {
  readonly jobs: readonly { readonly scenario: string; readonly profile: string }[];
  readonly from: number;
  readonly to: number;
  readonly shard: Shard;
}

/** Seeds of one scenario and profile that were run, both ends included. */
export interface Block {
  readonly scenario: string;
  readonly profile: string;
  readonly from: number;
  readonly to: number;
  readonly counts: SweepCounts;
  readonly sightings: Sightings;
  /** What was reached; each is in some block. */
  readonly features: readonly number[];
  readonly milliseconds: number;
}

/** A failure of which the smallest run is kept. */
export interface KeptFailure {
  /** Id of its signature. */
  readonly signature: string;
  readonly trace: string;
  /** Of the run that was made smaller. */
  readonly events: number;
  readonly faults: number;
}

export interface Written {
  readonly header: Header;
  readonly blocks: readonly Block[];
  readonly findings: readonly KeptFailure[];
}

const FORMAT = 'slipway-sweep';
const FILE = 'sweep.jsonl';
/** Bytes; days of sweeping write less. */
const FILE_LIMIT = 536_870_912;

export class Journal {
  readonly #file: string;
  readonly written: Written;

  private constructor(file: string, written: Written) {
    this.#file = file;
    this.written = written;
  }

  /** Of a new sweep. */
  static create(folder: string, header: Header): Journal {
    requireFolder('--out', folder);
    const file = join(folder, FILE);
    if (fs.existsSync(file)) throw usage(`--out ${folder}: has a sweep in it; --resume ${folder} goes on with it`);
    const journal = new Journal(file, { header, blocks: [], findings: [] });
    journal.#append({ line: 'sweep', format: FORMAT, v: 1, ...header });
    return journal;
  }

  /** Of one that was ended, in whatever way; `torn` is told of a line that was not written to its end, and is cut off. */
  static resume(folder: string, torn: (text: string) => void): Journal {
    const file = join(folder, FILE);
    const written = readJournal('--resume', folder, torn);
    return new Journal(file, written);
  }

  block(block: Block): void {
    this.#append({ line: 'block', ...block });
  }

  finding(finding: KeptFailure): void {
    this.#append({ line: 'finding', ...finding });
  }

  /** One call of the kernel for a line: what ends this process leaves whole lines, or the beginning of the last. */
  #append(line: object): void {
    try {
      fs.appendFileSync(this.#file, `${JSON.stringify(line)}\n`);
    } catch (thrown) {
      throw usage(`${this.#file}: cannot be written: ${codeOf(thrown)}`);
    }
  }
}

/** What the folder holds. `torn`: told where a last line has no end; the file then ends before it. */
export function readJournal(option: string, folder: string, torn: (text: string) => void): Written {
  const file = join(folder, FILE);
  requireReadable(option, file);
  const bytes = fs.readFileSync(file);
  if (bytes.length > FILE_LIMIT) throw usage(`${option} ${file}: larger than ${FILE_LIMIT} bytes`);
  const whole = bytes.lastIndexOf(NEWLINE) + 1;
  if (whole < bytes.length) {
    fs.truncateSync(file, whole);
    torn(`${file}: the last line was not written to its end; ${bytes.length - whole} bytes were cut off, and their seeds are run again`);
  }
  const lines = bytes.subarray(0, whole).toString('utf8').split('\n').slice(0, -1);
  const bad = (index: number, why: string): Error => new Error(`line ${index + 1}: ${why}`);
  try {
    return collected(lines.map((line, index) => lineOf(line, why => bad(index, why))));
  } catch (thrown) {
    throw usage(`${option} ${file}: no sweep that this version can go on with: ${thrown instanceof Error ? thrown.message : thrown}`);
  }
}

const NEWLINE = 10;

type Line =
  | ({ readonly line: 'sweep'; readonly format: string; readonly v: number } & Header)
  | ({ readonly line: 'block' } & Block)
  | ({ readonly line: 'finding' } & KeptFailure);

function lineOf(text: string, bad: (why: string) => Error): Line {
  const parsed = parseJson(text);
  if (!parsed.ok) throw bad(parsed.message);
  const found = lineShape(parsed.value, '');
  if (found !== undefined) throw bad(found);
  // What the shape has looked at.
  const line = parsed.value as Line;
  if (line.line === 'block' && line.counts.runs !== line.to - line.from + 1)
    throw bad(`has counts of ${line.counts.runs} runs for the seeds ${line.from}..${line.to}`);
  return line;
}

function collected([first, ...lines]: readonly Line[]): Written {
  if (first?.line !== 'sweep' || first.format !== FORMAT || first.v !== 1) throw new Error('line 1: does not say what is swept');
  const { line: _, format: __, v: ___, ...header } = first;
  const blocks = lines.flatMap(each => (each.line === 'block' ? [each] : []));
  requireOnce(blocks);
  return { header, blocks, findings: lines.flatMap(each => (each.line === 'finding' ? [each] : [])) };
}

/** Throws an Error that names the first seed that is counted twice. */
export function requireOnce(blocks: readonly Block[]): void {
  const done = new Map<string, Ranges>();
  for (const block of blocks) {
    const name = `${block.scenario} ${block.profile}`;
    const before = done.get(name) ?? [];
    const twice = shared(block, before);
    if (twice !== undefined) throw new Error(`seed ${twice} of ${name} is there twice, and would be counted twice`);
    done.set(name, joined(before, block));
  }
}

// ── what a line looks like ──────────────────────────────────────────────────────────────────────────────────────────

const text = textUpTo(100_000);
const number = integerFrom(0, Number.MAX_SAFE_INTEGER);
const seed = integerFrom(0, SEED_LIMIT);
const many = (item: Shape): Shape => listUpTo(1_000_000, item);
const anything: Shape = () => undefined;

/** Any names, and the same under each. */
const record =
  (item: Shape): Shape =>
  (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${path}: must be an object`;
    return Object.entries(value)
      .map(([name, each]) => item(each, `${path}.${name}`))
      .find(found => found !== undefined);
  };

const countsShape = object({
  scenario: text,
  profile: text,
  runs: number,
  failed: number,
  events: number,
  simulated: number,
  failures: record(object({ runs: number, seeds: many(seed) })),
  met: record(number),
  undecided: record(number),
  faults: record(object({ armed: number, fired: number })),
});

const signatureShape = object({ id: text, scenario: text, profile: text, property: text, decided: text, why: text });

const lineShape = tagged('line', {
  sweep: object({
    line: text,
    format: text,
    v: number,
    jobs: many(object({ scenario: text, profile: text })),
    from: seed,
    to: seed,
    shard: object({ part: number, of: number }),
  }),
  block: object({
    line: text,
    scenario: text,
    profile: text,
    from: seed,
    to: seed,
    counts: countsShape,
    sightings: record(object({ signature: signatureShape, runs: number, seed, events: number, why: text }, { plan: anything })),
    features: many(number),
    milliseconds: number,
  }),
  finding: object({ line: text, signature: text, trace: text, events: number, faults: number }),
});
