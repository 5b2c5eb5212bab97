/**
 * Servers that are broken in ways no published one is known to be: each of the requirements has at least one that does not keep it.
 */
import { concat } from '../../../src/host/bytes.ts';
import { micros, seconds } from '../../../src/host/time.ts';
import { HEADER, NAME_FIELD } from '../report.ts';
import type { Meddling } from './meddle.ts';

export interface Broken {
  readonly text: string;
  readonly meddling: Meddling;
}

const HOST = 12;
const LOAD = 44;
const BOOT = 56;
const SEND = 4;
const STAMP = 8;

/** A copy in which something is changed. */
const changed =
  (change: (bytes: Uint8Array, view: DataView) => void) =>
  (bytes: Uint8Array): Uint8Array => {
    const copy = bytes.slice();
    // What is too short to be changed stays.
    if (copy.length >= HEADER) change(copy, new DataView(copy.buffer));
    return copy;
  };
const sends = (text: string, change: (bytes: Uint8Array, view: DataView) => void): Broken => ({
  text,
  meddling: { sends: report => [changed(change)(report)] },
});
const renamed = (text: string, name: (own: string) => string): Broken =>
  sends(text, bytes => {
    const own = nameIn(bytes);
    bytes.fill(0, HOST, HOST + NAME_FIELD);
    for (const [index, character] of [...name(own)].slice(0, NAME_FIELD).entries()) bytes[HOST + index] = character.charCodeAt(0);
  });
const hears = (text: string, change: NonNullable<Meddling['hears']>): Broken => ({ text, meddling: { hears: change } });
const keeps = (text: string, change: (bytes: Uint8Array, view: DataView) => void): Broken => ({
  text,
  meddling: { writes: record => changed(change)(record) },
});
const cut = (bytes: Uint8Array, people: number): Uint8Array => bytes.slice(0, HEADER + 24 * people);

function nameIn(bytes: Uint8Array): string {
  const field = bytes.subarray(HOST, HOST + NAME_FIELD);
  const end = field.indexOf(0);
  return String.fromCharCode(...field.subarray(0, end < 0 ? NAME_FIELD : end));
}

const SENDERS: Readonly<Record<string, Broken>> = {
  mute: { text: 'says nothing', meddling: { sends: () => [] } },
  'late-start': { text: 'says nothing for an interval', meddling: { sends: (report, at) => (at === 0 ? [] : [report]) } },
  'one-report': { text: 'reports once in its life', meddling: { sends: (report, at) => (at === 0 ? [report] : []) } },
  tired: { text: 'reports three times and no more', meddling: { sends: (report, at) => (at < 3 ? [report] : []) } },
  hasty: { text: 'reports every minute', meddling: { delay: delay => (delay > seconds(60) ? seconds(60) : delay) } },
  slow: { text: 'reports every nine minutes', meddling: { delay: delay => (delay > seconds(60) ? micros(delay * 3) : delay) } },
  'slower-than-down': {
    text: 'reports every twenty minutes',
    meddling: { delay: delay => (delay > seconds(60) ? micros(delay * 7) : delay) },
  },
  'foreign-port': { text: 'sends from any port', meddling: { fromElsewhere: true } },
  'version-2': sends('says version 2', bytes => {
    bytes[0] = 2;
  }),
  'type-0': sends('says type 0', bytes => {
    bytes[1] = 0;
  }),
  'sends-padding': {
    text: 'sends a few bytes behind the last entry',
    meddling: { sends: report => [concat([report, new Uint8Array(5)])] },
  },
  'sends-43': { text: 'sends one person more than fits', meddling: { sends: report => [concat([report, report.subarray(-24)])] } },
  'sends-short': { text: 'sends less than a header', meddling: { sends: report => [report.slice(0, 44)] } },
  'low-first': sends('sends numbers with the lowest byte first', (_bytes, view) => {
    for (const at of [SEND, LOAD, LOAD + 4, LOAD + 8, BOOT]) view.setInt32(at, view.getInt32(at), true);
  }),
  'no-send-time': sends('does not say when', (_bytes, view) => view.setInt32(SEND, 0)),
  'send-time-stays': {
    text: 'says the time of its start for ever',
    meddling: (() => {
      let first: number | undefined;
      return {
        first: () => {
          first = undefined;
        },
        sends: report => [
          changed((_bytes, view) => {
            first ??= view.getInt32(SEND);
            view.setInt32(SEND, first);
          })(report),
        ],
      } satisfies Meddling;
    })(),
  },
  'boot-ahead': sends('was started after it has sent', (_bytes, view) => view.setInt32(BOOT, view.getInt32(SEND) + 60)),
  'boot-moves': sends('was started a minute ago, always', (_bytes, view) => view.setInt32(BOOT, view.getInt32(SEND) - 60)),
  nameless: renamed('has no name', () => ''),
  'name-with-blank': renamed('has a blank in its name', own => `${own} x`),
  'name-of-32': renamed('has a name of 32 characters', own => own.padEnd(32, 'x')),
  domain: renamed('says its domain', own => `${own}.example.org`),
  'load-below-zero': sends('has less than no load', (_bytes, view) => view.setInt32(LOAD, -1)),
  'load-unswapped': sends('sends the load of one minute with the lowest byte first', (_bytes, view) => view.setInt32(LOAD, 0xf0000000 | 0)),
  'says-empty-entry': { text: 'tells of a person without a name', meddling: { sends: report => [concat([report, new Uint8Array(24)])] } },
  'answers-all': { text: 'sends back whatever comes', meddling: { answers: bytes => bytes } },
  'answers-reports': { text: 'answers every report', meddling: { answers: bytes => (bytes.length >= HEADER ? bytes : undefined) } },
  'deaf-after-long': hears('dies of a datagram of 2000 bytes', bytes => {
    if (bytes.length === 2_000) throw new Error('mutant: overflow');
    return bytes;
  }),
  'hang-up-ends': { text: 'dies of SIGHUP', meddling: { signal: (which, own) => (which === 'SIGHUP' ? 'default' : own) } },
  'hang-up-mutes': {
    text: 'says nothing after SIGHUP',
    meddling: (() => {
      let muted = false;
      return {
        first: () => {
          muted = false;
        },
        signal: (which, own) =>
          which === 'SIGHUP'
            ? () => {
                muted = true;
              }
            : own,
        sends: report => (muted ? [] : [report]),
      } satisfies Meddling;
    })(),
  },
  immortal: { text: 'ignores SIGTERM', meddling: { signal: (which, own) => (which === 'SIGTERM' ? 'ignore' : own) } },
};

const RECEIVERS: Readonly<Record<string, Broken>> = {
  deaf: hears('keeps nothing', () => undefined),
  forgetful: { text: 'puts no record in its place', meddling: { puts: () => undefined } },
  'one-file': { text: 'keeps all hosts in one file', meddling: { puts: path => path.replace(/whod\.(?!m$|here).*/, 'whod.all') } },
  'lower-case': { text: 'keeps names in lower case', meddling: { puts: path => path.replace(/whod\..*/, name => name.toLowerCase()) } },
  'first-ten': {
    text: 'keeps ten hosts',
    meddling: (() => {
      const known = new Set<string>();
      return {
        first: () => known.clear(),
        puts: path => {
          if (known.size < 10) known.add(path);
          return known.has(path) ? path : undefined;
        },
      } satisfies Meddling;
    })(),
  },
  'first-report': {
    text: 'keeps the first report of a host for ever',
    meddling: { writes: (record, before) => (before === undefined || nameIn(record).startsWith('here') ? record : before) },
  },
  appends: {
    text: 'leaves what is behind a shorter report',
    meddling: {
      writes: (record, before) =>
        before !== undefined && before.length > record.length ? concat([record, before.subarray(record.length)]) : record,
    },
  },
  'keeps-wire-order': keeps('keeps numbers as they came', (_bytes, view) => {
    for (const at of [SEND, LOAD, LOAD + 4, LOAD + 8, BOOT]) view.setInt32(at, view.getInt32(at, true));
  }),
  'no-stamp': keeps('stamps nothing', (_bytes, view) => view.setInt32(STAMP, 0x41424344)),
  'no-people': { text: 'keeps the header alone', meddling: { writes: record => cut(record, 0) } },
  'ten-people': { text: 'keeps ten people', meddling: { writes: record => cut(record, 10) } },
  'people-unswapped': keeps('keeps times of people as they came', (bytes, view) => {
    for (let at = HEADER; at + 24 <= bytes.length; at += 24) view.setInt32(at + 16, view.getInt32(at + 16, true));
  }),
  'name-of-30': hears('refuses names of 31 characters', bytes => (nameIn(bytes).length === 31 ? undefined : bytes)),
  'name-to-the-end': hears('takes all 32 bytes for the name', bytes =>
    bytes.length >= HEADER && bytes.subarray(HOST, HOST + NAME_FIELD).some((byte, at) => byte !== 0 && at > nameIn(bytes).length)
      ? undefined
      : bytes,
  ),
  'letters-only': hears('takes letters and digits only', bytes => (/^[A-Za-z0-9]*$/.test(nameIn(bytes)) ? bytes : undefined)),
  'padding-matters': hears('refuses a report with something in its padding', bytes =>
    bytes[2] === 0 || bytes.length < HEADER ? bytes : undefined,
  ),
  'refuses-longer': hears('refuses what is longer than a report', bytes => (bytes.length > 1_068 ? undefined : bytes)),
  'refuses-full': hears('refuses 42 people', bytes => (bytes.length >= 1_068 ? undefined : bytes)),
  'believes-clocks': hears('refuses what was not sent about now', bytes =>
    bytes.length >= HEADER && Math.abs(new DataView(bytes.buffer, bytes.byteOffset).getInt32(SEND) - 1_790_000_000) > 1e7
      ? undefined
      : bytes,
  ),
  'boot-matters': hears('refuses a start after the time of sending', bytes => {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    return bytes.length >= HEADER && view.getInt32(BOOT) > view.getInt32(SEND) ? undefined : bytes;
  }),
  'one-start': {
    text: 'takes reports of the first start of a host only',
    meddling: {
      writes: (record, before) =>
        before !== undefined && new DataView(before.buffer).getInt32(BOOT, true) !== new DataView(record.buffer).getInt32(BOOT, true)
          ? before
          : record,
    },
  },
  'any-port': { text: 'takes reports from any port', meddling: { port: own => own } },
  'version-ignored': hears(
    'takes every version',
    changed(bytes => {
      bytes[0] = 1;
    }),
  ),
  'type-ignored': hears(
    'takes every type',
    changed(bytes => {
      bytes[1] = 1;
    }),
  ),
  'completes-short': hears('completes what is short with zeros', bytes =>
    bytes.length >= 13 && bytes.length < HEADER ? concat([bytes, new Uint8Array(HEADER - bytes.length)]) : bytes,
  ),
  'mends-names': hears(
    'makes a name of anything',
    changed(bytes => {
      for (let at = HOST; at < HOST + NAME_FIELD - 1; at++) {
        const byte = bytes[at] ?? 0;
        if (byte !== 0 && (byte <= 0x20 || byte >= 0x7f)) bytes.copyWithin(at, at + 1, HOST + NAME_FIELD);
      }
    }),
  ),
  'cuts-names': hears(
    'cuts a name at what cannot be in one',
    changed(bytes => {
      for (let at = HOST + 1; at < HOST + NAME_FIELD; at++) {
        const byte = bytes[at] ?? 0;
        if (byte !== 0 && (byte <= 0x20 || byte >= 0x7f)) bytes[at] = 0;
      }
    }),
  ),
  'raw-names': { text: 'takes any byte in a name', meddling: rawNames() },
  'dies-of-short': hears('dies of less than a header', bytes => {
    if (bytes.length > 12 && bytes.length < HEADER) throw new Error('mutant: underflow');
    return bytes;
  }),
  'dies-of-file': {
    text: 'dies when a record cannot be written',
    meddling: {
      puts: path => {
        if (path.endsWith('whod.taken')) throw new Error('mutant: EISDIR');
        return path;
      },
    },
  },
  'starts-anew': {
    text: 'empties its spool when it starts',
    meddling: {
      first: ({ storage, process }) => {
        const spool = process.args.find(each => each.startsWith('--spool='))?.slice(8) ?? '';
        const listed = storage.list(spool);
        if (listed.ok) for (const name of listed.value) storage.unlink(`${spool}/${name}`);
      },
    },
  },
  'hang-up-ends': { text: 'dies of SIGHUP', meddling: { signal: (which, own) => (which === 'SIGHUP' ? 'default' : own) } },
  'not-itself': { text: 'has no record of itself', meddling: { puts: path => (/whod\.(here|m)/.test(path) ? undefined : path) } },
};

/** Bytes that a name cannot have are hidden from the daemon, and put back in the name of the file. */
function rawNames(): Meddling {
  const hidden = new Map<string, string>();
  return {
    first: () => hidden.clear(),
    hears: changed(bytes => {
      const name = nameIn(bytes);
      const shown = name === '' ? '_' : name.replace(/[^!-~]/g, '_');
      if (shown === name) return;
      hidden.set(shown, name);
      for (const [index, character] of [...shown].entries()) bytes[HOST + index] = character.charCodeAt(0);
    }),
    puts: path => {
      const name = hidden.get(path.replace(/^.*whod\./, ''));
      return name === undefined ? path : path.replace(/whod\..*$/, `whod.${name}`);
    },
  };
}

/** By role, by name. */
export const BROKEN: Readonly<Record<'sender' | 'receiver', Readonly<Record<string, Broken>>>> = { sender: SENDERS, receiver: RECEIVERS };
