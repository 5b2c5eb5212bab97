/**
 * Cases for what a server takes: seen in the files of its spool. What must not be kept is not there when a report that was sent
 * after it has been kept.
 */
import { concat } from '../../src/host/bytes.ts';
import { seconds } from '../../src/host/time.ts';
import type { Case, Step } from '../case.ts';
import { CLOCK } from '../case.ts';
import { casesOf } from '../rows.ts';
import type { Login, Report } from './report.ts';
import { ENTRIES_MAX, ENTRY, HEADER, personText } from './report.ts';
import {
  absent,
  BEGUN,
  barrier,
  citing,
  DEADLINE,
  ENDS,
  HANG_UP,
  KILL,
  keeps,
  kept,
  NOW,
  OVER,
  report,
  START,
  STRANGER,
  sends,
  still,
  stillOwn,
  stored,
  storedOwn,
  tells,
  WHO,
  waits,
} from './vocabulary.ts';

const id = (name: string): string => `rwho.receiver.${name}`;
const COMMON = { rev: 1, role: 'receiver', deadline: DEADLINE } as const;

const person = (index: number): Login => ({ user: `user${index}`, line: `slw/${index}`, since: NOW - 100 * index, idle: 7 * index });
const crowd = (size: number): readonly Login[] => Array.from({ length: size }, (_, index) => person(index));
const told = (people: readonly Login[]): string => people.map(personText).join('; ');
/** Seconds by which the stamp of a machine may differ from the clock of the tester. */
const SAME_CLOCK = 60;

/** What is sent is kept, and this is in it. */
function takes(name: string, title: string, steps: readonly Step[], requirement = name): Case {
  return { ...COMMON, id: id(name), title, requirements: [id(requirement)], steps: [...BEGUN, ...steps, ...OVER] };
}

/** One thing is different from the report of the case `keeps`, and it is not kept. */
function refuses(name: string, requirement: string, deviation: string, steps: readonly Step[], hosts: readonly string[] = ['alpha']): Case {
  return {
    ...COMMON,
    id: id(name),
    title: `${deviation}: it is not kept`,
    requirements: [id(requirement)],
    twin: id('keeps'),
    deviation,
    steps: [...BEGUN, ...steps, ...barrier(), ...hosts.map(absent), ...OVER],
  };
}

const misnamed = (name: string, deviation: string, host: string, requirement = 'name', files: readonly string[] = [host]): Case =>
  refuses(name, requirement, deviation, [tells({ host })], files);

const LOADED: Partial<Report> = { load: [1, 2_147_483_647, 250], people: crowd(2) };
/** A name needs 13 bytes at least; the loads begin at 44. */
const SHORT = [13, 44, 45, 59];
const LENGTHS = [0, 1, 2, 11, 12, 13, 43, 44, 45, 59, 61, 72, 83, 85, 1_067, 1_069, 1_092, 1_400, 2_000, 9_000];

export const RECEIVER_CASES: readonly Case[] = [
  takes('keeps', 'a report is kept', [tells(), stored('alpha')]),
  takes('content', 'name, times, loads and people are kept as they came', [
    tells(LOADED),
    kept('alpha'),
    still('alpha', {
      version: 1,
      type: 1,
      send: NOW,
      boot: NOW - 86_400,
      load: '1 2147483647 250',
      users: 2,
      people: told(crowd(2)),
      length: HEADER + 2 * ENTRY,
    }),
  ]),
  {
    ...takes('stamp', 'the time of arrival is put in, also over what the report has there', [
      tells({ stamp: 0x41424344 }),
      kept('alpha'),
      still('alpha', { stamp: { near: CLOCK, by: SAME_CLOCK } }),
    ]),
    needs: ['clock'],
  },
  takes(
    'refresh',
    'the next report takes the place of the one before',
    [tells(), kept('alpha'), tells({ send: NOW + 180, load: [7, 8, 9] }), stored('alpha', { send: NOW + 180, load: '7 8 9' })],
    'refresh',
  ),
  takes(
    'refresh-shorter',
    'a shorter report leaves nothing of the longer one',
    [
      tells({ people: crowd(20) }),
      kept('alpha', { users: 20 }),
      tells({ send: NOW + 180, people: crowd(1) }),
      stored('alpha', { send: NOW + 180, users: 1, people: told(crowd(1)), length: HEADER + ENTRY }),
    ],
    'refresh',
  ),
  takes('each', 'sixty hosts have sixty records', [
    ...Array.from({ length: 60 }, (_, index) => tells({ host: `host${index}`, send: NOW + index })),
    ...[0, 1, 29, 58, 59].map(index => stored(`host${index}`, { send: NOW + index })),
  ]),
  takes('case', 'alpha and Alpha are two', [
    tells(),
    tells({ host: 'Alpha', send: NOW + 5 }),
    stored('Alpha', { send: NOW + 5 }),
    stored('alpha', { send: NOW }),
  ]),
  takes('name-31', 'a name of 31 characters', [tells({ host: 'x'.repeat(31) }), stored('x'.repeat(31))]),
  takes('name-tail', 'something is behind the NUL of the name', [tells({ tail: 'bravo/\u0001\u00ff' }), stored('alpha')]),
  takes('punctuation', 'names of printable characters that are neither letters nor digits', [
    tells({ host: '*' }),
    tells({ host: '-rf' }),
    tells({ host: 'a.b' }),
    tells({ host: '~;&|' }),
    stored('*'),
    stored('-rf'),
    stored('a.b'),
    stored('~;&|'),
  ]),
  takes('padding', 'something is in the padding', [tells({ pad: 0xffff }), stored('alpha')]),
  takes('full', '42 people', [
    tells({ people: crowd(ENTRIES_MAX) }),
    stored('alpha'),
    still('alpha', { users: ENTRIES_MAX, people: told(crowd(ENTRIES_MAX)) }),
  ]),
  takes('oversize', '60 people, which is more than a report holds: 42 are kept', [
    tells({ people: crowd(60) }),
    stored('alpha'),
    still('alpha', { users: ENTRIES_MAX, length: HEADER + ENTRIES_MAX * ENTRY }),
  ]),
  takes('half-entry', 'two people and half a third: two are kept', [
    sends(concat([report({ people: crowd(2) }), new Uint8Array(12).fill(0x41)])),
    stored('alpha'),
    still('alpha', { users: 2, people: told(crowd(2)), beyond: 0 }),
  ]),
  takes('clocks', 'clocks that are years behind and ahead', [
    tells({ host: 'past', send: 1_000, boot: 10 }),
    tells({ host: 'future', send: 2_100_000_000, boot: 2_099_999_000 }),
    stored('past', { send: 1_000 }),
    stored('future', { send: 2_100_000_000 }),
  ]),
  takes('clocks-boot', 'a start after the time of sending', [tells({ boot: NOW + 10 }), stored('alpha', { boot: NOW + 10 })], 'clocks'),
  takes('wrap', 'sent after 2038: the number is below zero', [
    tells({ send: -2_147_483_000, boot: 2_147_483_000 }),
    stored('alpha', { send: -2_147_483_000, boot: 2_147_483_000 }),
  ]),
  takes(
    'wrap-next',
    'one report before the wrap of 2038, and the next one after it',
    [
      tells({ send: 2_147_483_600, boot: 2_147_000_000 }),
      stored('alpha', { send: 2_147_483_600 }),
      tells({ send: -2_147_483_516, boot: 2_147_000_000 }),
      stored('alpha', { send: -2_147_483_516 }),
    ],
    'wrap',
  ),
  takes('reboot', 'the host was started again', [
    tells(),
    kept('alpha'),
    tells({ send: NOW + 400, boot: NOW + 300 }),
    stored('alpha', { send: NOW + 400, boot: NOW + 300 }),
  ]),
  // ── what is not kept ──────────────────────────────────────────────────────────────────────────────────────────────
  refuses('port', 'port', 'from another port', [tells({}, STRANGER)]),
  refuses('version-0', 'version', 'version 0', [tells({ version: 0 })]),
  refuses('version-2', 'version', 'version 2', [tells({ version: 2 })]),
  refuses('type-2', 'version', 'type 2', [tells({ type: 2 })]),
  ...SHORT.map(length =>
    refuses(`short-${length}`, 'short', `only the first ${length} bytes`, [sends(report({ host: 'a' }).slice(0, length))], ['a', 'alpha']),
  ),
  {
    ...refuses('short-inherited', 'short', 'only the first 13 bytes, after a whole report of another', [], []),
    steps: [
      ...BEGUN,
      tells({ host: 'charlie' }),
      kept('charlie'),
      sends(report({ host: 'h' }).slice(0, 13)),
      ...barrier(),
      absent('hharlie'),
      absent('h'),
      ...OVER,
    ],
  },
  ...casesOf(COMMON, id, {
    'short-harmless': {
      title: 'less than a header in the name of a host that is known: its record stays',
      requirements: [id('short-harmless')],
      twin: id('keeps'),
      deviation: 'the report is followed by its first 44 bytes',
      steps: [
        ...BEGUN,
        tells(),
        stored('alpha'),
        sends(report({ send: NOW + 180 }).slice(0, 44)),
        ...barrier(),
        still('alpha', { send: NOW, length: HEADER }),
        ...OVER,
      ],
    },
  }),
  misnamed('name-empty', 'an empty name', ''),
  misnamed('name-blank', 'a blank in the name', 'al pha'),
  misnamed('name-tab', 'a tab in the name', 'al\tpha'),
  misnamed('name-newline', 'a newline in the name', 'al\npha'),
  misnamed('name-delete', 'a DEL in the name', 'al\u007fpha'),
  refuses('name-8-bit', 'name', 'a byte above 127 in the name', [tells({ host: 'al\u00e9pha' })], ['al\u00e9pha', 'alpha', 'al']),
  misnamed('name-escape', 'an escape sequence in the name', '\u001b[2Jalpha'),
  misnamed('slash', 'a slash in the name', 'keep/alpha', 'slash'),
  {
    ...refuses('slash-out', 'slash', 'a name that leads out of the spool', [], []),
    steps: [
      ...BEGUN,
      tells({ host: 'x/../../outside' }),
      tells({ host: 'keep/../../outside' }),
      tells({ host: '../outside' }),
      ...barrier(),
      { verb: 'expect-file', path: 'outside', within: seconds(5) },
      ...OVER,
    ],
  },
  ...casesOf(COMMON, id, {
    'name-end': {
      title: 'no NUL in the 32 bytes of the name: nothing of the loads gets into it',
      requirements: [id('name-end')],
      twin: id('keeps'),
      deviation: 'a name of 32 characters, and printable loads',
      steps: [
        ...BEGUN,
        tells({ host: 'y'.repeat(32), load: [0x61616161, 0x62626262, 0x63636363] }),
        ...barrier(),
        absent('y'.repeat(32)),
        absent(`${'y'.repeat(32)}aaaabbbbcccc`),
        absent(`${'y'.repeat(32)}aaaabbbb`),
        ...OVER,
      ],
    },
  }),
  takes('late', 'a report that was sent before the one that is kept: that one stays', [
    tells({ send: NOW + 500 }),
    kept('alpha', { send: NOW + 500 }),
    tells(),
    ...barrier(),
    still('alpha', { send: NOW + 500 }),
  ]),
  ...casesOf(COMMON, id, {
    own: {
      title: 'it has a record of its own machine',
      requirements: [id('own')],
      steps: [START, { ...keeps('host'), setup: true }, storedOwn(), ...OVER],
    },
    'own-name': {
      title: 'somebody else reports for its machine: its own record stays',
      requirements: [id('own-name')],
      steps: [
        START,
        { ...keeps('host', 'boot'), setup: true },
        citing(id('own'), storedOwn()),
        { verb: 'say', channel: WHO, text: '{host}' },
        ...barrier(),
        stillOwn({ boot: { near: 'boot', by: 5 } }),
        ...OVER,
      ],
    },
  }),
  // ── it goes on ────────────────────────────────────────────────────────────────────────────────────────────────────
  takes('survives', 'datagrams of every length, and then a report', [
    ...LENGTHS.map(length => sends(new Uint8Array(length).fill(0x41))),
    ...LENGTHS.map(length => sends(report({ people: crowd(80) }).slice(0, length))),
    tells({ host: 'omega' }),
    stored('omega'),
  ]),
  takes(
    'survives-short',
    'short reports with a good name, and then a report',
    [
      ...[13, 20, 36, 48, 52, 56, 59].map(length => sends(report({ host: 'a' }).slice(0, length))),
      tells({ host: 'omega' }),
      stored('omega'),
    ],
    'survives',
  ),
  takes('survives-file', 'the file of a host cannot be written: others are kept', [
    tells({ host: 'taken' }),
    // The other way round, both would be there before anybody dies of the first.
    waits(seconds(1)),
    tells({ host: 'omega' }),
    stored('omega'),
  ]),
  takes('hang-up', 'SIGHUP, and then a report', [HANG_UP, waits(seconds(1)), tells(), stored('alpha')]),
  ...casesOf(COMMON, id, {
    stays: {
      title: 'it is killed and started again: the record is there',
      requirements: [id('stays')],
      steps: [...BEGUN, tells(), kept('alpha'), KILL, ENDS, ...BEGUN, stored('alpha', { send: NOW }), ...OVER],
    },
  }),
];
