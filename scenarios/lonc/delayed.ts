/**
 * Messages that were kept in files, for a host that comes and goes: children and londs are killed, the machines cannot reach
 * each other, connections break or fall silent, a disk is full.
 * The budget: as for the mesh. A reply that says that a command could not be done is an answer, too: a full disk at the
 * other end is not this protocol's to mend.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { type DelayedPlan, keeping } from './parts/keeping.ts';
import { GATEWAY, LOND } from './parts/network.ts';
import { oneChildPerHost } from './properties/children.ts';
import { delayedInOrder, notKeptMet, removedWhenAnswered, unansweredMet } from './properties/delayed.ts';
import { backOffMet, delayedMet } from './properties/links.ts';

export const delayed: Scenario<DelayedPlan> = keeping({
  slug: 'delayed',
  title: 'A message that was kept for later is delivered at least once, in order, and is not removed before.',
  kinds: { kill: 3, partition: 1, 'disk-full': 1, 'half-open': 1, reset: 1 },
  properties: [delayedInOrder, removedWhenAnswered, oneChildPerHost, delayedMet, notKeptMet, unansweredMet, backOffMet],
  asWritten: { fails: ['delayed-arrives', 'delayed-in-order'], mayFail: ['removed-when-answered'] },
});

/** What there is none left of, for a while or for a few calls; but no power cut, for nobody starts a daemon again that cannot write its pid file. */
export const starvedDelayed: Scenario<DelayedPlan> = keeping({
  slug: 'delayed-starved',
  title: 'Where descriptors, processes, memory or room run out, what is kept for a host arrives later, and in order.',
  kinds: { 'disk-full': 1, 'disk-error': 1, 'no-descriptors': 2, 'no-processes': 2, 'no-memory': 2 },
  programs: [GATEWAY, LOND],
  severity: { refusals: 3 },
  properties: [delayedInOrder, removedWhenAnswered, oneChildPerHost, delayedMet],
});
