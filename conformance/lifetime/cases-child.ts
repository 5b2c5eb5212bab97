/**
 * Cases for a child: the tester is its parent and holds both pipes. Each looks at one thing and tolerates the rest, so a
 * fault shows where it is. Comments in the source of the protocol and its behaviour differ; requirements.ts says where.
 * May import: case.ts, vocabulary.ts.
 */
import type { Case, Step } from '../case.ts';
import {
  ANY_ADDRESS,
  ANY_LIFETIME,
  ANY_START,
  ANY_STOP,
  ANYTHING,
  any,
  CLOSE_CONTROL,
  COMPLETE,
  CONTROL,
  citing,
  DEADLINE,
  ENDS,
  EVENTS,
  exits,
  expects,
  expectsLast,
  KILL,
  none,
  once,
  one,
  optional,
  P2P_ADDRESS,
  RPC_ADDRESS,
  START,
  START_DATABASE,
  START_SERVER,
  STOP_DATABASE,
  STOP_SERVER,
  silence,
  some,
  WITHIN,
  withField,
} from './vocabulary.ts';

const RUNS_UP: Step = expects(EVENTS, any(ANYTHING), one(COMPLETE));
const REST: Step = expectsLast(EVENTS, any(ANYTHING));
const TX = '--pipetx=3';
const RX = '--piperx=4';
const LIFETIME = '--lifetimeevents';
const ADDRESSES = '--boundaddrevents';
const child = (id: string): string => `lifetime.child.${id}`;

/** Frames a parent might send one day. None is defined (C4), so a child has to drop them unread. */
const FRAME_OF_A_PARENT = '010d6c69666574696d656576656e74020000000201';

/** One frame of an unknown type, as long as a pipe holds: 01 06 "filler" and 65536 - 12 in little endian, then zeros. */
const FILL: Step = { verb: 'fill', channel: EVENTS, hex: '010666696c6c6572f4ff0000', within: WITHIN };

const COMMON = { rev: 1, role: 'child', deadline: DEADLINE } as const;

export const CHILD_CASES: readonly Case[] = [
  // ── start ─────────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    ...COMMON,
    id: child('start.database-first'),
    title: 'The first frame announces the block database',
    requirements: [child('start-db-first'), child('options-accepted')],
    steps: [START, expects(EVENTS, one(START_DATABASE)), KILL, ENDS],
  },
  {
    ...COMMON,
    id: child('start.server-second'),
    title: 'The P2P server is announced after the database and before the completion',
    requirements: [child('start-p2p-after-db')],
    steps: [START, expects(EVENTS, one(START_DATABASE), any(ANY_ADDRESS), some(START_SERVER), any(ANY_ADDRESS), one(COMPLETE)), KILL, ENDS],
  },
  {
    ...COMMON,
    id: child('start.complete-once'),
    title: 'The completion of start-up is announced once',
    requirements: [child('complete-once'), child('complete-id-zero')],
    steps: [
      START,
      RUNS_UP,
      CLOSE_CONTROL,
      REST,
      ENDS,
      once(COMPLETE, EVENTS),
      citing(child('complete-id-zero'), none(withField(COMPLETE, 'id', { atLeast: 1 }), EVENTS)),
    ],
  },
  {
    ...COMMON,
    id: child('ids.constants'),
    title: 'The ids of lifetime events are those of the constants',
    requirements: [child('ids-constants')],
    steps: [START, RUNS_UP, CLOSE_CONTROL, REST, ENDS, none(withField(ANY_LIFETIME, 'id', { atLeast: 2 }), EVENTS)],
  },
  {
    ...COMMON,
    id: child('frames.well-formed'),
    title: 'Every byte up to the end of the pipe belongs to a frame',
    requirements: [child('frame-format'), child('event-payload')],
    steps: [
      START,
      RUNS_UP,
      CLOSE_CONTROL,
      REST,
      ENDS,
      citing(child('event-payload'), none(withField(ANY_LIFETIME, 'kind', { atLeast: 3 }), EVENTS)),
    ],
  },
  // ── bound addresses ───────────────────────────────────────────────────────────────────────────────────────────────
  {
    ...COMMON,
    id: child('address.between'),
    title: 'Addresses come after the start of the P2P server and before the completion',
    requirements: [child('address-between')],
    needs: ['p2p-address'],
    steps: [
      START,
      expects(EVENTS, any(START_DATABASE), some(START_SERVER), some(ANY_ADDRESS), one(COMPLETE)),
      CLOSE_CONTROL,
      expectsLast(EVENTS, any(COMPLETE), any(ANY_STOP)),
      ENDS,
    ],
  },
  {
    ...COMMON,
    id: child('address.form'),
    title: 'An address is text, host:port, with the port that was bound',
    requirements: [child('address-form')],
    needs: ['p2p-address'],
    steps: [
      START,
      expects(EVENTS, any(ANY_LIFETIME), some(withField(ANY_ADDRESS, 'address', { form: 'host:port' })), one(COMPLETE)),
      KILL,
      ENDS,
    ],
  },
  {
    ...COMMON,
    id: child('address.listening'),
    title: 'Somebody listens at an announced address',
    requirements: [child('address-listening')],
    needs: ['p2p-address', 'listeners'],
    steps: [
      START,
      {
        verb: 'expect-sequence',
        channel: EVENTS,
        items: [
          any(ANY_START),
          any(RPC_ADDRESS),
          { message: P2P_ADDRESS, times: 'some', save: { field: 'address', as: 'p2p' } },
          any(ANYTHING),
          one(COMPLETE),
        ],
        within: WITHIN,
      },
      { verb: 'expect-connect', to: 'p2p', within: WITHIN },
      KILL,
      ENDS,
    ],
  },
  {
    ...COMMON,
    id: child('address.rpc-last'),
    title: 'P2P listeners are announced before RPC listeners',
    requirements: [child('address-rpc-last')],
    needs: ['p2p-address', 'rpc-address'],
    steps: [START, expects(EVENTS, any(ANY_LIFETIME), some(P2P_ADDRESS), some(RPC_ADDRESS), one(COMPLETE)), KILL, ENDS],
  },
  // ── stop ──────────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    ...COMMON,
    id: child('stop.control-eof'),
    title: 'The child stops when its control pipe is closed',
    requirements: [child('stop-on-control-eof')],
    steps: [START, RUNS_UP, CLOSE_CONTROL, ENDS],
  },
  {
    ...COMMON,
    id: child('stop.order'),
    title: 'The P2P server stops before the database, whose stop is the last frame',
    requirements: [child('stop-p2p-before-db'), child('stop-db-last')],
    steps: [START, RUNS_UP, CLOSE_CONTROL, expectsLast(EVENTS, any(COMPLETE), some(STOP_SERVER), one(STOP_DATABASE)), ENDS],
  },
  {
    ...COMMON,
    id: child('stop.exit-zero'),
    title: 'A child that was told to stop exits with 0',
    requirements: [child('exit-zero')],
    steps: [START, RUNS_UP, CLOSE_CONTROL, exits(0)],
  },
  {
    ...COMMON,
    id: child('stop.sigterm'),
    title: 'SIGTERM stops the child as the end of its control pipe does',
    requirements: [child('stop-on-sigterm')],
    steps: [START, RUNS_UP, { verb: 'signal', signal: 'SIGTERM' }, expectsLast(EVENTS, any(ANYTHING), one(STOP_DATABASE)), exits(0)],
  },
  {
    ...COMMON,
    id: child('stop.sigint'),
    title: 'SIGINT stops the child as the end of its control pipe does',
    requirements: [child('stop-on-sigint')],
    steps: [START, RUNS_UP, { verb: 'signal', signal: 'SIGINT' }, expectsLast(EVENTS, any(ANYTHING), one(STOP_DATABASE)), exits(0)],
  },
  {
    ...COMMON,
    id: child('stop.twice'),
    title: 'A second request to stop changes nothing',
    requirements: [child('stop-once')],
    twin: child('stop.exit-zero'),
    deviation: 'SIGTERM right after the end of the control pipe',
    steps: [START, RUNS_UP, CLOSE_CONTROL, { verb: 'signal', signal: 'SIGTERM' }, REST, exits(0), once(STOP_DATABASE, EVENTS)],
  },
  {
    ...COMMON,
    id: child('stop.during-start'),
    title: 'A request during start-up is not lost',
    requirements: [child('stop-during-start'), child('stop-p2p-after-complete')],
    twin: child('stop.control-eof'),
    deviation: 'the control pipe is closed after the first frame',
    steps: [
      START,
      expects(EVENTS, one(ANYTHING)),
      CLOSE_CONTROL,
      expectsLast(EVENTS, any(ANY_START), any(ANY_ADDRESS), optional(COMPLETE), any(ANY_STOP)),
      exits(0, 1),
      citing(child('stop-p2p-after-complete'), { verb: 'expect-order', channel: EVENTS, before: COMPLETE, after: STOP_SERVER }),
    ],
  },
  {
    ...COMMON,
    id: child('stop.before-start'),
    title: 'A control pipe that is at its end before the child starts stops it',
    requirements: [child('stop-before-start')],
    twin: child('stop.control-eof'),
    deviation: 'the control pipe is closed before the child is started',
    steps: [CLOSE_CONTROL, START, REST, exits(0, 1)],
  },
  {
    ...COMMON,
    id: child('stop.death'),
    title: 'When the child dies its parent sees the end of the event pipe',
    requirements: [child('eof-on-death')],
    steps: [START, RUNS_UP, KILL, expectsLast(EVENTS), { verb: 'expect-exit', signals: ['SIGKILL'], within: WITHIN }],
  },
  // ── the control pipe ──────────────────────────────────────────────────────────────────────────────────────────────
  {
    ...COMMON,
    id: child('control.bytes-ignored'),
    title: 'Bytes on the control pipe mean nothing',
    requirements: [child('control-data-ignored')],
    twin: child('stop.control-eof'),
    deviation: 'bytes that are no frame, before the end of the control pipe',
    steps: [
      START,
      RUNS_UP,
      { verb: 'send', channel: CONTROL, hex: '7175697400ff0a', repeat: 300 },
      silence(EVENTS),
      CLOSE_CONTROL,
      REST,
      ENDS,
    ],
  },
  {
    ...COMMON,
    id: child('control.frames-ignored'),
    title: 'Frames on the control pipe mean nothing',
    requirements: [child('control-data-ignored')],
    twin: child('stop.control-eof'),
    deviation: 'well-formed frames, before the end of the control pipe',
    steps: [
      START,
      RUNS_UP,
      { verb: 'send', channel: CONTROL, hex: FRAME_OF_A_PARENT, repeat: 266 },
      silence(EVENTS),
      CLOSE_CONTROL,
      REST,
      ENDS,
    ],
  },
  // ── the event pipe ────────────────────────────────────────────────────────────────────────────────────────────────
  {
    ...COMMON,
    id: child('events.reader-gone'),
    title: 'A child whose parent closed the event pipe runs on and stops normally',
    requirements: [child('survives-closed-events')],
    twin: child('stop.exit-zero'),
    deviation: 'the parent closes its end of the event pipe after the first frame',
    steps: [START, expects(EVENTS, one(ANYTHING)), { verb: 'close', channel: EVENTS }, silence(), CLOSE_CONTROL, exits(0)],
  },
  {
    ...COMMON,
    id: child('events.slow-reader'),
    title: 'Nothing is lost when the parent reads late',
    requirements: [child('whole-to-slow-reader')],
    twin: child('stop.order'),
    deviation: 'the event pipe is full when the child starts, and is read later',
    steps: [
      { verb: 'pause', channel: EVENTS },
      FILL,
      START,
      silence(),
      { verb: 'resume', channel: EVENTS },
      expects(EVENTS, one(START_DATABASE), some(START_SERVER), any(ANY_ADDRESS), one(COMPLETE)),
      CLOSE_CONTROL,
      expectsLast(EVENTS, some(STOP_SERVER), one(STOP_DATABASE)),
      ENDS,
    ],
  },
  {
    ...COMMON,
    id: child('events.full-pipe'),
    title: 'A parent that does not read stops neither start nor stop',
    requirements: [child('start-with-full-pipe')],
    twin: child('stop.control-eof'),
    deviation: 'the event pipe is full when the child starts, and is not read',
    steps: [{ verb: 'pause', channel: EVENTS }, FILL, START, silence(), CLOSE_CONTROL, ENDS],
  },
  // ── options ───────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    ...COMMON,
    id: child('options.no-lifetimeevents'),
    title: 'Without --lifetimeevents there are only addresses',
    requirements: [child('lifetimeevents-option')],
    needs: ['p2p-address'],
    steps: [
      { verb: 'start', options: [TX, RX, ADDRESSES] },
      expects(EVENTS, one(ANY_ADDRESS)),
      CLOSE_CONTROL,
      expectsLast(EVENTS, any(ANY_ADDRESS)),
      ENDS,
    ],
  },
  {
    ...COMMON,
    id: child('options.no-boundaddrevents'),
    title: 'Without --boundaddrevents there are only lifetime events',
    requirements: [child('boundaddrevents-option')],
    steps: [{ verb: 'start', options: [TX, RX, LIFETIME] }, RUNS_UP, CLOSE_CONTROL, REST, ENDS, none(ANY_ADDRESS, EVENTS)],
  },
  {
    ...COMMON,
    id: child('options.no-events'),
    title: 'Pipes without event options carry nothing, and the control pipe works all the same',
    requirements: [child('no-events-without-options')],
    steps: [{ verb: 'start', options: [TX, RX] }, silence(EVENTS), CLOSE_CONTROL, expectsLast(EVENTS), ENDS],
  },
  {
    ...COMMON,
    id: child('options.no-pipetx'),
    title: 'Events without --pipetx go nowhere, and the child runs',
    requirements: [child('pipetx-off')],
    steps: [{ verb: 'start', options: [RX, LIFETIME, ADDRESSES] }, silence(EVENTS), CLOSE_CONTROL, expectsLast(EVENTS), ENDS],
  },
  {
    ...COMMON,
    id: child('options.no-piperx'),
    title: 'Without --piperx the control pipe has no effect',
    requirements: [child('piperx-off')],
    steps: [
      { verb: 'start', options: [TX, LIFETIME, ADDRESSES] },
      RUNS_UP,
      CLOSE_CONTROL,
      silence(EVENTS),
      { verb: 'signal', signal: 'SIGTERM' },
      REST,
      ENDS,
    ],
  },
];
