/** The hunt in short: a bug of each kind is found with no hint, and where there is none nothing is. Steps are counted, and no time. */
import { describe, expect, test } from 'vitest';
import { bugsOf } from '../../bench/hunt/bugs.ts';
import { type Hunt, huntDocument, rowsOf } from '../../bench/hunt/page.ts';
import { type Searched, search, searchedOf } from '../../protocols/search.ts';
import { mutants } from '../scenarios/mutants.ts';
import { protocols } from '../support/protocols.ts';

/** More than it takes to find one of these, and enough to have looked at most of the scenarios and cases. */
const STEPS = 1_000;
const STEPS_FOR_NOTHING = 200;

const hunted = (searched: Searched, from = 0, steps = STEPS): ReturnType<typeof search> => {
  let left = steps;
  return search(searched, { from, isOver: () => left-- === 0 });
};

describe.each(protocols)('$name', protocol => {
  const bugs = bugsOf(protocol, mutants[protocol.name] ?? []);

  test('each bug has a name of its own', () => {
    const names = bugs.map(({ kind, name }) => `${kind} ${name}`);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test('nothing is found where there is no bug', async () => {
    const result = await hunted(searchedOf(protocol), 0, STEPS_FOR_NOTHING);
    expect(result).toEqual({ found: undefined, steps: STEPS_FOR_NOTHING });
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

test('a search that has a last seed ends by itself, whether scenarios or cases', async () => {
  const [protocol] = protocols;
  if (protocol === undefined) throw new Error('there is no protocol');
  const { scenarios, roles } = searchedOf(protocol);
  const range = { from: 3, to: 5, isOver: () => false };
  expect(await search({ scenarios: scenarios.slice(0, 2), roles: [] }, range)).toEqual({ found: undefined, steps: 6 });
  const [one] = roles;
  if (one === undefined) throw new Error(`${protocol.name} has no suite`);
  const cases = one.suite.cases.filter(({ role }) => role === one.role).length;
  // Each seed has a step more, with which it comes to its end.
  expect(await search({ scenarios: [], roles: [one] }, range)).toEqual({ found: undefined, steps: 3 * (cases + 1) });
});

test('of several hunts the one in the middle counts, and the page names what was not found', () => {
  const hunt: Hunt = { protocol: 'upper', kind: 'trap', name: 'U-1 shouts', start: 0, steps: 7, seconds: 10 };
  const found: Hunt = { ...hunt, found: { by: 'case', where: 'upper.a|b', why: 'x' } };
  const hunts = [found, { ...hunt, start: 1 }, { ...hunt, start: 2 }];
  const times = [0.5, 0.1, 0.3].map((seconds, start): Hunt => ({ ...found, name: 'U-2', start, seconds }));
  const rows = rowsOf([...hunts, ...times]);
  expect(rows.map(({ found, seconds, slowest }) => [found?.by, seconds, slowest])).toEqual([
    [undefined, 10, 10],
    ['case', 0.3, 0.5],
  ]);
  const page = huntDocument(rows, 10);
  expect(page).toContain('- upper trap `U-1 shouts`: not in 10 s, and nobody has said why');
  expect(page).toContain('| upper | trap | U-2 | 0.30 | 0.50 | 7 | upper.a\\|b |');
});
