/**
 * The moments a sweep has to reach, or it has tried nothing.
 */

import { type SometimesProperty, sometimes } from '../../../src/check/property.ts';
import type { EventKind, TraceEvent } from '../../../src/trace/event.ts';
import { FILLER } from '../daemons/names.ts';
import { FAMILY_KINDS, type Family } from '../family.ts';
import { FrameTap } from '../frames.ts';
import { observationIn, WIRE_KINDS, Wire } from '../wire.ts';

type Moment = (event: TraceEvent, wire: Wire) => boolean;

/** A moment that can be told from one event and what is known of families and their writing. */
function moment(name: string, text: string, is: Moment, kinds: readonly EventKind[] = []): SometimesProperty {
  return sometimes(
    name,
    text,
    () => {
      const wire = new Wire();
      return {
        see: event => {
          wire.see(event);
          return is(event, wire);
        },
      };
    },
    [...WIRE_KINDS, ...kinds],
  );
}

const childEnding = (event: TraceEvent, wire: Wire): Family | undefined =>
  event.kind === 'exit' ? wire.families.ofChild(event.process) : undefined;
const lettersOf = (wire: Wire, child: string): string => wire.writtenBy(child)?.tap.letters ?? '';
const logs = (event: TraceEvent, what: string): boolean => event.kind === 'log' && event.data?.['event'] === what;

export const cleanStop: SometimesProperty = moment(
  'clean-stop',
  'A child tells everything from 0,0 to 2,0 and exits with status 0.',
  (event, wire) => childEnding(event, wire)?.childExit?.['code'] === 0 && /^D.*C.*d$/.test(lettersOf(wire, event.process)),
);

export const stopInStartUp: SometimesProperty = moment(
  'stop-in-start-up',
  'A child is asked to stop before it runs, and still exits with status 0.',
  (event, wire) => childEnding(event, wire)?.childExit?.['code'] === 0 && !lettersOf(wire, event.process).includes('C'),
);

export const killedBeforeFooter: SometimesProperty = moment(
  'killed-before-footer',
  'A child is killed after 0,0 and before 2,0.',
  (event, wire) => childEnding(event, wire)?.childExit?.['signal'] === 'SIGKILL' && /^D[^d]*$/.test(lettersOf(wire, event.process)),
);

export const killedBeforeRunning: SometimesProperty = moment(
  'killed-before-running',
  'A child is killed during its start-up, with something sent.',
  (event, wire) => childEnding(event, wire)?.childExit?.['signal'] === 'SIGKILL' && /^D[^C]*$/.test(lettersOf(wire, event.process)),
);

export const orphaned: SometimesProperty = moment('orphaned', 'A parent is killed while its child runs.', (event, wire) => {
  const family = event.kind === 'exit' ? wire.families.ofParent(event.process) : undefined;
  return family !== undefined && family.childExit === undefined && lettersOf(wire, family.child).includes('C');
});

export const escalated: SometimesProperty = moment(
  'escalated',
  'A parent resorts to SIGTERM.',
  event => event.kind === 'kill' && event.data?.['signal'] === 'SIGTERM',
  ['kill'],
);

export const powerCut: SometimesProperty = sometimes(
  'power-cut-while-writing',
  'The power goes while a child is between 0,0 and 2,0.',
  () => {
    const wire = new Wire();
    let letters = '';
    return {
      see: event => {
        letters = wire.see(event)?.tap.letters ?? letters;
        return event.kind === 'power' && /^D[^d]*$/.test(letters);
      },
    };
  },
  [...WIRE_KINDS, 'power'],
);

export const unknownSkipped: SometimesProperty = moment(
  'unknown-skipped',
  'A parent skips a frame of a type it does not know.',
  (event, wire) => observationIn(event, wire.families)?.['event'] === 'unknown',
);

export const lossIsTold: SometimesProperty = moment(
  'loss-is-told',
  'A child tells its log that events were lost.',
  event => logs(event, 'events-lost'),
  ['log'],
);

export const requestRefused: SometimesProperty = moment(
  'message-refused',
  'A child refuses to send something.',
  event => logs(event, 'message-refused'),
  ['log'],
);

export const optionRefused: SometimesProperty = sometimes(
  'option-refused',
  'Somebody cannot take the options that it was started with.',
  () => ({ see: event => logs(event, 'usage') }),
  ['log'],
);

export const listenFailed: SometimesProperty = moment(
  'listen-failed',
  'A listener of a child cannot be bound.',
  event => logs(event, 'listen-failed'),
  ['log'],
);

export const databaseFailed: SometimesProperty = moment(
  'database-failed',
  'The disk keeps a child from opening or closing its database.',
  event => logs(event, 'database-open-failed') || logs(event, 'database-close-failed'),
  ['log'],
);

export const readerGone: SometimesProperty = moment(
  'reader-gone',
  'A child finds that nobody reads its event pipe any more.',
  (event, wire) => event.kind === 'close' && event.data?.['error'] === 'EPIPE' && wire.families.ofChild(event.process) !== undefined,
  ['close'],
);

export const findsBadDescriptor: SometimesProperty = moment(
  'bad-descriptor',
  'A child finds that a descriptor it was told of is bad.',
  (event, wire) => event.kind === 'attach' && event.data?.['error'] === 'EBADF' && wire.families.ofChild(event.process) !== undefined,
  ['attach'],
);

export const observationsWait: SometimesProperty = moment(
  'observations-wait',
  'A parent stops reading, for nobody reads what it observes.',
  (event, wire) => event.kind === 'pause' && event.channel === wire.families.ofParent(event.process)?.events,
  ['pause'],
);

export const stopsUnread: SometimesProperty = moment(
  'stops-unread',
  'A child whose event pipe is full exits with status 0.',
  (event, wire) => childEnding(event, wire)?.childExit?.['code'] === 0 && !lettersOf(wire, event.process).includes('d'),
);

export const pipeFull: SometimesProperty = sometimes(
  'pipe-full',
  'An event pipe is full before the child writes to it.',
  () => ({ see: ({ process, data }) => process.includes(`/${FILLER}.`) && data?.['code'] === 0 }),
  ['exit'],
);

export const hugePayload: SometimesProperty = moment(
  'huge-payload',
  'A child announces a payload that no parent should wait for.',
  (event, wire) => (wire.writtenBy(event.process)?.tap.hugeAt ?? -1) >= 0,
);

export const violationSeen: SometimesProperty = moment(
  'violation-seen',
  'A parent reports what its child did wrong.',
  (event, wire) => observationIn(event, wire.families)?.['event'] === 'violation',
);

/** What a parent reads, by its own cut of the bytes. */
function inReads(name: string, text: string, is: (frames: number, unfinished: number) => boolean): SometimesProperty {
  return sometimes(
    name,
    text,
    () => {
      const wire = new Wire();
      const taps = new Map<string, FrameTap>();
      return {
        see: event => {
          wire.families.see(event);
          const family = event.kind === 'recv' ? wire.families.ofParent(event.process) : undefined;
          if (family === undefined || event.bytes === undefined || event.channel !== family.events) return false;
          const tap = taps.get(event.process) ?? new FrameTap();
          taps.set(event.process, tap);
          const before = tap.frames.length;
          tap.push(event.bytes);
          return is(tap.frames.length - before, tap.unfinished);
        },
      };
    },
    [...FAMILY_KINDS, 'recv'],
  );
}

export const readsPartialFrame: SometimesProperty = inReads(
  'partial-frame',
  'A read ends in the middle of a frame.',
  (_frames, unfinished) => unfinished > 0,
);

export const readsSeveralFrames: SometimesProperty = inReads(
  'coalesced-frames',
  'One read brings more than one frame.',
  frames => frames > 1,
);

export const leavesMidFrame: SometimesProperty = sometimes(
  'leaves-mid-frame',
  'A parent closes its end of the event pipe with a part of a frame read.',
  () => {
    const wire = new Wire();
    const tap = new FrameTap();
    return {
      see: event => {
        wire.families.see(event);
        const family = wire.families.ofParent(event.process);
        if (family === undefined || event.channel !== family.events) return false;
        if (event.kind === 'recv' && event.bytes !== undefined) tap.push(event.bytes);
        return event.kind === 'close' && tap.unfinished > 0;
      },
    };
  },
  [...FAMILY_KINDS, 'recv', 'close'],
);
