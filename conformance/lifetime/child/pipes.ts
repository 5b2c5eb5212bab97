/**
 * The pipes of a child, and its options.
 */
import type { Case, Step } from '../../case.ts';
import { casesOf } from '../../rows.ts';
import {
  ANY_ADDRESS,
  ANY_LIFETIME,
  ANY_STOP,
  ANYTHING,
  among,
  any,
  bytewise,
  CLOSE_CONTROL,
  COMPLETE,
  CONTROL,
  citing,
  disturb,
  ENDS,
  EVENTS,
  exits,
  expects,
  expectsLast,
  never,
  one,
  START,
  START_DATABASE,
  START_SERVER,
  STOP_DATABASE,
  STOP_SERVER,
  silent,
  some,
  TERM,
  WITHIN,
} from '../vocabulary.ts';
import { BEGINS, COMMON, child, REST, RUNS_UP, STOPS } from './words.ts';

const TX = '--pipetx=3';
const RX = '--piperx=4';
const LIFETIME = '--lifetimeevents';
const ADDRESSES = '--boundaddrevents';
/** Frames a parent might send one day. None is defined (C4), so a child has to drop them unread. */
const FRAME_OF_A_PARENT = '010d6c69666574696d656576656e74020000000201';

/** One frame of an unknown type, as long as a pipe holds: 01 06 "filler" and 65536 - 12 in little endian, then zeros. */
const FILL: Step = { verb: 'fill', channel: EVENTS, hex: '010666696c6c6572f4ff0000', within: WITHIN };

export const PIPE_CASES: readonly Case[] = [
  ...casesOf(COMMON, child, {
    // ── the control pipe ──────────────────────────────────────────────────────────────────────────────────────────────
    'control.bytes-ignored': {
      rev: 2,
      title: 'Bytes on the control pipe mean nothing',
      requirements: [child('control-data-ignored')],
      twin: child('stop.control-eof'),
      deviation: 'bytes that are no frame, before the end of the control pipe',
      steps: [
        START,
        RUNS_UP,
        { verb: 'send', channel: CONTROL, hex: '7175697400ff0a', repeat: 300 },
        silent(),
        never(EVENTS, ANY_STOP),
        CLOSE_CONTROL,
        ENDS,
        REST,
      ],
    },
    'control.byte-by-byte': {
      title: 'Bytes that come alone on the control pipe mean nothing either',
      requirements: [child('control-data-ignored')],
      twin: child('stop.control-eof'),
      deviation: 'a well-formed frame, a byte at a time, before the end of the control pipe',
      steps: [
        START,
        RUNS_UP,
        bytewise(CONTROL),
        { verb: 'send', channel: CONTROL, hex: FRAME_OF_A_PARENT },
        silent(),
        never(EVENTS, ANY_STOP),
        CLOSE_CONTROL,
        ENDS,
        REST,
      ],
    },
    'control.truncated': {
      title: 'The child stops when its control pipe ends in the midst of a frame',
      requirements: [child('stop-on-control-eof')],
      twin: child('stop.control-eof'),
      deviation: 'the first four bytes of a frame before the end of the control pipe',
      steps: [
        START,
        RUNS_UP,
        disturb(CONTROL, { kind: 'truncate', after: { bytes: 4 } }),
        { verb: 'send', channel: CONTROL, hex: FRAME_OF_A_PARENT },
        ENDS,
      ],
    },
    'control.frames-ignored': {
      rev: 2,
      title: 'Frames on the control pipe mean nothing',
      requirements: [child('control-data-ignored')],
      twin: child('stop.control-eof'),
      deviation: 'well-formed frames, before the end of the control pipe',
      steps: [
        START,
        RUNS_UP,
        { verb: 'send', channel: CONTROL, hex: FRAME_OF_A_PARENT, repeat: 266 },
        silent(),
        never(EVENTS, ANY_STOP),
        CLOSE_CONTROL,
        ENDS,
        REST,
      ],
    },
  }),
  ...casesOf(COMMON, child, {
    // ── the event pipe ────────────────────────────────────────────────────────────────────────────────────────────────
    'events.reader-gone': {
      title: 'A child whose parent closed the event pipe runs on and stops normally',
      requirements: [child('survives-closed-events')],
      twin: child('stop.exit-zero'),
      deviation: 'the parent closes its end of the event pipe after the first frame',
      race: 'the parent closes the event pipe, and the child writes to it',
      steps: [START, BEGINS, { verb: 'close', channel: EVENTS }, silent(), CLOSE_CONTROL, exits(0)],
    },
    'events.slow-reader': {
      rev: 2,
      title: 'Nothing is lost when the parent reads late',
      requirements: [child('whole-to-slow-reader')],
      twin: child('stop.order'),
      deviation: 'the event pipe is full when the child starts, and is read later',
      steps: [
        { verb: 'pause', channel: EVENTS },
        FILL,
        START,
        silent(),
        { verb: 'resume', channel: EVENTS },
        expects(EVENTS, any(ANY_ADDRESS), one(START_DATABASE), any(ANY_ADDRESS), some(START_SERVER), any(ANY_ADDRESS), one(COMPLETE)),
        CLOSE_CONTROL,
        expectsLast(EVENTS, any(ANY_ADDRESS), any(COMPLETE), some(STOP_SERVER), one(STOP_DATABASE)),
        ENDS,
      ],
    },
    'events.full-pipe': {
      title: 'A parent that does not read stops neither start nor stop',
      requirements: [child('start-with-full-pipe')],
      twin: child('stop.control-eof'),
      deviation: 'the event pipe is full when the child starts, and is not read',
      steps: [{ verb: 'pause', channel: EVENTS }, FILL, START, silent(), CLOSE_CONTROL, ENDS],
    },
  }),
  ...casesOf(COMMON, child, {
    // ── options ───────────────────────────────────────────────────────────────────────────────────────────────────────
    'options.no-lifetimeevents': {
      rev: 2,
      title: 'Without --lifetimeevents there are only addresses',
      requirements: [child('lifetimeevents-option')],
      needs: ['p2p-address'],
      steps: [
        { verb: 'start', options: [TX, RX, ADDRESSES] },
        citing(child('address-announced'), among(EVENTS, ANY_ADDRESS)),
        CLOSE_CONTROL,
        STOPS,
        REST,
        never(EVENTS, ANY_LIFETIME),
      ],
    },
    'options.no-boundaddrevents': {
      title: 'Without --boundaddrevents there are only lifetime events',
      requirements: [child('boundaddrevents-option')],
      steps: [{ verb: 'start', options: [TX, RX, LIFETIME] }, RUNS_UP, CLOSE_CONTROL, STOPS, REST, never(EVENTS, ANY_ADDRESS)],
    },
    'options.no-events': {
      rev: 2,
      title: 'Pipes without event options carry nothing, and the control pipe works all the same',
      requirements: [child('no-events-without-options')],
      twin: child('stop.control-eof'),
      deviation: 'neither event option',
      steps: [{ verb: 'start', options: [TX, RX] }, silent(EVENTS), CLOSE_CONTROL, ENDS, REST, never(EVENTS, ANYTHING)],
    },
    'options.no-pipetx': {
      rev: 2,
      title: 'Events without --pipetx go nowhere, and the child runs',
      requirements: [child('pipetx-off')],
      twin: child('stop.control-eof'),
      deviation: 'no --pipetx',
      steps: [{ verb: 'start', options: [RX, LIFETIME, ADDRESSES] }, silent(EVENTS), CLOSE_CONTROL, ENDS, REST, never(EVENTS, ANYTHING)],
    },
    'options.no-piperx': {
      rev: 2,
      title: 'Without --piperx the control pipe has no effect',
      requirements: [child('piperx-off')],
      steps: [
        { verb: 'start', options: [TX, LIFETIME, ADDRESSES] },
        RUNS_UP,
        CLOSE_CONTROL,
        silent(),
        never(EVENTS, ANY_STOP),
        TERM,
        citing(child('stop-on-sigterm'), ENDS),
        REST,
      ],
    },
  }),
];
