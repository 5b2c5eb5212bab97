/**
 * The mutants of both roles, and exactly which cases each of them fails: our own servers with one trap of the published text, and meddled with.
 */
import type { Programs } from '../../../src/host/host.ts';
import { roverClient } from '../../../src/impl/rover/client-program.ts';
import { rover, roverCgi, roverDaemon } from '../../../src/impl/rover/programs.ts';
import { TRAPS } from '../../../src/impl/rover/quirks.ts';
import { caught, failsIn } from '../../mutants.ts';
import type { Mutant } from '../../suite.ts';
import { BROKEN_DAEMONS, BROKEN_FORKED, IDLE } from './broken.ts';
import { BROKEN_CLIENTS } from './broken-client.ts';
import fails from './fails.json' with { type: 'json' };
import { meddled } from './meddle.ts';
import { meddledCgi } from './meddle-cgi.ts';
import { meddledClient } from './meddle-client.ts';

const failsOf = failsIn('rover', fails);

type Role = 'daemon' | 'cgi' | 'client';
const PROGRAM: Readonly<Record<Role, string>> = { daemon: 'rover', cgi: 'rover-cgi', client: 'rover-client' };
export const CLAIMS: Readonly<Record<Role, readonly string[]>> = {
  daemon: ['users', 'tests', 'cards', 'agent', 'fields', 'epochs', 'acked'],
  cgi: ['users', 'tests', 'cards', 'fields', 'hands-on'],
  client: [],
};

const mutant = (role: Role, name: string, text: string, program: string, args: readonly string[] = []): Mutant => ({
  name: `${role}/${name}`,
  role,
  text,
  program,
  args,
  claims: CLAIMS[role],
  fails: failsOf(role, name),
});

/** What takes another kind of run, which the scenarios have: long requests that change something, workers that are counted, cuts of the power. */
const ELSEWHERE: readonly string[] = 'RV-09 RV-12 RV-14 RV-16 RV-36 RV-37 RV-44'.split(' ');
const TRAPPED: readonly Mutant[] = (['daemon', 'cgi'] as const).flatMap(role =>
  TRAPS.flatMap(({ id, quirk, text }) =>
    quirk === undefined || ELSEWHERE.includes(id)
      ? []
      : [mutant(role, id.toLowerCase(), `${text} (${id})`, PROGRAM[role], [`--quirk=${quirk}`])],
  ),
);

const rows = (table: Readonly<Record<string, { readonly text: string }>>, role: Role): readonly Mutant[] =>
  Object.entries(table).map(([name, { text }]) => mutant(role, name, text, `${PROGRAM[role]}-${name}`));

/** All there could be; what no case of a role sees is left out of `MUTANTS`. */
export const CANDIDATES: readonly Mutant[] = [
  ...TRAPPED,
  ...rows(BROKEN_DAEMONS, 'daemon'),
  ...rows(BROKEN_FORKED, 'cgi'),
  ...rows(BROKEN_CLIENTS, 'client'),
];
export const MUTANTS: readonly Mutant[] = caught(CANDIDATES, fails);

/** The parent of one that is meddled with starts that one. */
export const MUTANT_PROGRAMS: Programs = {
  [IDLE]: () => {},
  ...Object.fromEntries(
    Object.entries(BROKEN_DAEMONS).flatMap(([name, { meddling, parent = {} }]) => {
      const started = (program: string): string => (program === 'rover-daemon' ? `rover-daemon-${name}` : program);
      const { starts = started } = parent;
      return [
        [`rover-${name}`, meddled(rover, { ...parent, starts: (program, nth) => started(starts(program, nth)) })] as const,
        [`rover-daemon-${name}`, meddled(roverDaemon, meddling)] as const,
      ];
    }),
  ),
  ...Object.fromEntries(
    Object.entries(BROKEN_CLIENTS).map(([name, { make }]) => [`rover-client-${name}`, meddledClient(roverClient, make)]),
  ),
  ...Object.fromEntries(Object.entries(BROKEN_FORKED).map(([name, { meddling }]) => [`rover-cgi-${name}`, meddledCgi(roverCgi, meddling)])),
};
