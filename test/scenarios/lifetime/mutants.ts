/** Daemons of the lifetime scenarios broken on purpose, each with the properties that must catch it. */

import { replaced } from '../../../conformance/replaced.ts';
import { HOSTILE_CHILD, OTHER_PARENT } from '../../../scenarios/lifetime/daemons/names.ts';
import { CHILD, PARENT } from '../../../scenarios/lifetime/pair.ts';
import { concat, EMPTY, textOf, utf8 } from '../../../src/host/bytes.ts';
import type { StreamHandler } from '../../../src/host/host.ts';
import { millis } from '../../../src/host/time.ts';
import { QUIRK, type Quirk } from '../../../src/impl/lifetime/quirks.ts';
import {
  ALWAYS_JUDGED,
  breaking,
  hosted,
  idle,
  type Mutant,
  mutes,
  neverWaits,
  processWith,
  signalled,
  spins,
  streamWith,
  throws,
  untidy,
  type Wrap,
  withQuirks,
  wrapped,
} from '../mutant.ts';

const child = breaking('child', CHILD, HOSTILE_CHILD);
const parent = breaking('parent', PARENT, OTHER_PARENT);

const quirk = (side: 'child' | 'parent', slug: Quirk, ...kills: readonly string[]): Mutant => ({
  name: `${side} --quirk=${slug}`,
  kills,
  programs: wrapped([side === 'child' ? CHILD : PARENT], withQuirks(slug)),
});

/** Changes what is written to pipes, and how what comes of them is handled; `count` is the number of the write, from 0. */
const piping = (
  change: (bytes: Uint8Array, count: number) => Uint8Array,
  handling: (original: StreamHandler) => StreamHandler = original => original,
): Wrap =>
  hosted(({ descriptors }) => {
    let count = 0;
    return {
      descriptors: replaced(descriptors, {
        attach: (descriptor, direction, handler) => {
          const attached = descriptors.attach(descriptor, direction, handling(handler));
          if (!attached.ok || direction === 'read') return attached;
          return { ok: true, value: streamWith(attached.value, bytes => change(bytes, count++)) };
        },
      }),
    };
  });

/** Changes the observations of a parent; an empty one is not written. */
const observing = (change: (line: string, count: number) => string): Wrap => piping((bytes, count) => utf8(change(textOf(bytes), count)));

/** Streams that it reads cannot be stopped, or cannot be gone on with. */
const without = (call: 'pause' | 'resume'): Wrap =>
  hosted(({ descriptors }) => ({
    descriptors: replaced(descriptors, {
      attach: (descriptor, direction, handler) => {
        const attached = descriptors.attach(descriptor, direction, handler);
        return attached.ok ? { ok: true, value: replaced(attached.value, { [call]: () => {} }) } : attached;
      },
    }),
  }));

/** Of the last pipe that it makes, the end that its child reads. */
const keepsAnEnd: Wrap = hosted(({ descriptors }) => {
  let kept: number | undefined;
  return {
    descriptors: replaced(descriptors, {
      pipe: () => {
        const made = descriptors.pipe();
        if (made.ok) kept = made.value.read;
        return made;
      },
      close: descriptor => (descriptor === kept ? { ok: true, value: undefined } : descriptors.close(descriptor)),
    }),
  };
});
const withStatus = (status: number): Wrap => hosted(host => processWith(host, { exit: () => host.process.exit(status) }));
/** It goes on for so long when it has nothing more to do. */
const lingers: Wrap = hosted(host => {
  const exit = (status: number): void => void host.clock.setTimer(millis(300), () => host.process.exit(status));
  return processWith(host, { exit: exit as typeof host.process.exit });
});
const countsTooFew: Wrap = hosted(host => ({
  log: (severity, event, fields = {}) =>
    host.log(severity, event, event === 'events-lost' ? { ...fields, count: Number(fields['count']) - 1 } : fields),
}));
const deafToEnd: Wrap = piping(
  bytes => bytes,
  ({ end: _end, ...handler }) => handler,
);
const leaves: Wrap = daemon => host => {
  host.clock.setTimer(millis(5), () => host.process.exit(0));
  daemon(host);
};

const VIOLATION = `${JSON.stringify({ event: 'violation', clause: 'none', detail: 'none' })}\n`;
/** 2,0. */
const isLastFrame = (bytes: Uint8Array): boolean => bytes.length === 21 && bytes[19] === 2 && bytes[20] === 0;

export const mutants: readonly Mutant[] = [
  parent('throws', throws, 'no-bug'),
  parent('spins', spins, 'no-busy-loop'),
  untidy({ after: 'hoards' }, ...ALWAYS_JUDGED),
  untidy({ of: 'lifetime-child', after: 'hoards' }, 'timers-act'),
  quirk('parent', QUIRK.COMMENT_IDS, 'observed-as-sent'),
  quirk('parent', QUIRK.STOP_READING, 'nothing-unread'),
  quirk('parent', QUIRK.READER_PER_MESSAGE, 'observed-as-sent'),
  quirk('parent', QUIRK.FRAME_PER_CHUNK, 'observed-as-sent'),
  quirk('parent', QUIRK.LEAK_CONTROL, 'stops-on-eof'),
  quirk('parent', QUIRK.NO_PAYLOAD_LIMIT, 'memory-is-bounded'),
  parent('never waits', neverWaits, 'parent-reaps', 'parent-ends'),
  parent('always exits with status 0', withStatus(0), 'status-is-true', 'as-the-model-says'),
  parent('never exits with status 0', withStatus(1), 'status-is-true', 'as-the-model-says'),
  parent("keeps an end that is its child's", keepsAnEnd, 'as-the-model-says'),
  parent('reads on whatever happens', without('pause'), 'observations-bounded'),
  parent('never reads on', without('resume'), 'reads-on'),
  parent(
    'keeps violations to itself',
    observing(line => (line.includes('"violation"') ? '' : line)),
    'violation-is-reported',
  ),
  parent(
    'finds fault where there is none',
    observing((line, count) => (count === 1 ? VIOLATION : line)),
    'no-violation',
  ),
  parent(
    'passes over a message',
    observing((line, count) => (count === 0 ? '' : line)),
    'observed-as-sent',
    'nothing-unread',
  ),
  quirk('child', QUIRK.STOP_SERVER_LATE, 'stop-is-announced'),
  quirk('child', QUIRK.LOSE_REQUEST, 'stops-on-eof'),
  quirk('child', QUIRK.NOTIFY_WITHOUT_WRITER, 'start-up-completes', 'stops-on-signal'),
  quirk('child', QUIRK.BLOCKING_NOTIFY, 'start-up-completes'),
  quirk('child', QUIRK.SILENT_LOSS, 'footer-is-last'),
  quirk('child', QUIRK.PARTIAL_FRAME, 'whole-frames', 'no-violation'),
  quirk('child', QUIRK.WRAP_TYPE, 'frames-well-formed'),
  quirk('child', QUIRK.TRUST_SIZE, 'frames-well-formed'),
  quirk('child', QUIRK.STANDARD_DESCRIPTORS, 'frames-well-formed', 'survives-its-reader'),
  quirk('child', QUIRK.ZERO_IS_OFF, 'stops-on-eof'),
  quirk('child', QUIRK.BAD_DESCRIPTORS, 'bad-descriptor-is-usage'),
  quirk('child', QUIRK.EXIT_UNFLUSHED, 'footer-is-last'),
  quirk('child', QUIRK.START_UP_STATUS, 'asked-is-success'),
  quirk('child', QUIRK.UNDEFINED_IDS, 'legal-order'),
  quirk('child', QUIRK.LISTENER_MAY_FAIL, 'listeners-all-bound'),
  child('never does anything', () => idle, 'refused-ends', 'start-up-completes', 'stops-on-eof', 'no-orphan'),
  child('does not mind the end of its control pipe', deafToEnd, 'stops-on-eof', 'no-orphan'),
  {
    name: 'a parent that leaves, and a child that does not mind',
    kills: ['no-orphan'],
    programs: programs => wrapped([CHILD], deafToEnd)(wrapped([PARENT], leaves)(programs)),
  },
  child('dies of a closed pipe', signalled('SIGPIPE', 'default'), 'survives-its-reader'),
  ...['running', 'shutdown-requested', 'server-stopped'].map(event =>
    child(`keeps to itself: ${event}`, mutes(event), 'as-the-model-says'),
  ),
  { ...child('stays when all that it has said was read', lingers, 'as-the-model-says'), scenario: 'lifetime/observed' },
  { ...child('does not count the message that broke', countsTooFew, 'as-the-model-says'), scenario: 'lifetime/parent-closes-early' },
  { ...child('does not count the message that is cut', countsTooFew, 'as-the-model-says'), scenario: 'lifetime/flooded' },
  child('fails whenever it ends', withStatus(1), 'asked-is-success', 'as-the-model-says'),
  child(
    'writes something before its frames',
    piping((bytes, count) => (count === 0 ? concat([utf8('hi'), bytes]) : bytes)),
    'frames-well-formed',
  ),
  child(
    'says everything twice',
    piping(bytes => concat([bytes, bytes])),
    'legal-order',
    'no-violation',
  ),
  child(
    'leaves out its last words',
    piping(bytes => (isLastFrame(bytes) ? EMPTY : bytes)),
    'footer-is-last',
  ),
  child(
    'cuts its last words',
    piping(bytes => (isLastFrame(bytes) ? bytes.subarray(0, 10) : bytes)),
    'whole-frames',
  ),
];
