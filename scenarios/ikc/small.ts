/**
 * The small client (B15): some that ask a hub which is killed and started again, over links that break; and one whose kernel is not ours, says
 * any lines, and answers with anything.
 */
import type { FaultBudget } from '../../src/check/budget.ts';
import { faults } from '../../src/check/faults.ts';
import { choice, flag, integer, list } from '../../src/check/fields.ts';
import { plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { workloads } from '../../src/check/workload.ts';
import { utf8 } from '../../src/host/bytes.ts';
import { seconds } from '../../src/host/time.ts';
import { asModelled } from './model.ts';
import { AT_HUB, addMachine, CASTING, HUB, HUB_SOCKET, kept, LITE, quirkArgs, server, stranger } from './parts/network.ts';
import { framed, type Plain } from './parts/requests.ts';
import { answer, frame, raw, UNASKED } from './parts/said.ts';
import { LITE_KINDS, wordsOf } from './parts/steps.ts';
import { LINES, lineOf, type Terminator } from './parts/strangers.ts';
import { asksAsTold } from './properties/asks.ts';
import { liteFailedMet, takesItsAnswer } from './properties/lite.ts';
import { printsWhatComes } from './properties/prints.ts';
import { namesAreKept } from './properties/registry.ts';
import { allFinish, answeredMet, goneMet, outcomesAreOwn, refusedMet } from './properties/steps.ts';
import { tellsWhatHappens } from './properties/tells.ts';

interface Small {
  readonly clients: number;
  readonly steps: readonly string[];
  readonly repeat: number;
  /** Milliseconds before each step. */
  readonly pause: number;
  readonly json: boolean;
  readonly unix: boolean;
  /** Of the kernel that is not ours: honest lines, then any, then the other honest ones. */
  readonly honest: number;
  readonly lines: readonly (typeof LINES)[number][];
  readonly terminator: Terminator;
  /** Of ANSWERS, one after the other. */
  readonly answers: readonly string[];
  /** Milliseconds between two things that it says. */
  readonly slow: number;
  readonly ending: 'silence' | 'end' | 'reset';
}
export type SmallPlan = CommonPlan & Small;

const HONEST = ['IAM s-00000001-00000001-00000001', 'IAM s', 'DONE', 'OK', 'OK', 'UP'];
const OWN = 'lite';
const error = (call: number, more = '', text = 'no'): Plain => ({
  event: { kernel: OWN, session: 'IKC', state: 'remote_error' },
  params: `${text} [poe:/demo/echo] sent by [poe://${OWN}${more}/IKCLite/response${call}]`,
  is_error: 1,
});
/** What comes in place of the answer to the call of this number, and what may come before it. */
const ANSWERS: Readonly<Record<string, (call: number) => string>> = {
  right: call => frame(answer(call, `answer ${call}`)),
  'a list': call => frame(answer(call, [1, ['two'], { three: null }])),
  nothing: call => frame({ event: { kernel: OWN, session: 'IKCLite', state: `response${call}` } }),
  'of the next call': call => frame(answer(call + 1, 'too early')),
  'of the call before': call => frame(answer(call - 1, 'too late')),
  'of nothing': () => frame(UNASKED),
  'to another session': call => frame({ event: { kernel: OWN, session: 'demo', state: `response${call}` }, params: 1 }),
  'an error': call => frame(error(call)),
  'an error of the next': call => frame(error(call + 1)),
  'an error of another': call => frame(error(call, 'x')),
  'a long error': call => frame(error(call, '', 'long '.repeat(300))),
  'an array': () => frame([1, 2]),
  'no image': () => raw(framed(utf8('Hello, world'))),
  'no frame': () => raw(utf8('x')),
  'half a frame': () => raw(utf8('100\0pst')),
  'half a length': () => raw(utf8('10')),
  'a colon': () => raw(utf8('1:\0')),
  'a slash': () => raw(utf8('1/\0')),
  'no length': () => raw(utf8('\0')),
  'a length with zeros': call => raw(utf8('000'), framed(utf8(`${call}`))),
  'endless digits': () => raw(utf8('1'.repeat(30))),
  'a gigabyte': () => raw(utf8('1000000000\0')),
};

const { arbitraries, shapes } = workloads<Small>({
  clients: integer(1, 3),
  steps: list(choice(...(LITE_KINDS as readonly [string, ...string[]])), 8, 1),
  repeat: integer(1, 3),
  pause: choice(0, 40, 2_000),
  json: flag(),
  unix: flag(),
  honest: integer(0, HONEST.length),
  lines: list(choice(...LINES), 2),
  terminator: choice('crlf', 'crlf', 'crlf', 'lf'),
  answers: list(choice(...(Object.keys(ANSWERS) as [string, ...string[]])), 6),
  slow: choice(0, 0, 30, 700),
  ending: choice('silence', 'end', 'reset'),
});

const BUDGET: FaultBudget = {
  kinds: { latency: 1, segmentation: 1, reset: 3, 'half-open': 1, partition: 1, kill: 2, pause: 1 },
  total: 3,
  longest: seconds(8),
  programs: ['ikc-server'],
  machines: [HUB],
};
const OTHER = '10.0.0.2:603';
/** Milliseconds; of each step of a connection, and of a call. */
const TIMEOUT = 5_000;

export const small: Scenario<SmallPlan> = defineScenario<SmallPlan>({
  name: 'ikc/small',
  protocol: 'ikc',
  title: 'A small client asks what it was told, takes its own answers, and comes to its end.',
  programs: () => CASTING,
  plans: profile => plans<Small>(profile, { faults: faults(BUDGET, { until: seconds(12), timeouts: [seconds(5)] }) }, arbitraries),
  workload: shapes,
  build: (world, { clients: count, steps, repeat, pause, json, unix, honest, lines, terminator, answers, slow, ending, profile }) => {
    const quirks = quirkArgs(profile);
    const at = unix ? HUB_SOCKET : AT_HUB;
    const lites = Array.from({ length: count }, (_, index) => {
      const name = `c${index}`;
      const offers = json ? ['--serializer=JSON', '--serializer=Storable'] : [];
      // One has the name that it is given when nobody says otherwise.
      const named = index === 0 ? [] : [`--name=${name}`];
      const words = wordsOf(steps, name);
      const args = [
        `--connect=${at}`,
        ...named,
        ...offers,
        `--repeat=${repeat}`,
        `--pause=${pause}`,
        `--timeout=${TIMEOUT}`,
        ...quirks,
        ...words,
      ];
      return { program: LITE, args };
    });
    addMachine(world, HUB, [kept(server(at, '--name=hub', '--alias=centre', ...quirks)), ...(unix ? lites : [])]);
    const says = [...HONEST.slice(0, honest), ...lines, ...HONEST.slice(honest)].map(each => lineOf(each, terminator));
    const then = answers.flatMap((each, index) => ANSWERS[each]?.(index) ?? []);
    const paused = [...says, 'hear=WORLD', ...then].flatMap(each => (slow === 0 ? [each] : [`pause=${slow}`, each]));
    addMachine(world, 'm0', [stranger('listen', OTHER, ...paused, ...(ending === 'silence' ? [] : ['pause=900', ending]))]);
    const asks = ['--call=poe:/demo/echo "x"', '--list=poe://other/demo/echo 1', '--post=poe:/demo/note 2'];
    addMachine(world, 'm1', [
      { program: LITE, args: [`--connect=${OTHER}`, `--name=${OWN}`, '--repeat=2', `--timeout=${TIMEOUT}`, ...quirks, ...asks] },
    ]);
    if (!unix) for (const [index, each] of lites.entries()) addMachine(world, `l${index}`, [each]);
  },
  properties: [
    asModelled,
    tellsWhatHappens,
    takesItsAnswer,
    outcomesAreOwn(['l0', 'l1', 'l2', HUB]),
    asksAsTold,
    printsWhatComes,
    namesAreKept,
    allFinish('400 s'),
    answeredMet,
    refusedMet,
    goneMet,
    liteFailedMet,
  ],
  chaos: seconds(20),
  liveness: seconds(420),
  maxEvents: 60_000,
  busyLoop: 40_000,
  budget: BUDGET,
  expected: { corrected: 'holds' },
});
