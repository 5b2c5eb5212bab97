/**
 * What a worker does that plays simulated cases, one when it is asked for one. What the implementation and the decoders of a suite
 * do, they do here.
 */
import type { Play, Recorded } from '../conformance/arms/arm.ts';
import { simArm } from '../conformance/arms/sim.ts';
import type { Item } from '../conformance/case.ts';
import { catalogues } from './load.ts';
import type { Work } from './workers/start.ts';
import type { Message } from './workers/workers.ts';

/** The case and its role go by name: a decoder is a function, which does not travel. */
export interface Task extends Omit<Play, 'case' | 'wiring'> {
  readonly protocol: string;
  readonly id: string;
  readonly role: string;
}

/** A case as it was played: what was said on its channels, instead of the machine that heard it. */
export interface Update extends Message {
  readonly recorded: Omit<Recorded, 'played'>;
  readonly played: (Omit<NonNullable<Recorded['played']>, 'machine'> & { readonly verdict: Verdict }) | undefined;
  readonly heard: Readonly<Record<string, readonly Item[]>>;
}
type Verdict = NonNullable<Recorded['played']>['machine']['verdict'];

export const work: Work<Task, Update> = ({ modules, tell }) => {
  const catalogueOf = catalogues(modules);
  return async ({ protocol: name, id, role, ...play }) => {
    const { protocols } = await catalogueOf(name);
    const protocol = protocols.find(each => each.name === name);
    const testCase = protocol?.suite?.cases.find(each => each.id === id);
    const wiring = protocol?.suite?.roles[role];
    if (protocol === undefined || testCase === undefined || wiring === undefined)
      throw new Error(`a worker was asked for the case ${id} of ${name} in the role ${role}, which it does not know`);
    const { played, ...recorded } = await simArm(protocol.programs).play({ ...play, case: testCase, wiring });
    const channels = Object.entries(wiring.channels).filter(([, { direction }]) => direction !== 'out');
    tell({
      over: true,
      recorded,
      played: played === undefined ? undefined : { ...told(played), verdict: played.machine.verdict },
      heard: Object.fromEntries(channels.map(([channel]) => [channel, played?.machine.inbox(channel).history ?? []])),
    });
  };
};

/** A machine stays where it is. */
const told = <Played extends { readonly machine: unknown }>({ machine: _, ...rest }: Played): Omit<Played, 'machine'> => rest;
