/** The hunt in short: a bug of each kind is found with no hint, and where there is none nothing is. Steps are counted, and no time. */
import { describe, expect, test } from 'vitest';
import { bugsOf, searchedOf } from '../../bench/hunt/bugs.ts';
import { huntDocument, type Row } from '../../bench/hunt/page.ts';
import { type Searched, search } from '../../protocols/search.ts';
import { mutants } from '../scenarios/mutants.ts';
import { protocols } from '../support/protocols.ts';

/** More than it takes, and fewer than it takes to look everywhere twice. */
const STEPS = 400;

const hunted = (searched: Searched, from = 0): ReturnType<typeof search> => {
  let left = STEPS;
  return search(searched, { from, isOver: () => left-- === 0 });
};

describe.each(protocols)('$name', protocol => {
  const bugs = bugsOf(protocol, mutants[protocol.name] ?? []);

  test('each bug has a name of its own', () => {
    const names = bugs.map(({ kind, name }) => `${kind} ${name}`);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test('nothing is found where there is no bug', async () => {
    expect(await hunted(searchedOf(protocol))).toEqual({ found: undefined, steps: STEPS });
  });

  test.each(['trap', 'mutant', 'suite mutant'] as const)('the first %s is found, and again in the same way', async kind => {
    const bug = bugs.find(each => each.kind === kind);
    if (bug === undefined) throw new Error(`${protocol.name} has no ${kind}`);
    const result = await hunted(bug.searched);
    expect(result.found).toBeDefined();
    expect(await hunted(bug.searched)).toEqual(result);
    expect((await hunted(bug.searched, 5_000)).found).toBeDefined();
  });
});

test('the page names what was not found', () => {
  const row: Row = { protocol: 'upper', kind: 'trap', name: 'U-1 shouts', steps: 7, seconds: 10, slowest: 10, missed: 3 };
  const found: Row = { ...row, name: 'U-2', seconds: 0.5, missed: 0, found: { by: 'case', where: 'upper.a|b', why: 'x' } };
  const page = huntDocument([row, found], { starts: 3, budget: 10 });
  expect(page).toContain('- upper trap `U-1 shouts`: not in 10 s, and nobody has said why');
  expect(page).toContain('| upper | trap | U-2 | 0.50 | 10.00 | 7 | upper.a\\|b |');
});
