/**
 * What is rare: for each scenario what a sweep of ENOUGH_RUNS may miss, by the name of a property or a kind of fault, and after how many runs of
 * either profile it has been seen for certain: a sweep of so many misses it once in a thousand million times. Measured over up to 3,000 seeds of
 * each (`node --import tsx test/scenarios/measure-rare.ts`); whoever changes a scenario measures it again.
 */
import type { Rare } from '../../src/check/scenario.ts';

export const RARE: Rare = {
  'ikc/exchange': {
    'lost-with-its-link': 700,
    reset: 450,
    'no-memory': 2_800,
    partition: 700,
    pause: 200,
    latency: 500,
    'half-open': 500,
    kill: 300,
    segmentation: 1_900,
    'no-descriptors': 2_000,
  },
  'ikc/negotiation': { 'negotiation-timed-out': 200, segmentation: 900, latency: 150 },
  'ikc/namesakes': { segmentation: 500, latency: 150 },
  'ikc/hostile': { segmentation: 400 },
  'ikc/shutdown': { 'refused-at-the-end': 400, segmentation: 2_000, latency: 250 },
  'ikc/small': {
    'lost-with-its-link': 300,
    reset: 2_500,
    partition: 1_900,
    latency: 250,
    'half-open': 1_700,
    kill: 200,
    segmentation: 1_100,
  },
  'ikc/serving': { 'somebody-waits': 200, kill: 450, segmentation: 1_500, latency: 250 },
};
