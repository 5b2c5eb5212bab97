/**
 * The body of a thread that plays simulated cases, one when it is asked for one. What the implementation and the decoders of a suite
 * do, they do here.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { Play, Recorded } from '../conformance/arms/arm.ts';
import { simArm } from '../conformance/arms/sim.ts';
import type { Item } from '../conformance/case.ts';
import { catalogues } from './load.ts';
import type { Message, Start } from './threads.ts';

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

// Given by threads.ts.
const { modules } = workerData as Start;
const catalogueOf = catalogues(modules);

parentPort?.on('message', async ({ protocol: name, id, role, ...play }: Task) => {
  const { protocols } = await catalogueOf(name);
  const protocol = protocols.find(each => each.name === name);
  const testCase = protocol?.suite?.cases.find(each => each.id === id);
  const wiring = protocol?.suite?.roles[role];
  if (protocol === undefined || testCase === undefined || wiring === undefined)
    throw new Error(`a thread was asked for the case ${id} of ${name} in the role ${role}, which it does not know`);
  const { played, ...recorded } = await simArm(protocol.programs).play({ ...play, case: testCase, wiring });
  const channels = Object.entries(wiring.channels).filter(([, { direction }]) => direction !== 'out');
  const update: Update = {
    over: true,
    recorded,
    played:
      played === undefined ? undefined : { verdict: played.machine.verdict, end: played.end, output: played.output, strain: played.strain },
    heard: Object.fromEntries(channels.map(([channel]) => [channel, played?.machine.inbox(channel).history ?? []])),
  };
  parentPort?.postMessage(update);
});
