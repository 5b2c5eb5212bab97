/**
 * What ends the dialogue of a gateway with lond, and how long it waits then.
 */
import type { Duration } from '../../../src/host/time.ts';
import { seconds } from '../../../src/host/time.ts';
import type { Case, Step } from '../../case.ts';
import { casesOf } from '../../rows.ts';
import {
  A,
  CONNECTIONS,
  citing,
  close,
  dialogue,
  ends,
  hears,
  joins,
  LOND,
  LOND2,
  ONLINE,
  OVER,
  opens,
  ponged,
  quiet,
  START,
  say,
  setup,
  turnsAway,
  USR1,
} from '../vocabulary.ts';
import { ADMITTED, ASKED_PONG, asks, BROKEN, COMMON, ECHOED, GOES_ON, GREETED, id, SLOW, says, stopsThere } from './words.ts';

// What must not happen before its time is watched for a good part of it: the tester begins to count when it has heard something, which is
// later than the gateway, by more where the computer is busy or the gateway's time is short.
const BEFORE_60 = seconds(45);
const BACK_OFF = seconds(100);
/** Back-off at most, and a little. */
const AGAIN = seconds(270);
const POKED = seconds(10);
/** Nothing more is said, and the connection ends. */
const LETS_GO: Step = { verb: 'expect-sequence', channel: LOND, items: [], thenEof: true, within: seconds(30) };

const ASKED_KEY: readonly Step[] = [START, ...setup('the gateway says ekey', ...ponged(LOND), hears(LOND, 'ekey'))];
const REFUSED: readonly Step[] = [
  ...GREETED,
  ...setup('the gateway echoes bye', say(LOND, 'bye'), hears(LOND, 'bye')),
  say(LOND, 'refused'),
];

/** Nothing is tried for so long, and then it is tried again. */
const restsAndTries = (rest: Duration, channel: string): readonly Step[] => [
  quiet(rest, channel),
  citing(id('tries-again'), opens(channel, AGAIN)),
];
/** As many lives that fail in the dialogue, each on a connection of its own. */
const failsTimes = (count: number): readonly Step[] =>
  setup(
    'the dialogue fails again and again',
    ...CONNECTIONS.slice(0, count).flatMap(channel => [opens(channel, seconds(370)), hears(channel, 'init'), close(channel)]),
  );

export const ENDING_CASES: readonly Case[] = [
  ...casesOf(COMMON, id, {
    // ── what ends it ──────────────────────────────────────────────────────────────────────────────────────────────────
    'refused.verdict': {
      rev: 2,
      title: 'After an echo that is answered bye, refused nothing more is said, and the gateway does not go online',
      requirements: [id('verdict')],
      twin: id('dialogue.pong'),
      deviation: 'bye and refused instead of the challenge and ok',
      steps: [...REFUSED, ...stopsThere(id('verdict')), ...OVER],
    },
    'refused.not-ok': {
      rev: 2,
      title: 'An answer that only begins with ok is none',
      requirements: [id('verdict')],
      twin: id('dialogue.pong'),
      deviation: 'okay instead of ok',
      steps: says('okay', id('verdict')),
    },
    'refused.cr': {
      rev: 2,
      title: 'CR is a byte: ok with a CR is not ok',
      requirements: [id('line-feed'), id('verdict')],
      twin: id('dialogue.pong'),
      deviation: 'ok CR LF instead of ok LF',
      steps: says('ok\r', id('line-feed')),
    },
    'refused.closes': {
      title: 'A connection that was refused is closed at once',
      requirements: [id('lets-go')],
      twin: id('dialogue.pong'),
      deviation: 'bye and refused instead of the challenge and ok',
      steps: [...REFUSED, BROKEN, ...OVER],
    },
  }),
  ...(
    [
      ['init', 'in place of the challenge', GREETED],
      ['challenge', 'in place of ok', ECHOED],
      ['settle', 'during the pause', ADMITTED],
      ['pong', 'in place of the answer to pong', ASKED_PONG],
      ['ekey', 'in place of the build key', ASKED_KEY],
    ] as const
  ).map(
    ([name, where, steps]): Case => ({
      ...COMMON,
      rev: 2,
      id: id(`ended.${name}`),
      title: `An end of file ${where} is no answer: the gateway does not go online`,
      requirements: [id('end-is-failure')],
      twin: id('dialogue.pong'),
      deviation: `end of file ${where}`,
      steps: [...steps, { verb: 'half-close', channel: LOND }, quiet(GOES_ON, LOND2), turnsAway(), ...OVER],
    }),
  ),
  ...casesOf(COMMON, id, {
    'ended.closes': {
      title: 'A connection that lond has ended in the dialogue is closed at once',
      requirements: [id('lets-go')],
      twin: id('dialogue.pong'),
      deviation: 'end of file in place of ok',
      steps: [...ECHOED, { verb: 'half-close', channel: LOND }, BROKEN, ...OVER],
    },
    'limit.init': {
      ...SLOW,
      rev: 2,
      title: 'No challenge within 60 s: the connection is closed, and no empty line sent',
      requirements: [id('init-limit')],
      steps: [...GREETED, quiet(BEFORE_60, LOND), LETS_GO, ...OVER],
    },
    'limit.verdict': {
      ...SLOW,
      rev: 2,
      title: 'No answer to the echo within 60 s: the connection is closed',
      requirements: [id('verdict-limit')],
      steps: [...ECHOED, quiet(BEFORE_60, LOND), LETS_GO, ...OVER],
    },
    'limit.pong': {
      ...SLOW,
      rev: 2,
      title: 'No answer to pong within 60 s: the connection is closed',
      requirements: [id('pong-limit')],
      steps: [...ASKED_PONG, quiet(BEFORE_60, LOND), LETS_GO, ...OVER],
    },
    'limit.ekey': {
      ...SLOW,
      rev: 2,
      title: 'No build key within 60 s: the connection is closed',
      requirements: [id('pong-limit')],
      steps: [...ASKED_KEY, quiet(BEFORE_60, LOND), LETS_GO, ...OVER],
    },
    'back-off.refused': {
      ...SLOW,
      rev: 2,
      title: 'After a refusal nothing is tried for 120 s, and then it is tried again',
      requirements: [id('back-off'), id('tries-again')],
      steps: [...REFUSED, ...restsAndTries(BACK_OFF, LOND2), ...OVER],
    },
    'back-off.unreachable': {
      ...SLOW,
      rev: 2,
      title: 'When nobody listens any more nothing is tried for 120 s, and then it is tried again',
      requirements: [id('back-off'), id('tries-again')],
      steps: [
        ...ONLINE,
        ...asks('ping'),
        { verb: 'close-listener' },
        close(LOND),
        // It has been told that the connection is lost, tries to open it again, and is refused: in the first half of the wait.
        ...setup('the gateway tells of the loss', hears(A, 'con_lost')),
        quiet(seconds(60), LOND2),
        { verb: 'listen' },
        ...restsAndTries(seconds(40), LOND2),
        ...OVER,
      ],
    },
    'back-off.silence': {
      ...SLOW,
      rev: 2,
      title: 'After a lond that never answered the echo nothing is tried for 120 s',
      requirements: [id('back-off-silence')],
      steps: [...ECHOED, ...setup('the gateway gives up waiting', ends(LOND, seconds(70))), quiet(BACK_OFF, LOND2), ...OVER],
    },
    'attempts.given-up': {
      ...SLOW,
      deadline: seconds(6_000),
      title: 'A host that fails six times is left alone, until SIGUSR1',
      requirements: [id('gives-up'), id('poke')],
      steps: [START, ...failsTimes(6), quiet(seconds(1_500), 'lond7'), USR1, citing(id('poke'), opens('lond7', POKED)), ...OVER],
    },
    'attempts.poked-online': {
      ...SLOW,
      deadline: seconds(6_000),
      title: 'At SIGUSR1 a host whose sixth life is a healthy one is not connected to a second time',
      requirements: [id('poke-once')],
      steps: [
        START,
        ...failsTimes(5),
        ...setup('the sixth life goes online', opens('lond6', seconds(370)), ...dialogue('lond6').slice(1), joins(A)),
        USR1,
        quiet(seconds(15), 'lond7'),
        ...OVER,
      ],
    },
  }),
];
