/**
 * Cases for what a server says. It is told of the tester, or broadcasts on a network that the tester is on.
 */
import type { Duration } from '../../src/host/time.ts';
import { seconds } from '../../src/host/time.ts';
import type { Case, FieldPattern, Person, Step } from '../case.ts';
import { CLOCK, PORT } from '../case.ts';
import { casesOf } from '../rows.ts';
import { ENTRIES_MAX, ENTRY, everybodyText, HEADER, whoText } from './report.ts';
import {
  ANY_REPORT,
  citing,
  DEADLINE,
  ENDS,
  HANG_UP,
  heard,
  hears,
  keeps,
  NOW,
  OVER,
  reports,
  reportWith,
  START,
  sends,
  TERM,
  tells,
  unsaid,
  waits,
} from './vocabulary.ts';

const id = (name: string): string => `rwho.sender.${name}`;
const COMMON = { rev: 1, role: 'sender', deadline: DEADLINE } as const;
const SLOW = { slow: true } as const;

/** Longer than any interval that is an interval; one interval, less what may be drawn from it; and so much more that another has begun. */
const INTERVAL_MOST: Duration = seconds(660);
const NOT_YET: Duration = seconds(150);
const SOON: Duration = seconds(45);
/** Two clocks of one machine differ by nothing, those of two by what the claim allows. */
const SAME_CLOCK = 60;

/** That it reports at all, and when. */
const BEGINS: readonly Step[] = [START, citing(id('at-once'), hears())];
const first = (fields: Readonly<Record<string, FieldPattern>>, name = 'a report'): readonly Step[] => [
  ...BEGINS,
  heard(reportWith(name, fields)),
  ...OVER,
];

/** What the first report has in it. */
function says(name: string, title: string, fields: Readonly<Record<string, FieldPattern>>, more: Partial<Case> = {}): Case {
  return { ...COMMON, id: id(name), title, requirements: [id(name)], steps: first(fields), ...more };
}

const login = (user: string, line: string): Person => ({ user, line, since: NOW - 3_600 });
const told = (people: readonly Person[]): FieldPattern => whoText(people);
const TWO = [login('ada', 'slw/0'), login('grace', 'slw/1')];
const CROWD = Array.from({ length: 50 }, (_, index) => login(`user${index}`, `slw/${index}`));
const LONG = [login('longusername12', 'verylongline'), login('ada', 'slw/1')];
const LOGINS = { needs: ['logins'] } as const;

const garbage: readonly Step[] = [0, 1, 13, 59, 61, 83, 1_067, 1_069, 2_000, 9_000].map(length => sends(new Uint8Array(length).fill(0x41)));

export const SENDER_CASES: readonly Case[] = [
  ...casesOf(COMMON, id, {
    unasked: {
      title: 'nobody has said anything: a report comes, soon',
      requirements: [id('unasked'), id('at-once')],
      steps: [...BEGINS, ...OVER],
    },
    'unasked-ever': {
      ...SLOW,
      title: 'nobody says anything: a report comes, if only after an interval',
      requirements: [id('unasked')],
      deadline: seconds(700),
      steps: [START, hears(ANY_REPORT, INTERVAL_MOST), ...OVER],
    },
  }),
  says('port', 'reports come from the port to which they are sent', { port: { near: PORT, by: 0 } }),
  says('version', 'version 1, type 1', { version: 1, type: 1 }),
  says('layout', 'a header and whole entries', { beyond: 0, users: { atLeast: 0, atMost: ENTRIES_MAX } }),
  says('send-time', 'the time of sending is now', { send: { near: CLOCK, by: SAME_CLOCK } }, { needs: ['clock'] }),
  says('boot-time', 'the machine was started before the report was sent', { uptime: { atLeast: 0 } }),
  says('name', 'the name of the machine is one that every receiver takes', { named: true }),
  says('short-name', 'the name of the machine has no domain', { dotted: false }),
  says('zero', 'what nothing is said in is zero', { stamp: 0, pad: 0, padded: true }),
  says('load', 'no load is below zero', { leastLoad: { atLeast: 0 } }),
  says('nobody', 'nobody is logged in: the header alone', { users: 0, length: HEADER }, { ...LOGINS, people: [] }),
  says('people', 'two are logged in', { users: 2, who: told(TWO) }, { ...LOGINS, people: TWO, rev: 2 }),
  says('full', 'fifty are logged in: 42 are told', { users: ENTRIES_MAX }, { ...LOGINS, people: CROWD, rev: 2 }),
  ...casesOf(COMMON, id, {
    crowd: {
      ...LOGINS,
      title: 'fifty are logged in: no more than 42 are told',
      requirements: [id('layout')],
      people: CROWD,
      steps: first({ beyond: 0, length: { atLeast: HEADER, atMost: HEADER + ENTRIES_MAX * ENTRY } }),
    },
  }),
  says(
    'cut',
    'a name and a terminal that are too long are cut, and nothing else is touched',
    {
      users: 2,
      everybody: everybodyText(LONG.map(each => ({ ...each, user: each.user.slice(0, 8), line: each.line.slice(0, 8), idle: 0 }))),
    },
    { ...LOGINS, people: LONG, rev: 2 },
  ),
  // ── the next ones ─────────────────────────────────────────────────────────────────────────────────────────────────
  ...casesOf(COMMON, id, {
    interval: {
      ...SLOW,
      title: 'the next report comes after about three minutes',
      requirements: [id('interval')],
      deadline: seconds(300),
      steps: [...BEGINS, unsaid(NOT_YET), hears(ANY_REPORT, SOON), ...OVER],
    },
    again: {
      ...SLOW,
      title: 'four more reports, each sent later than the one before',
      requirements: [id('again'), id('send-time'), id('boot-stays')],
      deadline: seconds(2_700),
      steps: [
        START,
        citing(id('at-once'), keeps('boot', 'send')),
        citing(id('send-time'), hears(reportWith('a report that was sent later', { send: { above: 'send' } }), INTERVAL_MOST)),
        hears(ANY_REPORT, INTERVAL_MOST),
        citing(id('boot-stays'), hears(reportWith('a report with the same start', { boot: { near: 'boot', by: 5 } }), INTERVAL_MOST)),
        hears(ANY_REPORT, INTERVAL_MOST),
        ...OVER,
      ],
    },
    survives: {
      ...SLOW,
      title: 'after datagrams of every kind it reports again',
      requirements: [id('survives')],
      deadline: seconds(700),
      steps: [...BEGINS, ...garbage, hears(ANY_REPORT, INTERVAL_MOST), ...OVER],
    },
    'hang-up': {
      ...SLOW,
      title: 'after SIGHUP it reports again, at the latest after an interval',
      requirements: [id('hang-up')],
      deadline: seconds(1_400),
      steps: [...BEGINS, HANG_UP, waits(seconds(1)), hears(ANY_REPORT, INTERVAL_MOST), hears(ANY_REPORT, INTERVAL_MOST), ...OVER],
    },
    'hang-up-quiet': {
      title: 'SIGHUP is no reason to report',
      requirements: [id('hang-up-quiet')],
      steps: [...BEGINS, waits(seconds(2)), HANG_UP, waits(seconds(2)), reports(1, 1), ...OVER],
    },
    greets: {
      title: 'somebody new is heard: a report comes soon',
      requirements: [id('greets')],
      steps: [...BEGINS, tells(), hears(ANY_REPORT, seconds(20)), ...OVER],
    },
    restrained: {
      rev: 2,
      title: 'forty newcomers and forty reports of one host: far fewer reports come of it',
      requirements: [id('restrained')],
      steps: [
        ...BEGINS,
        ...Array.from({ length: 40 }, (_, index) => tells({ host: `new${index}` })),
        ...Array.from({ length: 40 }, (_, index) => tells({ send: NOW + index })),
        waits(seconds(15)),
        reports(1, 20),
        ...OVER,
      ],
    },
    'restrained-refused': {
      rev: 2,
      title: 'what is no report is not answered one by one',
      requirements: [id('restrained')],
      steps: [
        ...BEGINS,
        waits(seconds(1)),
        tells({ version: 2 }),
        tells({ host: '' }),
        ...garbage,
        waits(seconds(3)),
        reports(1, 6),
        ...OVER,
      ],
    },
    ends: {
      title: 'SIGTERM ends it, without a farewell',
      requirements: [id('ends')],
      steps: [...BEGINS, TERM, ENDS, reports(1, 1)],
    },
  }),
];
