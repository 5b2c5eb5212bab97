/**
 * What is rare: for each scenario what a sweep of ENOUGH_RUNS may miss, by the name of a property or a kind of fault, and after how many runs of
 * either profile it has been seen for certain: a sweep of so many misses it once in a thousand million times. Measured over up to 3,000 seeds of
 * each (`node --import tsx test/scenarios/measure-rare.ts`); whoever changes a scenario measures it again.
 */
import type { Rare } from '../../src/check/scenario.ts';

export const RARE: Rare = {
  'lonc/mesh': {
    'told-con-lost': 150,
    'request-times-out': 150,
    'writes-to-nobody': 200,
    segmentation: 700,
    partition: 400,
    'links-up': 700,
    'delayed-in-order': 1_000,
    kill: 150,
  },
  'lonc/delayed': { 'not-kept': 400, 'delayed-kept': 300, partition: 400, 'half-open': 150, reset: 150, 'disk-full': 200 },
  'lonc/delayed-power-cut': { 'cut-with-message': 300, kill: 150 },
  'lonc/store': { 'disk-full': 250, 'disk-error': 300, 'slow-sync': 400, reset: 150, kill: 150 },
  'lonc/store-refused': { kill: 1150 },
  'lonc/store-starved': { 'disk-error': 350, 'disk-full': 200, 'no-memory': 500, 'no-descriptors': 500 },
  'lonc/delayed-starved': { 'disk-error': 250, 'disk-full': 200, 'no-memory': 550, 'no-descriptors': 450, 'no-processes': 15_000 },
  'lonc/children': {
    'killed-in-the-end': 800,
    'already-running': 160,
    'no-descriptors': 200,
    'no-processes': 450,
    'disk-error': 200,
    'disk-full': 180,
    'no-memory': 300,
  },
  'lonc/children-starved': {
    'no-descriptor-for-it': 300,
    'no-process-for-it': 200,
    'no-processes': 200,
    'no-descriptors': 180,
    'no-memory': 200,
  },
  'lonc/limits': { 'backs-off': 200 },
  'lonc/library': { partition: 200, 'half-open': 120, reset: 120, kill: 130, 'disk-full': 500, 'told-con-delayed': 120 },
  'lonc/exchange': { 'told-con-lost': 1_500, 'connection-lost': 150, 'backs-off': 200, 'answers-are-own': 700 },
};
