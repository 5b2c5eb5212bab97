/**
 * Cases for a parent, two: reading a stream of frames, whole, in pieces, and broken.
 */
import { concat, hex, utf8 } from '../../src/host/bytes.ts';
import { header, lifetimePayload } from '../../src/impl/lifetime/wire.ts';
import type { Case, Step } from '../case.ts';
import { casesOf } from '../rows.ts';
import type { ProbeScript } from './script.ts';
import { among, any, citing, ENDS, expects, never, OUT, one, optional, some } from './vocabulary.ts';
import {
  ANY_ADDRESS,
  ANY_EVENT,
  APART,
  AWAIT_STOP,
  apart,
  COMMON,
  COMPLETE,
  ENDED,
  event,
  exit,
  frame,
  lifetime,
  P2P,
  parent,
  RUNS_UP,
  SAYS_COMPLETE,
  SAYS_START_DATABASE,
  SAYS_START_SERVER,
  SAYS_STOP_DATABASE,
  SAYS_STOP_SERVER,
  START_DATABASE,
  START_SERVER,
  STARTED,
  STOP,
  STOPPED,
  send,
  start,
  VIOLATION,
} from './vocabulary-parent.ts';

/** A frame of unknown type that is longer than any pipe; in two steps, since a script has to fit into an argument. */
const LONG: ProbeScript = [
  { do: 'send', hex: frame('aliens', new Uint8Array(0), 70_010) },
  { do: 'send', hex: '61', repeat: 70_010 },
];

/** A child that says something wrong between two right things and then ends by itself. */
const wrong = (...bytes: readonly string[]): ProbeScript => [send(START_DATABASE), APART, send(...bytes), APART, exit(0)];
/** A child that says something unusual, and all is well. */
const unusual = (...steps: ProbeScript): ProbeScript => [
  ...apart([START_DATABASE, START_SERVER]),
  ...steps,
  APART,
  ...apart([COMPLETE]),
  AWAIT_STOP,
  ...apart(STOPPED),
  exit(0),
];

/** The events of an ordinary run, after something unusual has been sent in the middle of it. */
const goesOn = (): readonly Step[] => [
  expects(OUT, one(SAYS_START_DATABASE), one(SAYS_START_SERVER), one(SAYS_COMPLETE)),
  STOP,
  expects(OUT, any(ANY_EVENT), one(ENDED)),
  ENDS,
  never(OUT, VIOLATION),
];
/** What was said before the wrong bytes counts, and nothing of them. */
const stopsThere = (): readonly Step[] => [
  expects(OUT, one(SAYS_START_DATABASE), one(ENDED)),
  ENDS,
  citing(parent('reports-violation'), { verb: 'expect-count', channel: OUT, message: VIOLATION, least: 1, most: 1 }),
];

/** The end of file inside each field of a frame: bytes of the frame 0,1 that are sent. */
const CUTS: readonly (readonly [field: string, bytes: number])[] = [
  ['type-length', 1],
  ['type', 8],
  ['payload-length', 17],
  ['payload', 20],
];

export const READING_CASES: readonly Case[] = [
  // ── reading a stream ──────────────────────────────────────────────────────────────────────────────────────────────
  ...casesOf(COMMON, parent, {
    'read.byte-by-byte': {
      title: 'Frames that come one byte at a time are read',
      requirements: [parent('reads-pieces')],
      twin: parent('run.events'),
      deviation: 'every write is one byte',
      steps: [
        start([{ do: 'send', hex: STARTED.join(''), cut: 1 }, AWAIT_STOP, send(...STOPPED), exit(0)]),
        expects(OUT, one(SAYS_START_DATABASE), one(SAYS_START_SERVER), any(ANY_ADDRESS), one(SAYS_COMPLETE)),
        STOP,
        among(OUT, ENDED),
        ENDS,
        never(OUT, VIOLATION),
      ],
    },
    'read.all-at-once': {
      title: 'Frames that come together are read one by one',
      requirements: [parent('reads-several')],
      twin: parent('run.events'),
      deviation: 'all frames of the start are one write',
      steps: [
        start([send(...STARTED), AWAIT_STOP, send(...STOPPED), exit(0)]),
        expects(OUT, one(SAYS_START_DATABASE), one(SAYS_START_SERVER), any(ANY_ADDRESS), one(SAYS_COMPLETE)),
        STOP,
        among(OUT, ENDED),
        ENDS,
        never(OUT, VIOLATION),
      ],
    },
    'read.after-addresses': {
      title: 'Reading goes on after the addresses',
      requirements: [parent('keeps-reading')],
      twin: parent('run.events'),
      deviation: '210 kB of frames of unknown type after the addresses',
      steps: [
        start([...apart(STARTED.slice(0, 4)), ...LONG, ...LONG, ...LONG, send(COMPLETE), AWAIT_STOP, ...apart(STOPPED), exit(0)]),
        RUNS_UP,
        STOP,
        among(OUT, ENDED),
        ENDS,
      ],
    },
    // ── types ─────────────────────────────────────────────────────────────────────────────────────────────────────────
    'type.unknown': {
      title: 'A frame of unknown type is skipped',
      requirements: [parent('skips-unknown')],
      twin: parent('run.events'),
      deviation: 'a frame of an unknown type, whose payload looks like a frame',
      steps: [
        start(
          unusual(
            send(frame('jsonrpclistener', utf8('x')), frame('aliens', concat([header(utf8('lifetimeevent'), 2), lifetimePayload(2, 0)]))),
          ),
        ),
        ...goesOn(),
      ],
    },
    'type.unknown-long': {
      title: 'A frame of unknown type that is longer than a pipe holds is skipped',
      requirements: [parent('skips-unknown')],
      twin: parent('run.events'),
      deviation: 'a frame of an unknown type with 70010 bytes of payload',
      steps: [start(unusual(...LONG)), ...goesOn()],
    },
    'type.empty': {
      title: 'A type may be empty',
      requirements: [parent('type-lengths')],
      twin: parent('run.events'),
      deviation: 'a frame whose type has no bytes',
      steps: [start(unusual(send(frame('', Uint8Array.of(0, 1))))), ...goesOn()],
    },
    'type.longest': {
      title: 'A type may be 255 bytes long',
      requirements: [parent('type-lengths')],
      twin: parent('run.events'),
      deviation: 'a frame whose type has 255 bytes',
      steps: [start(unusual(send(frame('t'.repeat(255), Uint8Array.of(0, 1))))), ...goesOn()],
    },
    'type.not-utf8': {
      title: 'A type that is not UTF-8 is not taken for a known one',
      requirements: [parent('type-utf8')],
      twin: parent('run.events'),
      deviation: 'the bytes of lifetimeevent with ff in the place of the last',
      steps: [
        start([
          send(START_DATABASE),
          APART,
          send(hex(concat([header(Uint8Array.of(...utf8('lifetimeeven'), 0xff), 2), lifetimePayload(0, 1)]))),
          APART,
          exit(0),
        ]),
        expects(OUT, one(SAYS_START_DATABASE), one(ENDED)),
        ENDS,
      ],
    },
    // ── what breaks the format ────────────────────────────────────────────────────────────────────────────────────────
    'version.two': {
      title: 'Another version stops the reader',
      requirements: [parent('stops-at-version'), parent('reports-violation')],
      twin: parent('end.status'),
      deviation: 'a frame of version 2',
      steps: [start(wrong(`02${START_SERVER.slice(2)}`, COMPLETE)), ...stopsThere()],
    },
    'payload.short-event': {
      title: 'A lifetime event of one byte is none',
      requirements: [parent('event-length'), parent('reports-violation')],
      twin: parent('end.status'),
      deviation: 'a lifetimeevent with a payload of one byte',
      steps: [start(wrong(frame('lifetimeevent', Uint8Array.of(0)))), ...stopsThere()],
    },
    'payload.long-event': {
      title: 'A lifetime event of three bytes is none',
      requirements: [parent('event-length'), parent('reports-violation')],
      twin: parent('end.status'),
      deviation: 'a lifetimeevent with a payload of three bytes',
      steps: [start(wrong(frame('lifetimeevent', Uint8Array.of(0, 1, 0)))), ...stopsThere()],
    },
    'payload.huge': {
      title: 'A payload of 4 GiB is not waited for',
      requirements: [parent('payload-limit')],
      twin: parent('run.events'),
      deviation: 'an address whose payload is declared as 4294967295 bytes, and does not come',
      steps: [
        start([...apart([START_DATABASE, START_SERVER]), send(frame('p2plistenaddr', utf8(P2P), 0xffff_ffff)), AWAIT_STOP, exit(0)]),
        among(OUT, VIOLATION),
        STOP,
        ENDS,
        never(OUT, ANY_ADDRESS),
      ],
    },
    'payload.huge-cut': {
      title: 'A payload of 4 GiB that breaks off is no message',
      requirements: [parent('whole-frames')],
      twin: parent('end.status'),
      deviation: 'an address whose payload is declared as 4294967295 bytes, and the end of the pipe',
      steps: [start(wrong(frame('p2plistenaddr', utf8(P2P), 0xffff_ffff))), expects(OUT, one(SAYS_START_DATABASE), one(ENDED)), ENDS],
    },
  }),
  ...CUTS.map(
    ([field, bytes]): Case => ({
      ...COMMON,
      id: parent(`eof.in-${field}`),
      title: `The end of the pipe inside the ${field.replace('-', ' ')} of a frame makes no message`,
      requirements: [parent('whole-frames'), parent('reports-violation')],
      twin: parent('end.status'),
      deviation: `${bytes} bytes of a frame of 21, then the end of the pipe`,
      steps: [start(wrong(START_SERVER.slice(0, 2 * bytes))), ...stopsThere()],
    }),
  ),
  ...casesOf(COMMON, parent, {
    'garbage.at-end': {
      title: 'Garbage after the last frame takes nothing back',
      requirements: [parent('stops-at-version')],
      twin: parent('stop.reads-on'),
      deviation: '64 bytes of ff after 2,0',
      steps: [
        start([...apart(STARTED), AWAIT_STOP, ...apart(STOPPED), { do: 'send', hex: 'ff', repeat: 64 }, exit(0)]),
        RUNS_UP,
        STOP,
        expects(OUT, one(SAYS_STOP_SERVER), one(SAYS_STOP_DATABASE), one(ENDED)),
        ENDS,
      ],
    },
    'ids.unknown': {
      title: 'An id that nobody defined does not stop the reader',
      requirements: [parent('survives-unknown-id')],
      twin: parent('run.events'),
      deviation: 'the start of a subsystem with id 255',
      steps: [
        start(unusual(send(event(0, 255)))),
        expects(
          OUT,
          one(SAYS_START_DATABASE),
          one(SAYS_START_SERVER),
          optional(lifetime(0, 255, 'start of subsystem 255')),
          one(SAYS_COMPLETE),
        ),
        STOP,
        expects(OUT, some(ANY_EVENT), one(ENDED)),
        ENDS,
      ],
    },
  }),
];
