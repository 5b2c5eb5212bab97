/**
 * How many steps a run of a scenario has as a rule: written by test/scenarios/measure-steps.ts, from the first 21 seeds.
 * What is not in it draws them.
 */
import type { Steps } from '../../src/check/steps.ts';

export const STEPS: Steps = {
  'lifetime/healthy': 43,
  'lifetime/chaos': 64,
  'lifetime/killed-in-start-up': 55,
  'lifetime/hostile-child': 24,
  'lifetime/event-ids': 43,
  'lifetime/late-stop-event': 48,
  'lifetime/lost-shutdown': 52,
  'lifetime/no-writer': 29,
  'lifetime/deaf-parent': 20,
  'lifetime/full-pipe-closed': 23,
  'lifetime/parent-closes-early': 21,
  'lifetime/partial-frame': 53,
  'lifetime/type-too-long': 52,
  'lifetime/size-mismatch': 52,
  'lifetime/standard-descriptors': 21,
  'lifetime/descriptor-zero': 23,
  'lifetime/bad-descriptor': 7,
  'lifetime/leaked-write-end': 45,
  'lifetime/last-frame-lost': 52,
  'lifetime/payload-too-long': 16,
  'lifetime/whole-frame-per-chunk': 49,
  'lifetime/coalesced-frames': 37,
  'lifetime/stops-reading': 55,
  'lifetime/start-up-interrupt': 52,
  'lifetime/undefined-ids': 52,
  'lifetime/listener-fails': 36,
  'lifetime/frame-limits': 24,
  'lifetime/asked': 32,
  'lifetime/starved': 44,
  'lifetime/command-lines': 25,
  'lifetime/observed': 41,
  'lifetime/flooded': 21,
};
