/**
 * What is rare: for each scenario what a sweep of ENOUGH_RUNS may miss, by the name of a property or a kind of fault, and after how many runs of
 * either profile it has been seen for certain: a sweep of so many misses it once in a thousand million times. Measured over up to 3,000 seeds of
 * each (`node --import tsx test/scenarios/measure-rare.ts`); whoever changes a scenario measures it again.
 */
import type { Rare } from '../../src/check/scenario.ts';

export const RARE: Rare = {
  'rwho/domain': {
    'server-dead-host-up': 150,
    'clock-was-set': 150,
    duplicate: 150,
    'power-cut': 150,
    'clock-drift': 150,
    loss: 150,
    reorder: 150,
  },
  'rwho/neighbours': { 'power-cut': 150, duplicate: 150, loss: 150, reorder: 150, partition: 150, 'newest-stands': 1_000, latency: 150 },
  'rwho/worn': {
    'clock-was-set': 500,
    'clock-step': 250,
    'disk-full': 250,
    'disk-error': 250,
    pause: 250,
    'slow-sync': 300,
    kill: 250,
    'power-cut': 250,
    'record-not-written': 250,
  },
  'rwho/starved': { 'disk-full': 150, 'no-memory': 150, 'power-cut': 150, 'disk-error': 150, 'no-descriptors': 150 },
  'rwho/shown': { 'down-is-shown': 200 },
  'rwho/last-twin-wins': { 'something-refused': 150, 'one-twin-stands': 200 },
};
