/**
 * What is rare: for each scenario what a sweep of ENOUGH_RUNS may miss, by the name of a property or a kind of fault, and after how many runs it
 * has been seen for certain: a sweep of so many misses it once in a thousand million times. Measured for 20 s each, 60 to 740 runs
 * (`node --import tsx test/scenarios/measure-rare.ts`): the fewer there were, the larger the numbers. Whoever changes a scenario measures it again.
 */
import type { Rare } from '../../src/check/scenario.ts';

export const RARE: Rare = {
  'rover/exchange': {
    'queue-resumed': 2000,
    'half-open': 2000,
    'power-cut': 900,
    reset: 3950,
    pause: 300,
    segmentation: 900,
    kill: 550,
    'no-descriptors': 350,
    latency: 300,
    'slow-sync': 550,
    'no-processes': 2000,
    partition: 1250,
    'clock-step': 200,
    'no-memory': 3950,
    'disk-full': 2000,
    'disk-error': 3950,
  },
  'rover/queue': {
    'queue-resumed': 150,
    'log-failed-and-again': 1500,
    pause: 150,
    'power-cut': 200,
    'half-open': 500,
    reset: 550,
    kill: 300,
    segmentation: 950,
    latency: 200,
    'no-memory': 150,
    'slow-sync': 700,
    'clock-step': 150,
    partition: 1150,
    'disk-error': 800,
    'no-descriptors': 250,
    'disk-full': 1750,
  },
  'rover/strangers': {
    'no-descriptors': 1150,
    partition: 650,
    segmentation: 5200,
    'disk-full': 650,
    kill: 300,
    latency: 500,
    'disk-error': 650,
  },
  'rover/hostile': { 'no-room': 1200, segmentation: 6500, latency: 1200 },
  'rover/long': { kill: 2100, segmentation: 700, latency: 200 },
  'rover/fatal': { reset: 10650, segmentation: 5350, kill: 150, latency: 450 },
  'rover/shutdown': { segmentation: 2600, latency: 200 },
  'rover/forked': { 'slow-sync': 2700, 'disk-full': 700, segmentation: 1600, 'disk-error': 200, latency: 300 },
  'rover/disk': { 'disk-error': 320 },
  'rover/client-disk': { 'disk-error': 130 },
};
