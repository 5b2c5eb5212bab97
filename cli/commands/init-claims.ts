/**
 * `slipway conform SUITE --init`: writes a claims file. What an implementation has is found out by playing the first case of every
 * feature and of every MAY; without an implementation somebody is asked; without a terminal there are the questions, in the file.
 * Lacks: changing a claims file that is there.
 */
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import parseArgv from 'string-argv';
import type { ClaimedRole, ClaimedStart, ClaimsFile } from '../../conformance/adapt/claims.ts';
import { readClaims } from '../../conformance/adapt/claims-schema.ts';
import { addressText, isAttached } from '../../conformance/peer.ts';
import type { ReportClaim } from '../../conformance/report/report.ts';
import type { Suite } from '../../conformance/suite.ts';
import { conformTo, firstCases, type Subject } from '../conforming.ts';
import { EXIT, type ExitCode, Stop, usage } from '../exit.ts';
import type { Interrupt } from '../interrupt.ts';
import { COMMAND } from '../name.ts';
import { requireWritable } from '../places.ts';
import type { Screen } from '../screen.ts';
import type { TestedRole } from '../tested-role.ts';
import { saveTrace } from '../trace-files.ts';

type Said = Record<string, boolean | null>;

export async function initClaims(subject: Subject, file: string | true, screen: Screen, interrupt: Interrupt): Promise<ExitCode> {
  const { suite, roles } = subject;
  const path = file === true ? `${suite.name}.claims.json` : file;
  if (existsSync(path)) throw usage(`--init: ${path} is there already; name another file, or remove it`);
  requireWritable('--init', path);
  const probing = roles.some(tested => tested.adapter.kind !== 'program');
  const claims = probing ? await probed(subject, screen, interrupt) : await asked(suite, screen);
  if (interrupt.asked) return EXIT.interrupted;
  const text = `${JSON.stringify(claims, undefined, 2)}\n`;
  const fault = readClaims(text, suite);
  if (typeof fault === 'string') throw new Stop(EXIT.internal, `the claims file that was made is not one: ${fault}`);
  saveTrace(path, [text]);
  screen.line(`${path}: read it, fill in what is missing, and run: ${COMMAND} conform ${suite.name} --claims-file ${path}`);
  screen.value(claims);
  return EXIT.ok;
}

// ── by probing ──────────────────────────────────────────────────────────────────────────────────────────────────────

async function probed(subject: Subject, screen: Screen, interrupt: Interrupt): Promise<ClaimsFile> {
  const { suite } = subject;
  const roles = subject.roles.map(tested => ({ ...tested, claims: Object.keys(suite.claims) }));
  const cases = [...new Set(roles.flatMap(({ role }) => casesOf(suite, role)))];
  const report = await conformTo({ ...subject, roles, cases, folder: undefined }, screen, interrupt);
  const found = (kind: ReportClaim['kind']): Said =>
    Object.fromEntries(report.claims.filter(each => each.kind === kind).map(each => [each.id, truth(each.observed)]));
  return {
    $comment: `Found by playing ${report.rows.length} cases. null: nothing was seen of it. Correct what is wrong: what is claimed and missing is a failure.`,
    suite: suite.name,
    implementation: { name: '', version: '', url: '', contact: '' },
    roles: Object.fromEntries(roles.map(tested => [tested.role, roleOf(tested)])),
    features: found('feature'),
    choices: found('choice'),
    limits: [],
  };
}

/** One for every feature and one for every MAY; of a role that has neither, its first. */
function casesOf(suite: Suite, role: string): readonly string[] {
  const mays = suite.requirements.filter(each => each.role === role && each.level === 'MAY').map(each => each.id);
  const playable = suite.cases.filter(each => each.role === role && each.slow !== true);
  const choices = mays.flatMap(may => playable.find(each => each.requirements.includes(may))?.id ?? []);
  const found = [...firstCases(suite, role).values(), ...choices];
  return found.length > 0 ? found : playable.slice(0, 1).map(each => each.id);
}

function truth(observed: ReportClaim['observed']): boolean | null {
  if (observed === 'not seen' || observed === 'mixed') return null;
  return observed === 'yes';
}

/** As it was named on the command line, or in the claims file it was. */
function roleOf({ implementation, adapter, command }: TestedRole): ClaimedRole {
  if (adapter.kind === 'shim') return { shim: { command } };
  if (isAttached(implementation)) return { addresses: implementation.addresses.map(addressText) };
  const { ready, forks, program, args, at, readers = {} } = implementation;
  const words = [program, ...args];
  const shown = Object.entries(readers).map(([name, reader]) => [name, [reader.program, ...reader.args]] as const);
  const more = {
    ...(at === undefined ? {} : { at: addressText({ transport: 'udp', ...at }) }),
    ...(shown.length === 0 ? {} : { readers: Object.fromEntries(shown) }),
  };
  const pidFile = forks?.pidFile === undefined ? {} : { pidFile: forks.pidFile };
  const start: ClaimedStart = { command: words, ...(forks === undefined ? {} : { forks: true, ...pidFile }) };
  if (ready === undefined) return { start, ...more };
  const { within, ...sign } = ready;
  return { start: { ...start, ready: { ...sign, within: within / 1_000_000 } }, ...more };
}

// ── by asking ───────────────────────────────────────────────────────────────────────────────────────────────────────

type Ask = (question: string) => Promise<string>;

async function asked(suite: Suite, screen: Screen): Promise<ClaimsFile> {
  if (!process.stdin.isTTY) return template(suite);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    screen.line(`Claims of an implementation for the suite ${suite.name}. An empty answer leaves it open.`);
    // While somebody is asked nothing is under way that would have to be finished.
    terminal.on('SIGINT', () => process.exit(EXIT.interrupted));
    return await interview(suite, async question => (await terminal.question(`${question} `)).trim());
  } finally {
    terminal.close();
  }
}

/** Exported for its test: a terminal is whoever answers. */
export async function interview(suite: Suite, ask: Ask): Promise<ClaimsFile> {
  const implementation = {
    name: await ask('Name of the implementation?'),
    version: await ask('Version?'),
    url: await ask('Address of its pages?'),
    contact: await ask('Whom to ask about it?'),
  };
  const roles: Record<string, ClaimedRole> = {};
  for (const role of Object.keys(suite.roles)) {
    const command = parseArgv(await ask(`Command that starts it as ${role}? (empty: it has not this role)`));
    if (command.length === 0) continue;
    const forks = yesOrNo(await ask('Does that command end, and leave a daemon behind? (yes, no)')) === true;
    const pidFile = forks ? await ask('Where does the daemon write its pid? ({dir} is the directory of the case; empty: nowhere)') : '';
    roles[role] = { start: { command, ...(forks ? { forks } : {}), ...(pidFile === '' ? {} : { pidFile }) } };
  }
  const played = (of: string): boolean => roles[of] !== undefined;
  const features: Said = {};
  for (const [id, meaning] of Object.entries(suite.claims)) {
    const concerned = suite.cases.some(each => played(each.role) && each.needs?.includes(id) === true);
    if (concerned) features[id] = yesOrNo(await ask(`${id}: ${meaning}? (yes, no)`));
  }
  const choices: Said = {};
  for (const { id, text } of mays(suite))
    if (played(suite.requirements.find(each => each.id === id)?.role ?? '')) choices[id] = yesOrNo(await ask(`${text} Does it? (yes, no)`));
  return { suite: suite.name, implementation, roles, features, choices, limits: [] };
}

function yesOrNo(text: string): boolean | null {
  if (/^y(es)?$/i.test(text)) return true;
  return /^no?$/i.test(text) ? false : null;
}

const mays = (suite: Suite): readonly { readonly id: string; readonly text: string }[] =>
  suite.requirements.filter(each => each.level === 'MAY' && each.untestable === undefined);

/** What nobody answered: a file with the questions in it. */
export function template(suite: Suite): ClaimsFile {
  const role = {
    $comment: [
      'How it is started for every case. {port}, {dir}, {case}, {fd:CHANNEL} … are replaced. Remove the roles that it has not.',
      'start: of a daemon that leaves its terminal, "forks": true and, where it writes one, "pidFile": "{dir}/its.pid".',
    ],
    start: { command: ['my-implementation', 'with', 'its', 'arguments'] },
  };
  return {
    $comment: [
      `Claims of an implementation for the suite ${suite.name}. null: nothing is said.`,
      ...Object.entries(suite.claims).map(([id, meaning]) => `features.${id}: ${meaning}`),
      ...mays(suite).map(({ id, text }) => `choices.${id}: ${text}`),
      'limits: what a reader of a report has to know, a sentence each',
    ],
    suite: suite.name,
    implementation: { name: 'my-implementation', version: '', url: '', contact: '' },
    roles: Object.fromEntries(Object.keys(suite.roles).map(each => [each, role])),
    features: Object.fromEntries(Object.keys(suite.claims).map(id => [id, null])),
    choices: Object.fromEntries(mays(suite).map(({ id }) => [id, null])),
    limits: [],
  };
}
