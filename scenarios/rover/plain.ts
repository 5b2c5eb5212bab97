/**
 * A server and a forked one as they are for users: without the commands for tests.
 */
import { NO_FAULTS } from '../../src/check/budget.ts';
import { choice, list } from '../../src/check/fields.ts';
import { pick, plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { workloads } from '../../src/check/workload.ts';
import { seconds } from '../../src/host/time.ts';
import { LINK_DEFAULTS } from '../../src/sim/core/options.ts';
import { HTTPD } from './daemons/names.ts';
import { AT_HTTPD, addMachine, addPeer, CASTING, CGI_STATE, SERVER, startPlainServer, USERS } from './parts/network.ts';
import { type Kind, tokensOf } from './parts/requests.ts';
import { answersAsDue } from './properties/due.ts';
import { doneMet, peersFinish } from './properties/server.ts';

/** By what is asked: the status of the answer. */
const DUE: Readonly<Partial<Record<Kind, number>>> = {
  card: 200,
  look: 200,
  binary: 200,
  reset: 200,
  deliver: 200,
  null: 422,
  echo: 422,
  sleep: 422,
  'slow-card': 422,
  error: 422,
};
const KINDS = ['card', 'look', 'binary', 'reset', 'deliver', 'null', 'echo', 'sleep', 'slow-card', 'error'] as const;

interface Plain {
  readonly asked: readonly (typeof KINDS)[number][];
}
export type PlainPlan = CommonPlan & Plain;
const { arbitraries, shapes } = workloads<Plain>({ asked: list(choice(...KINDS), 4, 2) });

const PAUSE = 'pause=300';
/** The steps of a peer: that pause, and what it asks. */
const asDue = answersAsDue(args => [undefined, ...[...args.matchAll(/"KIND":"([a-z-]+)"/g)].map(([, word]) => DUE[word as Kind])]);

export const plain: Scenario<PlainPlan> = defineScenario<PlainPlan>({
  name: 'rover/plain',
  protocol: 'rover',
  title: 'Without the commands for tests a server has those of users, and no other.',
  housekeeping: { programs: { [HTTPD]: {} }, directories: { [CGI_STATE]: 'told' } },
  programs: () => CASTING,
  plans: profile => plans<Plain>(profile, { link: pick([LINK_DEFAULTS]) }, arbitraries),
  workload: shapes,
  build: (world, { asked }) => {
    const machine = addMachine(world, SERVER);
    startPlainServer(machine);
    machine.start(HTTPD, ['--port=80', `--state=${CGI_STATE}`, `--users=${USERS}`]);
    const steps = asked.map((kind, at) => `until=${JSON.stringify({ KIND: kind, MSGID: String(at + 1), ...tokensOf(kind, 'p', at) })}`);
    addPeer(world, 'p0', { user: 'ann', host: 'p' }, PAUSE, ...steps);
    addPeer(world, 'p1', { user: 'ann', host: 'p', at: AT_HTTPD }, PAUSE, ...steps);
  },
  properties: [asDue, peersFinish('60 s'), doneMet],
  chaos: seconds(2),
  liveness: seconds(65),
  maxEvents: 10_000,
  busyLoop: 5_000,
  budget: NO_FAULTS,
  expected: { corrected: 'holds' },
});
