/** The third arm: what the contract says, asked of the kernel itself. kernel-arm.ts says how. */
import { describe, expect, it } from 'vitest';
import { runOnKernel, twins } from './kernel-arm.ts';
import { expectationOf } from './observation.ts';
import { CASES } from './programs.ts';

/** So many cases at least are held against the kernel. */
const LEAST = 60;
const CI = process.env['CI'] !== undefined;

if (twins === undefined) process.stderr.write('python3 is not here: the kernel was NOT asked about the contract\n');
const asked = CASES.filter(({ name }) => twins?.has(name));

describe.skipIf(twins === undefined && !CI)('the kernel', () => {
  it(`is asked about ${asked.length} of ${CASES.length} cases, which is ${LEAST} at least, and about nothing else`, () => {
    expect(twins, 'python3 is missing').toBeDefined();
    expect(asked.length).toBeGreaterThanOrEqual(LEAST);
    expect([...(twins?.keys() ?? [])].filter(name => !CASES.some(one => one.name === name))).toEqual([]);
  });

  it('is believed: a line it does not give is missed', async () => {
    const [one] = asked;
    if (one === undefined) throw new Error('no case has a twin');
    const seen = await runOnKernel(one);
    expect(seen).toEqual(expectationOf(one, seen.notes));
    expect(seen).not.toEqual(expectationOf({ ...one, expect: { ...one.expect, main: ['something else'] } }, seen.notes));
  });
});

for (const section of new Set(asked.map(one => one.section))) {
  describe.concurrent(`the kernel: ${section}`, () => {
    for (const contract of asked.filter(one => one.section === section)) {
      it.skipIf(contract.asRoot && process.getuid?.() !== 0)(`${contract.name}: ${contract.purpose}`, async ({ expect }) => {
        const seen = await runOnKernel(contract);
        expect(seen).toEqual(expectationOf(contract, seen.notes));
      });
    }
  });
}
