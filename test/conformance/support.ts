/** What the conformance tests share: a suite of one toy case is easier to read than the real ones. */
import { expect } from 'vitest';
import type { Arm } from '../../conformance/arms/arm.ts';
import type { Case, Decoder, Item, Step, Wiring } from '../../conformance/case.ts';
import { judge } from '../../conformance/judge/judge.ts';
import { lineDecoder } from '../../conformance/judge/lines.ts';
import { type Row, type Run, type RunOptions, runSuite } from '../../conformance/run/runner.ts';
import type { Suite } from '../../conformance/suite.ts';
import { seconds } from '../../src/host/time.ts';

export const lines = (): Decoder => lineDecoder(['a', 'b', 'c']);

/** Descriptor 3 brings lines, descriptor 4 takes bytes. */
export const TOY_WIRING: Wiring = {
  channels: {
    in: { descriptor: 3, direction: 'in', decoder: lines },
    out: { descriptor: 4, direction: 'out' },
    stdout: { descriptor: 1, direction: 'in' },
  },
  options: ['--toy'],
  probe: undefined,
};

export const toyCase = (steps: readonly Step[], more: Partial<Case> = {}): Case => ({
  id: 'toy.server.case',
  rev: 1,
  title: 'A toy',
  role: 'server',
  requirements: ['toy.server.must'],
  steps,
  deadline: seconds(20),
  ...more,
});

export const toySuite = (cases: readonly Case[]): Suite => ({
  name: 'toy',
  realTime: 'seconds',
  title: 'A toy protocol',
  roles: { server: TOY_WIRING },
  claims: { extra: 'it does something extra' },
  requirements: [
    { id: 'toy.server.must', clause: '1', level: 'MUST', role: 'server', text: 'A server MUST say a.' },
    { id: 'toy.server.should', clause: '2', level: 'SHOULD', role: 'server', text: 'A server SHOULD say b.' },
    { id: 'toy.server.never', clause: '3', level: 'MAY', role: 'server', text: 'A server MAY think.', untestable: 'nobody can see it' },
  ],
  sets: { '2026-11': ['toy.server.must', 'toy.server.should', 'toy.server.never'] },
  cases,
  own: {},
  mutants: [],
  facts: () => ({}),
});

export const said = (type: string): Item => ({ kind: 'message', type, fields: {}, bytes: new Uint8Array(0), ignorable: false });

/** The rows of a run; one that cannot be made is an error. */
export function rowsIn(run: Run): readonly Row[] {
  if (run.outcome !== 'ran') throw new Error(run.why);
  return run.rows;
}

/** A run in which every row is held to its trace: alone it gives the same verdict and the same end. */
export async function judged(options: RunOptions): Promise<Run> {
  const run = await runSuite(options);
  for (const row of run.outcome === 'nothing-ran' ? [] : run.rows)
    if (row.events.length > 0) expect(judgedAgain(row, options.suite), row.testCase.id).toEqual({ verdict: row.play, end: row.end });
  return run;
}

export const judgedRows = async (options: RunOptions): Promise<readonly Row[]> => rowsIn(await judged(options));

export interface OwnRun extends Partial<RunOptions> {
  readonly suite: Suite;
  readonly role: string;
  readonly arm: Arm;
  /** Ids of cases, less the suite and the role. */
  readonly names: readonly string[];
  /** Arguments beside its own. */
  readonly args?: readonly string[];
}

/** Plays ours. A busy machine starts a process slowly; that is no finding. */
export async function ownRows({ names, args = [], ...options }: OwnRun): Promise<readonly Row[]> {
  const { suite, role } = options;
  const own = suite.own[role] ?? expect.fail(`suite ${suite.name} has no role ${role}`);
  const select = names.map(name => `${suite.name}.${role}.${name}`);
  const implementation = { ...own, args: [...own.args, ...args] };
  return judgedRows({ implementation, claims: own.claims, select, patience: 3_000, repeat: 1, ...options });
}

export const verdictsOf = (rows: readonly Row[]): readonly string[] =>
  rows.map(row => `${row.testCase.id.split('.').slice(2).join('.')} ${row.verdict.verdict}`).toSorted();
export const passes = (names: readonly string[]): readonly string[] => names.map(name => `${name} pass`).toSorted();

/** The verdict and the end of a row once more, from its trace alone. */
export function judgedAgain(row: Row, suite: Suite): { readonly verdict: unknown; readonly end: string } {
  const testCase = suite.cases.find(each => each.id === row.testCase.id);
  const wiring = suite.roles[testCase?.role ?? ''];
  if (testCase === undefined || wiring === undefined) throw new Error(`no case ${row.testCase.id}`);
  return judge(testCase, wiring, row.events, row.tester);
}
