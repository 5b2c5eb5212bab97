/** The arms of a suite. Processes of the real one load its programs from where they are compiled, and nothing else. */

import type { Arm } from '../../conformance/arms/arm.ts';
import { type NodeArmOptions, nodeArm } from '../../conformance/arms/node/arm.ts';
import { simArm } from '../../conformance/arms/sim.ts';
import type { Programs } from '../../src/host/host.ts';
import { bundled } from '../../src/node/package.ts';

export const moduleOf = (name: string): string => bundled(`conformance/${name}/programs.ts`);

async function programsOf(name: string): Promise<Programs> {
  const { programs }: { readonly programs: Programs } = await import(`../../conformance/${name}/programs.ts`);
  return programs;
}

export const realArm = async (name: string, options?: NodeArmOptions): Promise<Arm> =>
  nodeArm(await programsOf(name), moduleOf(name), options);

export const simulatedArm = async (name: string): Promise<Arm> => simArm(await programsOf(name));
