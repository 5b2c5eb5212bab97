/** The mutants of each protocol, from its own folder: nobody looks for one where its daemons do not appear. */
import { played } from '../support/protocols.ts';
import type { Mutant } from './mutant.ts';

const ownOf = async (name: string): Promise<readonly Mutant[]> => (await import(`./${name}/mutants.ts`)).mutants;

export const mutants: Readonly<Record<string, readonly Mutant[]>> = Object.fromEntries(
  await Promise.all(played.map(async ({ name }) => [name, await ownOf(name)] as const)),
);
