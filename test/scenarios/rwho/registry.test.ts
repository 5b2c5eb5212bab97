/** The rwho scenarios are complete: each trap that a daemon can play has a scenario that shows it. */
import { expect, test } from 'vitest';
import { scenarios } from '../../../scenarios/registry.ts';
import { QUIRK, TRAPS } from '../../../src/impl/rwho/quirks.ts';

/** Machines of the simulator have one address an interface; test/impl/rwho/neighbours.test.ts shows it. */
const ELSEWHERE: readonly string[] = [QUIRK.FIRST_ADDRESS_ONLY];

test('each quirk has a scenario of its name that shows it', () => {
  const rwho = scenarios.filter(({ protocol }) => protocol === 'rwho');
  const shown = rwho.flatMap(({ name, expected }) => {
    const written = expected['as-written'];
    return typeof written === 'object' && written.quirk !== undefined ? [`${name} ${written.quirk}`] : [];
  });
  const quirks = TRAPS.flatMap(({ quirk }) => (quirk === undefined || ELSEWHERE.includes(quirk) ? [] : [quirk]));
  expect(shown.toSorted()).toEqual(quirks.map(quirk => `rwho/${quirk} ${quirk}`).toSorted());
});

test('the traps are RW-01 to RW-63, each once', () => {
  expect(TRAPS.map(({ id }) => id)).toEqual(Array.from({ length: 63 }, (_, index) => `RW-${String(index + 1).padStart(2, '0')}`));
});
