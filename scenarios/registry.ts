/**
 * Every scenario of this package, by name. The order is that of their protocols, from the plain to the particular; a new one
 * goes to the end of its protocol.
 * May import: check, the folders beside it.
 */
import type { Scenario } from '../src/check/scenario.ts';
import { badDescriptor } from './lifetime/bad-descriptor.ts';
import { chaos } from './lifetime/chaos.ts';
import { coalescedFrames } from './lifetime/coalesced-frames.ts';
import { deafParent } from './lifetime/deaf-parent.ts';
import { descriptorZero } from './lifetime/descriptor-zero.ts';
import { eventIds } from './lifetime/event-ids.ts';
import { fullPipeClosed } from './lifetime/full-pipe-closed.ts';
import { healthy } from './lifetime/healthy.ts';
import { hostileChild } from './lifetime/hostile-child.ts';
import { killedInStartUp } from './lifetime/killed-in-start-up.ts';
import { lastFrameLost } from './lifetime/last-frame-lost.ts';
import { lateStopEvent } from './lifetime/late-stop-event.ts';
import { leakedWriteEnd } from './lifetime/leaked-write-end.ts';
import { listenerFails } from './lifetime/listener-fails.ts';
import { lostShutdown } from './lifetime/lost-shutdown.ts';
import { noWriter } from './lifetime/no-writer.ts';
import { parentClosesEarly } from './lifetime/parent-closes-early.ts';
import { partialFrame } from './lifetime/partial-frame.ts';
import { payloadTooLong } from './lifetime/payload-too-long.ts';
import { sizeMismatch } from './lifetime/size-mismatch.ts';
import { standardDescriptors } from './lifetime/standard-descriptors.ts';
import { startUpInterrupt } from './lifetime/start-up-interrupt.ts';
import { stopsReading } from './lifetime/stops-reading.ts';
import { typeTooLong } from './lifetime/type-too-long.ts';
import { undefinedIds } from './lifetime/undefined-ids.ts';
import { wholeFramePerChunk } from './lifetime/whole-frame-per-chunk.ts';

export const scenarios: readonly Scenario[] = [
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
];

const byName: ReadonlyMap<string, Scenario> = new Map(scenarios.map(scenario => [scenario.name, scenario]));

export const scenarioNamed = (name: string): Scenario | undefined => byName.get(name);
