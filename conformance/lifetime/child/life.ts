/**
 * How a child starts, announces its addresses, and stops.
 */
import type { Case, Step } from '../../case.ts';
import { casesOf } from '../../rows.ts';
import {
  ANY_ADDRESS,
  ANY_LIFETIME,
  ANYTHING,
  among,
  any,
  CLOSE_CONTROL,
  COMPLETE,
  citing,
  ENDS,
  EVENTS,
  exits,
  expects,
  expectsLast,
  KILL,
  never,
  once,
  one,
  onlyAfter,
  onlyBefore,
  P2P_ADDRESS,
  RPC_ADDRESS,
  START,
  START_DATABASE,
  START_SERVER,
  STOP_DATABASE,
  STOP_SERVER,
  someOf,
  TERM,
  WITHIN,
  withField,
} from '../vocabulary.ts';
import { announced, BEGINS, COMMON, child, REST, RUNS_UP, STOPS } from './words.ts';

/** A whole life. The steps after it look at everything that was sent. */
const LIFE: readonly Step[] = [START, RUNS_UP, CLOSE_CONTROL, STOPS, REST];
/** Told to stop while it starts: it has to end, and what it sends until then is whole. */
const stopsEarly = (id: string, point: string, requirement: string, until: Step, told: Step, more: Partial<Case> = {}): Case => ({
  ...COMMON,
  id: child(id),
  title: `A child that is told to stop ${point} stops`,
  requirements: [child(requirement)],
  twin: child('stop.control-eof'),
  deviation: `it is told to stop ${point}`,
  race: `the request to stop and what the child is about to do ${point}`,
  steps: [START, until, told, exits(0, 1), REST],
  ...more,
});

export const LIFE_CASES: readonly Case[] = [
  // ── start ─────────────────────────────────────────────────────────────────────────────────────────────────────────
  ...casesOf(COMMON, child, {
    'start.database-first': {
      title: 'The first frame announces the block database',
      requirements: [child('start-db-first'), child('options-accepted')],
      steps: [START, expects(EVENTS, one(START_DATABASE)), KILL, ENDS],
    },
    'start.server-second': {
      rev: 2,
      title: 'The P2P server is announced after the database and before the completion',
      requirements: [child('start-p2p-after-db')],
      steps: [
        START,
        citing(child('start-db-first'), expects(EVENTS, one(START_DATABASE))),
        expects(EVENTS, any(ANY_ADDRESS), one(START_SERVER)),
        KILL,
        ENDS,
      ],
    },
    'start.complete-once': {
      title: 'The completion of start-up is announced once',
      requirements: [child('complete-once'), child('complete-id-zero')],
      steps: [...LIFE, once(EVENTS, COMPLETE), citing(child('complete-id-zero'), never(EVENTS, withField(COMPLETE, 'id', { atLeast: 1 })))],
    },
    'ids.constants': {
      title: 'The ids of lifetime events are those of the constants',
      requirements: [child('ids-constants')],
      steps: [...LIFE, never(EVENTS, withField(ANY_LIFETIME, 'id', { atLeast: 2 }))],
    },
    'frames.well-formed': {
      title: 'Every byte up to the end of the pipe belongs to a frame',
      requirements: [child('frame-format'), child('event-payload')],
      steps: [...LIFE, citing(child('event-payload'), never(EVENTS, withField(ANY_LIFETIME, 'kind', { atLeast: 3 })))],
    },
  }),
  ...casesOf(COMMON, child, {
    // ── bound addresses ───────────────────────────────────────────────────────────────────────────────────────────────
    'address.announced': {
      title: 'A child that has listeners announces one',
      requirements: [child('address-announced')],
      needs: ['p2p-address'],
      steps: [...LIFE, announced(P2P_ADDRESS)],
    },
    'address.between': {
      rev: 2,
      title: 'Addresses come after the start of the P2P server and before the completion',
      requirements: [child('address-between')],
      needs: ['p2p-address'],
      steps: [...LIFE, announced(ANY_ADDRESS), onlyAfter(ANY_ADDRESS, START_SERVER, EVENTS), onlyBefore(ANY_ADDRESS, COMPLETE, EVENTS)],
    },
    'address.form': {
      rev: 2,
      title: 'An address is text, host:port, with the port that was bound',
      requirements: [child('address-form')],
      needs: ['p2p-address'],
      steps: [...LIFE, announced(ANY_ADDRESS), never(EVENTS, withField(ANY_ADDRESS, 'address', { not: { form: 'host:port' } }))],
    },
    'address.listening': {
      rev: 2,
      title: 'Somebody listens at an announced address',
      requirements: [child('address-listening')],
      needs: ['p2p-address', 'listeners'],
      steps: [
        START,
        {
          verb: 'expect-sequence',
          channel: EVENTS,
          items: [any(ANY_LIFETIME), any(RPC_ADDRESS), { message: P2P_ADDRESS, times: 'one', save: { field: 'address', as: 'p2p' } }],
          within: WITHIN,
          cites: child('address-announced'),
        },
        { verb: 'expect-connect', to: 'p2p', within: WITHIN },
        KILL,
        ENDS,
      ],
    },
    'address.rpc-last': {
      rev: 2,
      title: 'P2P listeners are announced before RPC listeners',
      requirements: [child('address-rpc-last')],
      needs: ['p2p-address', 'rpc-address'],
      steps: [...LIFE, announced(P2P_ADDRESS), announced(RPC_ADDRESS), onlyBefore(P2P_ADDRESS, RPC_ADDRESS, EVENTS)],
    },
  }),
  ...casesOf(COMMON, child, {
    // ── stop ──────────────────────────────────────────────────────────────────────────────────────────────────────────
    'stop.control-eof': {
      title: 'The child stops when its control pipe is closed',
      requirements: [child('stop-on-control-eof')],
      steps: [START, RUNS_UP, CLOSE_CONTROL, ENDS],
    },
    'stop.order': {
      rev: 2,
      title: 'The P2P server stops before the database, whose stop is the last frame',
      requirements: [child('stop-p2p-before-db'), child('stop-db-last')],
      steps: [
        ...LIFE,
        citing(child('stop-db-last'), someOf(EVENTS, STOP_DATABASE)),
        someOf(EVENTS, STOP_SERVER),
        onlyBefore(STOP_SERVER, STOP_DATABASE, EVENTS),
        citing(child('stop-db-last'), onlyBefore(ANY_LIFETIME, STOP_DATABASE, EVENTS)),
        citing(child('stop-db-last'), onlyBefore(ANY_ADDRESS, STOP_DATABASE, EVENTS)),
      ],
    },
    'stop.exit-zero': {
      title: 'A child that was told to stop exits with 0',
      requirements: [child('exit-zero')],
      steps: [START, RUNS_UP, CLOSE_CONTROL, STOPS, exits(0)],
    },
    'stop.sigterm': {
      title: 'SIGTERM stops the child as the end of its control pipe does',
      requirements: [child('stop-on-sigterm')],
      steps: [START, RUNS_UP, TERM, ENDS, REST, someOf(EVENTS, STOP_DATABASE), exits(0)],
    },
    'stop.sigint': {
      title: 'SIGINT stops the child as the end of its control pipe does',
      requirements: [child('stop-on-sigint')],
      steps: [START, RUNS_UP, { verb: 'signal', signal: 'SIGINT' }, ENDS, REST, someOf(EVENTS, STOP_DATABASE), exits(0)],
    },
    'stop.twice': {
      title: 'A second request to stop changes nothing',
      requirements: [child('stop-once')],
      twin: child('stop.exit-zero'),
      deviation: 'SIGTERM right after the end of the control pipe',
      race: 'the second request to stop and what the child does for the first one',
      steps: [START, RUNS_UP, CLOSE_CONTROL, TERM, exits(0), REST, once(EVENTS, STOP_DATABASE)],
    },
  }),
  stopsEarly('stop.during-start', 'after its first frame', 'stop-during-start', BEGINS, CLOSE_CONTROL, {
    rev: 2,
    title: 'A request during start-up is not lost',
    requirements: [child('stop-during-start'), child('stop-p2p-after-complete')],
    deviation: 'the control pipe is closed after the first frame',
    steps: [
      START,
      BEGINS,
      CLOSE_CONTROL,
      exits(0, 1),
      REST,
      citing(child('stop-p2p-after-complete'), onlyAfter(STOP_SERVER, COMPLETE, EVENTS)),
    ],
  }),
  stopsEarly(
    'stop.at-server',
    'when it announces its P2P server',
    'stop-during-start',
    citing(child('start-p2p-after-db'), among(EVENTS, START_SERVER)),
    CLOSE_CONTROL,
  ),
  stopsEarly(
    'stop.at-address',
    'when it announces its first address',
    'stop-during-start',
    citing(child('address-announced'), among(EVENTS, ANY_ADDRESS)),
    CLOSE_CONTROL,
    { needs: ['p2p-address'] },
  ),
  stopsEarly('stop.sigterm-during-start', 'by SIGTERM after its first frame', 'stop-on-sigterm', BEGINS, {
    verb: 'signal',
    signal: 'SIGTERM',
  }),
  ...casesOf(COMMON, child, {
    'stop.before-start': {
      title: 'A control pipe that is at its end before the child starts stops it',
      requirements: [child('stop-before-start')],
      twin: child('stop.control-eof'),
      deviation: 'the control pipe is closed before the child is started',
      race: 'the end of the control pipe is seen, and whatever of the child is to hear of it is ready',
      steps: [CLOSE_CONTROL, START, exits(0, 1), REST],
    },
    'stop.death': {
      rev: 2,
      title: 'When the child dies its parent sees the end of the event pipe',
      requirements: [child('eof-on-death')],
      steps: [START, RUNS_UP, KILL, expectsLast(EVENTS, any(ANYTHING)), { verb: 'expect-exit', signals: ['SIGKILL'], within: WITHIN }],
    },
  }),
];
