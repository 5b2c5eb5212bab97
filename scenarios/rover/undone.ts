/**
 * What a module has declared, and cannot do: its file is a directory. It is tried again and again, over segments of the log and lives of the daemon,
 * and others are served meanwhile.
 */
import { NO_FAULTS } from '../../src/check/budget.ts';
import { choice, integer } from '../../src/check/fields.ts';
import { pick, plans } from '../../src/check/plans.ts';
import { type AlwaysProperty, always, type SometimesProperty, sometimes } from '../../src/check/property.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { workloads } from '../../src/check/workload.ts';
import { programOf } from '../../src/check/world/housekeeping.ts';
import { instantOf, seconds } from '../../src/host/time.ts';
import { noted, warned } from '../../src/impl/rover/log.ts';
import { LINK_DEFAULTS } from '../../src/sim/core/options.ts';
import { KILLER } from './daemons/names.ts';
import { addPeer, addServer, CASTING, DAEMON, quirkArgs, STATE } from './parts/network.ts';
import { tokensOf } from './parts/requests.ts';
import { logForgets, logIsWhole } from './properties/log.ts';
import { doneMet, peersFinish } from './properties/server.ts';

interface Undone {
  /** Requests of the other, of which ten fill a segment. */
  readonly others: number;
  /** Milliseconds: when the daemon is killed. */
  readonly kill: number;
  readonly segment: number;
}
export type UndonePlan = CommonPlan & Undone;
const { arbitraries, shapes } = workloads<Undone>({
  others: integer(6, 16),
  kill: integer(2_500, 5_000),
  segment: choice(4_096, 4_096, 1_048_576),
});

/** What was declared in a life, and is not done, is seen to at the beginning of the next. */
const seenTo: AlwaysProperty = always(
  'seen-to-again',
  'What could not be done in one life of a daemon is seen to at the beginning of the next.',
  () => {
    let [undone, seen] = [false, false];
    return {
      see: event => {
        if (programOf(event.process) !== DAEMON) return undefined;
        if (event.kind === 'start') seen = false;
        if (warned['act-failed'].of(event) !== undefined) [undone, seen] = [true, true];
        if (noted.restored.of(event) === undefined || !undone || seen) return undefined;
        return `${event.process} begins, and does not see to what an earlier one could not do`;
      },
    };
  },
  ['start', 'log'],
);
const undoneMet: SometimesProperty = sometimes(
  'act-failed',
  'What was declared cannot be done.',
  () => ({ see: event => warned['act-failed'].of(event) !== undefined }),
  ['log'],
);

export const undone: Scenario<UndonePlan> = defineScenario<UndonePlan>({
  name: 'rover/undone',
  protocol: 'rover',
  title: 'What was declared and cannot be done is not forgotten, and nobody else waits for it.',
  exempt: { 'no-leak': 'What cannot be done is waited for, and nobody comes to change that.' },
  programs: () => CASTING,
  plans: profile => plans<Undone>(profile, { link: pick([LINK_DEFAULTS]) }, arbitraries),
  workload: shapes,
  build: (world, { others, kill, segment, profile }) => {
    const server = addServer(world, `--segment=${segment}`, ...quirkArgs(profile));
    const now = server.clock.wall(world.now);
    for (const folder of [STATE, `${STATE}/agents`, `${STATE}/agents/Agent__p0`]) server.disk.makeDirectory(folder, now);
    addPeer(
      world,
      'p0',
      { user: 'ann', host: 'p0' },
      'pause=400',
      `lose=${JSON.stringify({ MSGID: '1', ...tokensOf('deliver', 'p0', 1) })}`,
    );
    const echoes = Array.from(
      { length: others },
      (_, at) => `until=${JSON.stringify({ MSGID: String(at + 1), COMMAND: 'TESTECHO', DATA: 'x'.repeat(300) })}`,
    );
    addPeer(world, 'p1', { user: 'bob', host: 'p1' }, 'pause=1500', ...echoes);
    world.at(instantOf(kill * 1_000), () => {
      const daemon = server.newest(DAEMON);
      if (daemon !== undefined) server.start(KILLER, [String(daemon.pid), 'SIGKILL']);
    });
  },
  properties: [logIsWhole, logForgets, seenTo, peersFinish('60 s'), doneMet, undoneMet],
  chaos: seconds(6),
  liveness: seconds(65),
  maxEvents: 10_000,
  busyLoop: 5_000,
  budget: NO_FAULTS,
  expected: { corrected: 'holds' },
});
