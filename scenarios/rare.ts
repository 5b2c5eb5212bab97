/**
 * What is rare: for each scenario what a sweep of ENOUGH_RUNS may miss, by the name of a property or a kind of fault, and after how many runs of
 * either profile it has been seen for certain: a sweep of so many misses it once in a thousand million times. Measured over up to 3,000 seeds of
 * each (`node --import tsx test/scenarios/measure-rare.ts`); whoever changes a scenario measures it again.
 * May import: nothing.
 */

export const RARE: Readonly<Record<string, Readonly<Record<string, number>>>> = {
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
  'lifetime/killed-in-start-up': { 'killed-before-running': 700, 'power-cut-while-writing': 150, kill: 200 },
  'lifetime/leaked-write-end': { orphaned: 1_000, 'no-orphan': 200 },
  'lifetime/start-up-interrupt': { 'asked-is-success': 300 },
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
  'lonc/exchange': { 'told-con-lost': 1_500, 'connection-lost': 150, 'backs-off': 200, 'answers-are-own': 700 },
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
  'rwho/last-twin-wins': { 'something-refused': 150, 'one-twin-stands': 200 },
};
