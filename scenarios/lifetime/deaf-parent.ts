/**
 * DC-06: a parent that never reads. The event pipe is full before the child starts; a child whose every event waits for the
 * writer hangs in its start-up and hears neither the end of the control pipe nor a signal.
 * May import: check, impl, its own folder.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lifetime/quirks.ts';
import { OTHER_PARENT } from './daemons/names.ts';
import type { LifetimePlan } from './lifecycle.ts';
import { pair } from './pair.ts';
import { startUpCompletes, stopsOnEof } from './properties/ends.ts';
import { pipeFull, stopsUnread } from './properties/reach.ts';
import { footerIsLast } from './properties/wire.ts';

export const deafParent: Scenario<LifetimePlan> = pair({
  slug: 'deaf-parent',
  title: 'A child whose event pipe is full starts and stops as if somebody read it.',
  quirk: QUIRK.BLOCKING_NOTIFY,
  parent: OTHER_PARENT,
  parentArgs: ['--deaf', '--prefill'],
  properties: [startUpCompletes, stopsOnEof, footerIsLast, pipeFull, stopsUnread],
  fails: ['start-up-completes', 'stops-on-eof'],
});
