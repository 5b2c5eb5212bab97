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

/** The case is a value, and need not be one of the suite; its wiring goes by the name of the role, as a decoder is a function and does not travel. */
export interface Task extends Omit<Play, 'wiring'> {
  readonly protocol: string;
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
  return async ({ protocol: name, ...play }) => {
    const { protocols } = await catalogueOf(name);
    const protocol = protocols.find(each => each.name === name);
    const wiring = protocol?.suite?.roles[play.case.role];
    if (protocol === undefined || wiring === undefined)
      throw new Error(`a worker was asked for a case of ${name} in the role ${play.case.role}, which it does not know`);
    const { played, ...recorded } = await simArm(protocol.programs).play({ ...play, wiring });
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
