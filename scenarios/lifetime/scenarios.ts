/**
 * Every scenario of the lifetime pipe, from the plain to the particular; a new one goes to its end.
 * May import: check, its own folder.
 */
import { type Scenario, withRare } from '../../src/check/scenario.ts';
import { badDescriptor } from './bad-descriptor.ts';
import { chaos } from './chaos.ts';
import { coalescedFrames } from './coalesced-frames.ts';
import { deafParent } from './deaf-parent.ts';
import { descriptorZero } from './descriptor-zero.ts';
import { eventIds } from './event-ids.ts';
import { fullPipeClosed } from './full-pipe-closed.ts';
import { healthy } from './healthy.ts';
import { hostileChild } from './hostile-child.ts';
import { killedInStartUp } from './killed-in-start-up.ts';
import { lastFrameLost } from './last-frame-lost.ts';
import { lateStopEvent } from './late-stop-event.ts';
import { leakedWriteEnd } from './leaked-write-end.ts';
import { listenerFails } from './listener-fails.ts';
import { lostShutdown } from './lost-shutdown.ts';
import { noWriter } from './no-writer.ts';
import { parentClosesEarly } from './parent-closes-early.ts';
import { partialFrame } from './partial-frame.ts';
import { payloadTooLong } from './payload-too-long.ts';
import { RARE } from './rare.ts';
import { sizeMismatch } from './size-mismatch.ts';
import { standardDescriptors } from './standard-descriptors.ts';
import { startUpInterrupt } from './start-up-interrupt.ts';
import { stopsReading } from './stops-reading.ts';
import { typeTooLong } from './type-too-long.ts';
import { undefinedIds } from './undefined-ids.ts';
import { wholeFramePerChunk } from './whole-frame-per-chunk.ts';

export const scenarios: readonly Scenario[] = withRare(RARE, [
  healthy,
  chaos,
  killedInStartUp,
  hostileChild,
  // The traps, in the order of their numbers.
  eventIds,
  lateStopEvent,
  lostShutdown,
  noWriter,
  deafParent,
  fullPipeClosed,
  parentClosesEarly,
  partialFrame,
  typeTooLong,
  sizeMismatch,
  standardDescriptors,
  descriptorZero,
  badDescriptor,
  leakedWriteEnd,
  lastFrameLost,
  payloadTooLong,
  wholeFramePerChunk,
  coalescedFrames,
  stopsReading,
  startUpInterrupt,
  undefinedIds,
  listenerFails,
]);
