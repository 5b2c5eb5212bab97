/**
 * Cases for what ruptime and rwho make of the spool of the server that they belong to.
 */
import { concat } from '../../src/host/bytes.ts';
import { seconds } from '../../src/host/time.ts';
import type { Case, Step } from '../case.ts';
import type { Login } from './report.ts';
import {
  ages,
  asks,
  BEGUN,
  barrier,
  citing,
  DEADLINE,
  kept,
  lines,
  NOW,
  OVER,
  people,
  person,
  report,
  STRANGER,
  sends,
  shows,
  tells,
  tellsOf,
} from './vocabulary.ts';

const id = (name: string): string => `rwho.receiver.${name}`;
const COMMON = { rev: 1, role: 'receiver', deadline: DEADLINE } as const;
/** Longer than 660 s; and not as long. */
const SILENT = seconds(700);
const STILL = seconds(600);

const REVISED: Readonly<Record<string, number>> = { up: 2, 'up-not': 2, 'up-2038': 2 };

const typed = (user: string, idle: number): Login => ({ user, line: 'slw/0', since: NOW - 7_200, idle });
const ACTIVE = typed('ada', 5);
const AWAY = typed('grace', 4_000);

const shown = (name: string, title: string, steps: readonly Step[], requirements: readonly string[] = [name]): Case => ({
  ...COMMON,
  rev: REVISED[name] ?? 1,
  id: id(name),
  title,
  requirements: requirements.map(id),
  steps: [...BEGUN, ...steps, ...OVER],
});

/** Some time later. */
const aged = (name: string, title: string, silence: typeof SILENT, state: 'up' | 'down'): Case => ({
  ...shown(name, title, [tells(), kept('alpha'), ages(silence), asks('ruptime'), shows('alpha', { state })], [state]),
  slow: true,
  deadline: seconds(800),
});

export const SHOWN_CASES: readonly Case[] = [
  shown('up', 'a host of which a report came is up, in one line', [
    tells(),
    kept('alpha'),
    asks('ruptime'),
    shows('alpha', { state: 'up' }),
    lines('alpha', 1),
  ]),
  shown(
    'up-not',
    'hosts whose reports were refused are not shown',
    [
      tells({ host: 'foreign' }, STRANGER),
      tells({ host: 'ver', version: 9, type: 9 }),
      ...barrier(),
      asks('ruptime'),
      shows('barrier', { state: 'up' }),
      citing(id('port'), lines('foreign', 0)),
      citing(id('version'), lines('ver', 0)),
    ],
    ['port', 'version'],
  ),
  aged('up-still', 'ten minutes of silence: it is up', STILL, 'up'),
  aged('down', 'nearly twelve minutes of silence: it is down', SILENT, 'down'),
  shown('sorted', 'hosts come by name', [
    ...['delta', 'bravo', 'echo', 'charlie'].map(host => tells({ host })),
    ...['delta', 'bravo', 'echo', 'charlie'].map(host => kept(host)),
    asks('ruptime'),
    ...['bravo', 'charlie', 'delta', 'echo'].map(host => shows(host)),
  ]),
  shown('counted', 'who has not typed for an hour does not count', [
    tells({ people: [ACTIVE, AWAY, typed('alan', 3_599), typed('edsger', 3_600)] }),
    kept('alpha'),
    asks('ruptime'),
    shows('alpha', { users: 2 }),
  ]),
  shown('counted-half', 'half an entry came behind two', [
    sends(concat([report({ people: [ACTIVE, typed('alan', 9)] }), new Uint8Array(12).fill(0x41)])),
    kept('alpha'),
    asks('ruptime'),
    shows('alpha', { users: 2 }),
  ]),
  shown('loads', 'hundredths are shown as decimals', [
    tells({ load: [115, 5, 130] }),
    kept('alpha'),
    asks('ruptime'),
    shows('alpha', { load: '1.15 0.05 1.30' }),
  ]),
  shown('up-2038', 'started before the wrap of 2038, and sent after it', [
    tells({ send: -2_147_480_000, boot: 2_147_480_000 }),
    kept('alpha'),
    asks('ruptime'),
    shows('alpha', { state: 'up', time: { oneOf: ['2:01', '2:02'] } }),
  ]),
  shown('people', 'who has typed within the hour, and where', [
    tells({ people: [ACTIVE, AWAY] }),
    kept('alpha'),
    asks('rwho'),
    tellsOf(person('ada', { host: 'alpha', line: 'slw/0' })),
    people(person('grace'), 0),
  ]),
  shown('printable', 'an escape sequence in a name', [
    tells({ people: [typed('\u001b[2J', 5), typed('ada', 5)] }),
    kept('alpha'),
    asks('rwho'),
    citing(id('people'), tellsOf(person('ada'))),
    people({ type: '*', fields: { printable: false }, name: 'a line with control characters' }, 0),
  ]),
];
