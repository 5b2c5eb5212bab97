/** Every case has been seen to fail: each is caught by a Host that breaks the contract, and each such Host by a case. */
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { ContractCase } from './case.ts';
import { MUTANTS, type Mutant, mutated } from './mutants.ts';
import { expectationOf } from './observation.ts';
import { CASES } from './programs.ts';
import { PLAIN, runInSimulator } from './sim-arm.ts';

describe('mutants', () => {
  const caught = new Set<string>();
  const cost = new Map<ContractCase, number>();

  it('are what turns a case red: the Host itself does not', () => {
    const red = CASES.filter(contract => {
      const start = performance.now();
      const isRed = fails(contract, host => host);
      cost.set(contract, performance.now() - start);
      return isRed;
    });
    expect(red.map(({ name }) => name)).toEqual([]);
  });

  it('turn every case red', () => {
    const names = Object.keys(MUTANTS);
    const green = CASES.filter(contract => {
      const catching = names.find(name => fails(contract, MUTANTS[name]));
      if (catching === undefined) return true;
      caught.add(catching);
      // The next case is likely to be turned red by the same mutant.
      names.unshift(...names.splice(names.indexOf(catching), 1));
      return false;
    });
    expect(green.map(({ name }) => name)).toEqual([]);
  });

  it('are all caught', () => {
    const cheapFirst = [...CASES].sort((left, right) => (cost.get(left) ?? 0) - (cost.get(right) ?? 0));
    const free = Object.keys(MUTANTS).filter(name => !caught.has(name) && !cheapFirst.some(contract => fails(contract, MUTANTS[name])));
    expect(free).toEqual([]);
  });
});

function fails(contract: ContractCase, mutant: Mutant | undefined): boolean {
  if (mutant === undefined) throw new Error('no such mutant');
  const programs = mutated(contract.programs, mutant);
  const seen = runInSimulator({ ...contract, programs }, PLAIN);
  return !isDeepStrictEqual(seen, expectationOf(contract, seen.notes));
}
