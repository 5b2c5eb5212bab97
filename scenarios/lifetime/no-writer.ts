/**
 * DC-05: the event code alone, without the writer and without the drain that main starts when there is no pipe. Events are
 * optional: a child with nobody to take them must start all the same. It reads no control pipe either, so SIGTERM stops it.
 * May import: check, impl, its own folder.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import { QUIRK } from '../../src/impl/lifetime/quirks.ts';
import type { LifetimePlan } from './lifecycle.ts';
import { pair } from './pair.ts';
import { parentEnds, startUpCompletes, stopsOnSignal } from './properties/ends.ts';
import { escalated } from './properties/reach.ts';

export const noWriter: Scenario<LifetimePlan> = pair({
  slug: 'no-writer',
  title: 'A child that has neither writer nor drain starts, and stops at SIGTERM.',
  quirk: QUIRK.NOTIFY_WITHOUT_WRITER,
  parentArgs: ['--grace=100'],
  childArgs: ['--ipc-only'],
  properties: [startUpCompletes, stopsOnSignal, parentEnds, escalated],
  fails: ['start-up-completes'],
  mayFail: ['stops-on-signal'],
});
