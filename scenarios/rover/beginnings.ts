/**
 * Servers and clients that begin with a log that somebody has left, and with any file of users: each place at which a log can be torn or damaged,
 * each kind of record, and names and secrets at their limits.
 */
import fc from 'fast-check';
import { NO_FAULTS } from '../../src/check/budget.ts';
import { evenly, list } from '../../src/check/fields.ts';
import { PLAIN, plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { object } from '../../src/check/shape.ts';
import { workloads } from '../../src/check/workload.ts';
import { utf8 } from '../../src/host/bytes.ts';
import { seconds } from '../../src/host/time.ts';
import { CLIENT_IMAGES, SERVER_IMAGES, USERS_FILES } from './parts/log-images.ts';
import { addMachine, CASTING, CLIENT, DAEMON } from './parts/network.ts';
import { beginsAsItShould, damageMet } from './properties/beginnings.ts';

interface Found {
  readonly log: number;
  readonly users: number;
}
interface Beginnings {
  readonly found: readonly Found[];
}
const MOST = 1_000_000;
const FOUND = workloads<Found>({ log: evenly(0, MOST), users: evenly(0, MOST) });
const ALL = workloads<Beginnings>({ found: list({ arbitrary: fc.record(FOUND.arbitraries, PLAIN), shape: object(FOUND.shapes) }, 24, 16) });
/** Of those who find a file of users, most find one that is right. */
const RIGHT = 4;

export const beginnings: Scenario<CommonPlan & Beginnings> = defineScenario<CommonPlan & Beginnings>({
  name: 'rover/beginnings',
  protocol: 'rover',
  title: 'Whatever log somebody begins with, what was promised in it is there, or it says that it is not.',
  housekeeping: { programs: { [DAEMON]: {}, [CLIENT]: {} } },
  exempt: {
    'no-leak': 'Nobody stops those that run.',
    'timers-act': 'They are looked at while they begin, before a timer could act.',
    'durable-before-told': 'Nobody asks them for anything that would have to last.',
  },
  programs: () => CASTING,
  plans: profile => plans<Beginnings>(profile, {}, ALL.arbitraries),
  workload: ALL.shapes,
  build: (world, { found }) => {
    const machine = addMachine(world, 'm0');
    const now = machine.clock.wall(world.now);
    const lays = (folder: string, file: string, bytes: Uint8Array): void => {
      machine.disk.makeDirectory(folder, now);
      machine.disk.write(`${folder}/${file}`, bytes, now);
    };
    for (const [index, { log, users }] of found.entries()) {
      const at = log % (SERVER_IMAGES.length + CLIENT_IMAGES.length);
      const isClient = at >= SERVER_IMAGES.length;
      const number = isClient ? at - SERVER_IMAGES.length : at;
      const image = (isClient ? CLIENT_IMAGES : SERVER_IMAGES)[number];
      const folder = `/var/log-${number}-${index}`;
      if (image !== undefined) lays(folder, `log.${String(image.number).padStart(8, '0')}`, image.bytes);
      // Older ones, and one that was not finished, are only left over.
      lays(folder, 'log.00000002', utf8('nothing'));
      lays(folder, 'log.00000009.new', utf8('nothing'));
      if (isClient) machine.start(CLIENT, ['--server=127.0.0.1:7', '--user=ann', '--host=desk', `--state=${folder}`]);
      else {
        const file = users % RIGHT === 0 ? Math.floor(users / RIGHT) % USERS_FILES.length : 0;
        lays('/etc/rover', `${index}-${file}`, USERS_FILES[file]?.[0] ?? new Uint8Array());
        machine.start(DAEMON, [`--listen=127.0.0.1:${700 + index}`, `--state=${folder}`, '--tests', `--users=/etc/rover/${index}-${file}`]);
      }
    }
  },
  properties: [beginsAsItShould, damageMet],
  chaos: seconds(1),
  liveness: seconds(1),
  maxEvents: 20_000,
  busyLoop: 5_000,
  budget: NO_FAULTS,
  expected: { corrected: 'holds' },
});
