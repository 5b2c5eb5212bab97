/**
 * The forked server behind an httpd: requests by POST and by GET of two users and nobody, with numbers and without, that are right, wrong and not
 * allowed, on a disk that fails.
 */
import fc from 'fast-check';
import type { Aim, FaultBudget } from '../../src/check/budget.ts';
import { faults } from '../../src/check/faults.ts';
import { evenly, list } from '../../src/check/fields.ts';
import { plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { workloads } from '../../src/check/workload.ts';
import { millis, seconds } from '../../src/host/time.ts';
import { oneRefusal } from '../one-refusal.ts';
import { HTTPD } from './daemons/names.ts';
import { rawOf } from './parts/limits.ts';
import { formOf, requestOf, type Tokens } from './parts/messages.ts';
import { AT_HTTPD, addMachine, addPeer, CASTING, CGI_STATE, SERVER, secretOf, USERS, usersText } from './parts/network.ts';
import { type Kind, tokensOf } from './parts/requests.ts';
import { forkedAsModelled, removalsStay } from './properties/forked.ts';
import { forkedKeeps } from './properties/quirks.ts';
import { doneMet, peersFinish, refusedMet } from './properties/server.ts';

interface Asked {
  readonly steps: readonly number[];
}
const MOST = 1_000_000;
const { arbitraries, shapes } = workloads<Asked>({ steps: list(evenly(0, MOST), 16, 4) });

const KINDS: readonly Kind[] = [
  ...(['card', 'cards', 'look', 'uncard', 'look', 'binary', 'reset', 'deliver', 'delivered', 'delivered', 'no-card', 'echo'] as const),
  ...(['null', 'sleep', 'too-long', 'error', 'unknown', 'missing', 'bare', 'no-reset', 'slow-card', 'two-lines', 'look'] as const),
];
/** How a request is sent: most are right. */
const WAYS: readonly ((tokens: Tokens) => string)[] = [
  requestOf,
  requestOf,
  ({ MSGID: _, ...tokens }) => requestOf(tokens),
  ({ HOST: _, ...tokens }) => requestOf(tokens),
  tokens => byGet(formOf(tokens)),
  ({ MSGID: _, HOST: __, ...tokens }) => byGet(formOf(tokens)),
];
const byGet = (query: string): string => `GET /rover?${query} HTTP/1.0\r\n\r\n`;
const bodied = (body: string, length = body.length): string =>
  requestOf({}).replace(/Content-Length: \d+[\s\S]*$/, `Content-Length: ${length}\r\n\r\n${body}`);
const WRONG: readonly ((tokens: Tokens) => string)[] = [
  tokens => requestOf(tokens).replace('POST', 'PUT'),
  tokens => requestOf(tokens).replace('POST', 'HEAD'),
  tokens => requestOf({ ...tokens, AUTH: 'guessed' }),
  tokens => byGet(formOf({ ...tokens, USER: 'eve' })),
  ({ USER: _, ...tokens }) => requestOf(tokens),
  ({ COMMAND: _, ...tokens }) => byGet(formOf(tokens)),
  tokens => requestOf({ ...tokens, USER: '../x' }),
  tokens => requestOf({ ...tokens, MSGID: '01' }),
  tokens => requestOf({ ...tokens, OBJECT: `Irolo__${'o'.repeat(249)}` }),
  tokens => bodied(`${formOf(tokens)}&x`),
  tokens => bodied(`${formOf(tokens)}&X=%4`),
  tokens => byGet(`${formOf(tokens)}&USER=nobody`),
  () => byGet(''),
  () => bodied(''),
  tokens => requestOf(tokens).replace(/Content-Length: \d+\r\n/, ''),
  tokens => requestOf(tokens).replace('application/x-www-form-urlencoded', 'text/plain'),
  tokens => requestOf(tokens).replace(/Content-Type: \S+/, 'Content-Type: Application/X-WWW-Form-URLencoded; charset=utf-8'),
];

/** One of its digits after the other. */
function requestFor(drawn: number, who: Tokens, own: number): string {
  let left = drawn;
  const digit = (most: number): number => {
    const found = left % most;
    left = Math.floor(left / most);
    return found;
  };
  const tokens = { ...who, MSGID: String(own), ...tokensOf(KINDS[digit(KINDS.length)] ?? 'null', who['HOST'] ?? '', own) };
  const ways = digit(4) === 3 ? WRONG : WAYS;
  return (ways[digit(ways.length)] ?? requestOf)(tokens);
}

const WHO: readonly (readonly [user: string, host: string])[] = [
  ['ann', 'desk'],
  ['bob', 'desk'],
  ['nobody', 'hall'],
];
const AIM: Aim = { until: seconds(1), timeouts: [seconds(1)] };
const BUDGET: FaultBudget = {
  kinds: { latency: 1, segmentation: 1, 'disk-full': 1, 'disk-error': 1, 'slow-sync': 1 },
  total: 2,
  longest: seconds(3),
  machines: [SERVER],
  severity: { refusals: 1 },
};

/** The disk refuses one call, of those that the first change takes: of it, the folders and their syncs. */
const REFUSAL = oneRefusal({
  machine: SERVER,
  at: { min: millis(1), max: millis(150) },
  duration: { min: seconds(2), max: seconds(3) },
  spares: [2, 4, 2, 4, 1, 3, 5, 6, 7, 8],
});

export const forked: Scenario<CommonPlan & Asked> = defineScenario<CommonPlan & Asked>({
  name: 'rover/forked',
  protocol: 'rover',
  title: 'Whatever comes through an httpd, each request is answered as it deserves, and what was changed is there for the next.',
  housekeeping: { programs: { [HTTPD]: {} }, directories: { [CGI_STATE]: 'told' } },
  exempt: {
    'no-leak': 'A forked server is over before anything could be counted.',
    'timers-act': 'It has one timer, and is over when that has fired.',
  },
  programs: () => CASTING,
  plans: profile =>
    plans<Asked>(
      profile,
      { faults: fc.oneof({ weight: 3, arbitrary: faults(BUDGET, AIM) }, { weight: 1, arbitrary: REFUSAL }) },
      arbitraries,
    ),
  workload: shapes,
  build: (world, { steps }) => {
    const machine = addMachine(world, SERVER);
    machine.disk.write(USERS, usersText(), machine.clock.wall(world.now));
    machine.start(HTTPD, ['--port=80', `--state=${CGI_STATE}`, `--users=${USERS}`, '--tests']);
    for (const [index, [user, host]] of WHO.entries()) {
      const who = { USER: user, HOST: host, ...(user === 'nobody' ? {} : { AUTH: secretOf(user) }) };
      const own = steps.filter((_, at) => at % WHO.length === index).map((each, at) => rawOf(requestFor(each, who, at + 1)));
      // The first of all makes the folders.
      const first = index === 0 ? ['pause=200', rawOf(requestOf({ ...who, ...tokensOf('card', host, 0) }))] : ['pause=300'];
      // And at the end it takes away what it has.
      const last = index === 0 ? [rawOf(requestOf({ ...who, ...tokensOf('reset', host, 0) }))] : [];
      addPeer(world, `p${index}`, { user, host, at: AT_HTTPD }, ...first, ...own, ...last);
    }
  },
  properties: [forkedAsModelled, forkedKeeps, removalsStay, peersFinish('200 s'), doneMet, refusedMet],
  chaos: seconds(10),
  liveness: seconds(220),
  maxEvents: 40_000,
  budget: BUDGET,
  expected: { corrected: 'holds' },
});
