/**
 * What is rare: for each scenario what a sweep of ENOUGH_RUNS may miss, by the name of a property or a kind of fault, and after how many runs of
 * either profile it has been seen for certain: a sweep of so many misses it once in a thousand million times. Measured over up to 3,000 seeds of
 * each (`node --import tsx test/scenarios/measure-rare.ts`); whoever changes a scenario measures it again.
 */
import type { Rare } from '../../src/check/scenario.ts';

export const RARE: Rare = {
  'lifetime/chaos': {
    'killed-before-footer': 1_000,
    orphaned: 1_500,
    escalated: 2_000,
    'database-failed': 200,
    kill: 200,
    'slow-sync': 500,
    'disk-error': 300,
    segmentation: 1_500,
    'disk-full': 700,
    latency: 200,
    pause: 150,
    'stops-on-eof': 1_000,
  },
  'lifetime/starved': { kill: 250, 'disk-full': 450, 'disk-error': 250, 'no-descriptors': 250, 'no-processes': 1_000, 'no-memory': 250 },
  'lifetime/killed-in-start-up': { 'killed-before-running': 700, 'power-cut-while-writing': 150, kill: 200 },
  'lifetime/leaked-write-end': { orphaned: 1_000, 'no-orphan': 200 },
  'lifetime/frame-limits': { 'unknown-skipped': 300 },
  'lifetime/observed': { 'observations-wait': 200 },
  'lifetime/asked': { 'message-refused': 150 },
  'lifetime/start-up-interrupt': { 'asked-is-success': 300 },
};
