/**
 * Plays all cases of a role against a program of examples/, several at a time: most of a case is waiting.
 * Lacks: slow cases, which are played in virtual time.
 */

import type { Arm } from '../../conformance/arms/arm.ts';
import type { Implementation } from '../../conformance/peer.ts';
import type { Row } from '../../conformance/run/runner.ts';
import { runSuite } from '../../conformance/run/runner.ts';
import type { Suite } from '../../conformance/suite.ts';
import { rowsIn } from '../conformance/support.ts';
import { realArm } from '../support/arms.ts';

/** Cases at a time, over all tests of the file. */
const SLOTS = 6;
/** A case that a deadline refutes is played a second time: a busy machine is late as well. */
const ATTEMPTS = 2;
/** What is left open because the computer had no time is played again, as the report advises: with patience, and so often. */
const CALM = { patience: 3_000, times: 3 };

export interface Tested {
  readonly suite: Suite;
  readonly role: string;
  readonly claims: readonly string[];
}

// The Host of each case in hand listens for the end of this process.
process.setMaxListeners(process.getMaxListeners() + 2 * SLOTS);

export interface Choice {
  readonly arm?: Arm;
  /** These cases and a ninth of the others, each once; absent: all. */
  readonly some?: readonly string[];
}

/** Every case of the role that is not slow, with its row; or some of them. */
export async function rowsOf(
  { suite, role, claims }: Tested,
  implementation: Implementation,
  { arm: given, some }: Choice = {},
): Promise<readonly Row[]> {
  const arm = given ?? (await realArm(suite.name));
  const chosen = families({ suite, role }).filter(
    (family, index) => some === undefined || index % 9 === some.length % 9 || family.some(id => some.includes(id)),
  );
  const options = { suite, role, arm, implementation, claims, attempts: ATTEMPTS, ...(some === undefined ? {} : { repeat: 1 }) };
  const runs = await Promise.all(chosen.map(select => slotted(() => runSuite({ ...options, select }))));
  const rows = runs.flatMap(rowsIn);
  for (let time = 0; time < CALM.times && rows.some(isStarved); time++)
    for (const [at, row] of rows.entries()) {
      if (!isStarved(row)) continue;
      const select = [row.testCase.id];
      const again = rowsIn(await slotted(() => runSuite({ ...options, select, patience: CALM.patience })));
      rows[at] = again.find(each => each.testCase.id === row.testCase.id) ?? row;
    }
  return rows;
}

/** Played, and decided nothing for want of time. */
const isStarved = ({ verdict }: Row): boolean => verdict.verdict === 'inconclusive' && verdict.by === 'starved';

/** The ids of the cases of the role that are played here. */
export const casesOf = ({ suite, role }: Pick<Tested, 'suite' | 'role'>): readonly string[] =>
  suite.cases.filter(each => each.role === role && each.slow !== true).map(each => each.id);

/** A case, and those whose valid twin it is: they are played one after the other, the others at the same time. */
function families({ suite, role }: Pick<Tested, 'suite' | 'role'>): readonly (readonly string[])[] {
  const twins = new Map(suite.cases.map(each => [each.id, each.twin]));
  const rootOf = (id: string): string => {
    const twin = twins.get(id);
    return twin === undefined ? id : rootOf(twin);
  };
  const found = new Map<string, string[]>();
  for (const id of casesOf({ suite, role })) {
    const root = rootOf(id);
    found.set(root, [...(found.get(root) ?? []), id]);
  }
  return [...found.values()];
}

let free = SLOTS;
const waiting: (() => void)[] = [];

async function slotted<T>(act: () => Promise<T>): Promise<T> {
  if (free === 0) await new Promise<void>(resolve => waiting.push(resolve));
  else free -= 1;
  try {
    return await act();
  } finally {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  }
}
