/**
 * The mutants of both roles, and exactly which cases each of them fails: our rwhod with one trap of the published ones, our rwhod
 * meddled with, and readers of other editions.
 */
import type { Programs } from '../../../src/host/host.ts';
import { TRAPS } from '../../../src/impl/rwho/quirks.ts';
import { rwhod } from '../../../src/impl/rwho/rwhod.ts';
import { caught, failsIn } from '../../mutants.ts';
import type { Mutant } from '../../suite.ts';
import { OWN_ARGUMENTS, OWN_READERS, readersOf } from '../own.ts';
import fails from './fails.json' with { type: 'json' };
import { meddled } from './meddle.ts';
import { BROKEN_READERS, READER_PROGRAMS } from './readers.ts';
import { BROKEN } from './rwhods.ts';

const ROLES = ['sender', 'receiver'] as const;
const CLAIMS = ['clock', 'logins'];

const failsOf = failsIn('rwho', fails);

const mutant = (role: string, name: string, text: string, more: Partial<Mutant> = {}): Mutant => ({
  name: `${role}/${name}`,
  role,
  text,
  program: 'rwhod',
  args: OWN_ARGUMENTS,
  readers: OWN_READERS,
  claims: CLAIMS,
  fails: failsOf(role, name),
  ...more,
});

/** Traps that show only together with another. */
const TOGETHER: Readonly<Record<string, readonly string[]>> = { 'RW-03': ['--quirk=short-report-stored'] };
/** What takes another kind of run, which the scenarios have: many hosts, two networks, a clock that is set, a machine with a long name. */
const ELSEWHERE = 'RW-09 RW-13 RW-22 RW-23 RW-24 RW-26 RW-40 RW-41 RW-43 RW-46 RW-47 RW-49 RW-51 RW-56 RW-59'.split(' ');
const TRAPPED: readonly Mutant[] = ROLES.flatMap(role =>
  TRAPS.flatMap(({ id, quirk, text }) =>
    quirk === undefined || ELSEWHERE.includes(id)
      ? []
      : [mutant(role, id.toLowerCase(), `${text} (${id})`, { args: [...OWN_ARGUMENTS, `--quirk=${quirk}`, ...(TOGETHER[id] ?? [])] })],
  ),
);

const MEDDLED: readonly Mutant[] = ROLES.flatMap(role =>
  Object.entries(BROKEN[role]).map(([name, { text }]) => mutant(role, name, text, { program: `rwhod-${role}-${name}` })),
);

/** Servers that keep half an entry, so that a reader meets it. */
const HALVES = ['--quirk=half-entry-stored'];
const READING: readonly Mutant[] = [
  mutant('receiver', 'reads-as-debian', 'reads as Debian does', { readers: readersOf('debian') }),
  mutant('receiver', 'reads-as-bsd', 'reads as 4.4BSD does', { readers: readersOf('bsd44') }),
  mutant('receiver', 'reads-halves', 'keeps half entries and counts from the end, as Debian does', {
    args: [...OWN_ARGUMENTS, ...HALVES],
    readers: readersOf('debian'),
  }),
  ...BROKEN_READERS.map(({ name, text, readers }) => mutant('receiver', name, text, { readers })),
];

/** All there could be; what no case of a role sees is left out of `MUTANTS`. */
export const CANDIDATES: readonly Mutant[] = [...TRAPPED, ...MEDDLED, ...READING];
export const MUTANTS: readonly Mutant[] = caught(CANDIDATES, fails);

const SERVER_PROGRAMS: Programs = Object.fromEntries(
  ROLES.flatMap(role =>
    Object.entries(BROKEN[role]).map(([name, { meddling }]) => [`rwhod-${role}-${name}`, meddled(rwhod, meddling)] as const),
  ),
);
export const MUTANT_PROGRAMS: Programs = { ...SERVER_PROGRAMS, ...READER_PROGRAMS };
