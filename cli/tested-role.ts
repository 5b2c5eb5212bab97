/**
 * Who is tested in each role and how it is met, from the command line, a claims file, or, where both say nothing, ours.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import parseArgv from 'string-argv';
import { addressFault, parseAddress, parseAt } from '../conformance/adapt/address.ts';
import type { ClaimedCommand, ClaimedReady, ClaimedRole, ClaimedStart, ClaimsFile } from '../conformance/adapt/claims.ts';
import { claimed } from '../conformance/adapt/claims.ts';
import { type Command, commandFault, implementationOf } from '../conformance/arms/node/command.ts';
import { FAKETIME_PACKAGE, faked, findFaketime } from '../conformance/arms/node/faketime.ts';
import { type AttachOptions, KEPT } from '../conformance/arms/node/kept.ts';
import type { Adapter } from '../conformance/arms/node/meet.ts';
import { bridged } from '../conformance/arms/node/shim.ts';
import type { Wiring } from '../conformance/case.ts';
import {
  type Address,
  addressText,
  type Forks,
  type Implementation,
  type Peer,
  type Reader,
  type Ready,
  type Sign,
} from '../conformance/peer.ts';
import { passedOn, placeholdersOf, templateFault } from '../conformance/play/templates.ts';
import type { Suite } from '../conformance/suite.ts';
import { printable } from '../src/host/bytes.ts';
import { type Duration, seconds } from '../src/host/time.ts';
import { EXIT, Stop, usage } from './exit.ts';
import { nearest } from './names.ts';
import { requireDirectory, requireReadable } from './places.ts';

/** Who is tested in one role. */
export interface TestedRole {
  readonly role: string;
  readonly implementation: Peer;
  readonly adapter: Adapter;
  /** How the user named it. */
  readonly command: readonly string[];
  readonly claims: readonly string[];
}

export interface AdapterFlags {
  readonly exec?: string;
  readonly shim?: string;
  readonly attach?: readonly string[];
  readonly env?: readonly string[];
  readonly cwd?: string;
  readonly ready?: string;
  readonly readyWithin?: string;
  readonly forks?: boolean;
  readonly pidFile?: string;
  readonly faketime?: string;
  readonly at?: string;
  readonly reader?: readonly string[];
  readonly set?: readonly string[];
  readonly claim?: readonly string[];
  readonly claims?: boolean;
}

/** A claims file and the folder that it is in. */
export interface FoundClaims {
  readonly path: string;
  readonly folder: string;
  readonly file: ClaimsFile;
}

export async function findClaims(path: string, suite: Suite): Promise<FoundClaims> {
  if (!existsSync(path)) throw usage(`--claims-file: there is no file ${path}; 'conform ${suite.name} --init' writes one`);
  requireReadable('--claims-file', path);
  // Only who reads a claims file pays for the start of zod.
  const { CLAIMS_LIMIT, readClaims } = await import('../conformance/adapt/claims-schema.ts');
  if (statSync(path).size > 4 * CLAIMS_LIMIT) throw usage(`--claims-file ${path}: it is longer than ${CLAIMS_LIMIT} characters`);
  const file = readClaims(readFileSync(path, 'utf8'), suite);
  if (typeof file === 'string') throw usage(`--claims-file ${path}: ${file}`);
  return { path, folder: dirname(resolve(path)), file };
}

export function testedRoles(
  suite: Suite,
  roles: readonly string[],
  words: readonly string[],
  flags: AdapterFlags,
  claims: FoundClaims | undefined,
): readonly TestedRole[] {
  const way = wayOf(words, flags);
  return roles.map(role => new RoleMaker(suite, role, flags, claims).make(way));
}

/** What in its command line may be mistyped. */
export const doubtsOf = ({ role, command }: TestedRole, { roles }: Suite): readonly string[] =>
  passedOn(command).flatMap(braced => {
    const wiring = roles[role];
    const near = wiring === undefined ? [] : nearest(braced, placeholdersOf(wiring));
    return near.length === 0
      ? []
      : [`${printable(braced)} is no placeholder, and is passed on as it is; did you mean ${near.join(' or ')}?`];
  });

/** What the command line says; undefined when that is nothing. */
type Way =
  | { readonly kind: 'exec' | 'shim'; readonly words: readonly string[] }
  | { readonly kind: 'attach'; readonly addresses: readonly Address[] };

function wayOf(words: readonly string[], { exec, shim, attach }: AdapterFlags): Way | undefined {
  const ways = [exec !== undefined, shim !== undefined, attach !== undefined, words.length > 0].filter(Boolean).length;
  if (ways > 1) throw usage('--exec, --shim, --attach and a command after -- exclude each other');
  if (attach !== undefined) return { kind: 'attach', addresses: attach.map(text => addressOf(text)) };
  if (ways === 0) return undefined;
  const kind = shim === undefined ? 'exec' : 'shim';
  const parsed = words.length > 0 ? words : parseArgv(shim ?? exec ?? '');
  if (parsed.length === 0) throw usage(`--${kind} names no program`);
  return { kind, words: parsed };
}

function addressOf(text: string): Address {
  const address = parseAddress(text);
  if (typeof address === 'string') throw usage(`--attach ${address}`);
  return address;
}

class RoleMaker {
  readonly #suite: Suite;
  readonly #role: string;
  readonly #wiring: Wiring;
  readonly #flags: AdapterFlags;
  readonly #found: FoundClaims | undefined;

  constructor(suite: Suite, role: string, flags: AdapterFlags, found: FoundClaims | undefined) {
    const wiring = suite.roles[role];
    if (wiring === undefined)
      throw usage(`the suite ${suite.name} has no role '${role}'; it has ${Object.keys(suite.roles).join(', ')}, and all`);
    this.#suite = suite;
    this.#role = role;
    this.#wiring = wiring;
    this.#flags = flags;
    this.#found = found;
  }

  make(way: Way | undefined): TestedRole {
    const { at, reader, forks, pidFile } = this.#flags;
    if (way !== undefined && way.kind !== 'exec' && (at ?? reader ?? forks ?? pidFile) !== undefined)
      throw usage(
        '--at, --reader, --forks and --pid-file are about a program that is started for each case: --exec, or a command after --',
      );
    if (way === undefined && (forks ?? pidFile) !== undefined && this.#found !== undefined)
      throw usage('--forks and --pid-file: the claims file says how it is started (start.forks, start.pidFile)');
    if (way?.kind === 'attach') return this.#attached(way.addresses, {});
    if (way !== undefined) {
      const { env = [], cwd } = this.#flags;
      if (cwd !== undefined && !cwd.includes('{')) requireDirectory('--cwd', cwd);
      const command = this.#runnable({ words: way.words, environment: variables(env), directory: cwd });
      return way.kind === 'shim' ? this.#shim(command) : this.#exec(command, this.#readyFlag(), this.#forksFlag());
    }
    if (this.#found === undefined) return this.#own();
    const said = this.#found.file.roles[this.#role];
    if (said === undefined) throw usage(`--claims-file ${this.#found.path}: it says nothing of the role ${this.#role}`);
    return this.#claimed(said);
  }

  #own(): TestedRole {
    const own = this.#suite.own[this.#role];
    if (own === undefined) throw usage(`there is no implementation of ours for the role ${this.#role}; name one with --exec`);
    const { env, cwd, ready, forks, pidFile, faketime, at, reader } = this.#flags;
    if ([env, cwd, ready, forks, pidFile, faketime, at, reader].some(each => each !== undefined))
      throw usage(
        '--env, --cwd, --ready, --forks, --pid-file, --faketime, --at and --reader are about an implementation that --exec or a claims file names',
      );
    const { program, args, readers = {} } = own;
    return this.#tested({ program, args, readers }, { kind: 'program' }, [program, ...args], own.claims);
  }

  #claimed(said: ClaimedRole): TestedRole {
    if (said.shim !== undefined) return this.#shim(this.#runnable(this.#command(said.shim)), said.shim.within);
    if (said.addresses !== undefined) {
      const addresses = said.addresses.map(text => parseAddress(text)).filter(each => typeof each !== 'string');
      return this.#attached(addresses, said);
    }
    const { start } = said;
    if (start === undefined) throw new Error(`claims of the role ${this.#role}: the schema requires start, addresses or shim`);
    const ready = start.ready === undefined ? undefined : readyOf(start.ready);
    return this.#exec(this.#runnable(this.#command(start)), ready, forksOf(start, ready), said);
  }

  #exec(command: Command, ready: Ready | undefined, forks: Forks | undefined, said: Pick<ClaimedRole, 'at' | 'readers'> = {}): TestedRole {
    if (ready !== undefined && 'port' in ready && this.#wiring.environment?.accepts.length !== 0)
      throw usage(`--ready port: the role ${this.#role} does not listen on the port of the case`);
    const at = this.#at(this.#flags.at ?? said.at);
    const implementation = { ...implementationOf(command, ready, forks), ...at, readers: this.#readers(said) };
    return this.#tested(implementation, { kind: 'exec' }, command.words);
  }

  /** Where it will be. */
  #at(text: string | undefined): Pick<Implementation, 'at'> {
    if (text === undefined) return {};
    const at = parseAt(text, this.#wiring, this.#role);
    if (typeof at === 'string') throw usage(`--at: ${at}`);
    return { at };
  }

  /** Those of the command line go before those of the claims file. */
  #readers({ readers = {} }: Pick<ClaimedRole, 'readers'>): Readonly<Record<string, Reader>> {
    const known = new Set(this.#suite.cases.flatMap(each => each.steps.flatMap(step => (step.verb === 'ask' ? [step.reader] : []))));
    const named = (this.#flags.reader ?? []).map(text => {
      const [, name = '', command = ''] = /^([a-z-]+)=(.*)$/s.exec(text) ?? [];
      return [name, parseArgv(command)] as const;
    });
    const words = { ...readers, ...Object.fromEntries(named) };
    return Object.fromEntries(
      Object.entries(words).map(([name, [program = '', ...args]]) => {
        if (!known.has(name))
          throw usage(`--reader is NAME=COMMAND, and the suite ${this.#suite.name} asks ${[...known].join(', ') || 'none'}`);
        this.#runnable({ words: [program, ...args], environment: {}, directory: undefined });
        return [name, { program, args }];
      }),
    );
  }

  #shim(command: Command, within?: number): TestedRole {
    return this.#tested(bridged(command, this.#wiring, within), { kind: 'shim', command }, command.words);
  }

  #attached(addresses: readonly Address[], { start, stop, reset }: ClaimedRole): TestedRole {
    const fault = addressFault(addresses, this.#wiring, this.#role);
    if (fault !== undefined) throw usage(fault);
    if (start === undefined && this.#flags.faketime !== undefined)
      throw usage('--faketime: what is attached to runs already, with the clock it has');
    const ready = start?.ready === undefined ? undefined : readyOf(start.ready);
    const adapter: Adapter = {
      kind: 'attach',
      ...KEPT,
      ...(start === undefined ? {} : { start: this.#runnable(this.#command(start)), ...keptForks(start, this.#found?.folder) }),
      ...(ready === undefined ? {} : { ready: signIn(ready, this.#found?.folder), readyMillis: ready.within / 1_000 }),
      ...(reset === undefined ? {} : { reset: this.#runnable(this.#command(reset)), ...millisOf('resetMillis', reset.within) }),
      ...(stop?.command === undefined ? {} : { stop: this.#runnable(this.#command({ command: stop.command })) }),
      ...(stop?.signal === undefined ? {} : { stopSignal: stop.signal }),
      ...millisOf('stopMillis', stop?.within),
    };
    return this.#tested({ addresses }, adapter, start?.command ?? addresses.map(addressText));
  }

  #tested(implementation: Peer, adapter: Adapter, command: readonly string[], own?: readonly string[]): TestedRole {
    return { role: this.#role, implementation: { ...implementation, ...this.#settings() }, adapter, command, claims: this.#claims(own) };
  }

  /** Those of the command line go before those of the claims file. */
  #settings(): Pick<Peer, 'settings'> {
    const known = Object.keys(this.#wiring.settings ?? {});
    const set = (this.#flags.set ?? []).map(text => {
      const [, name = '', value = ''] = /^([a-z-]+)=(.*)$/s.exec(text) ?? [];
      if (!known.includes(name))
        throw usage(`--set is NAME=VALUE, and the role ${this.#role} of ${this.#suite.name} has ${known.join(', ') || 'no settings'}`);
      return [name, value] as const;
    });
    const settings = { ...this.#found?.file.settings, ...Object.fromEntries(set) };
    return Object.keys(settings).length === 0 ? {} : { settings };
  }

  /** What ours claims is known, and what a claims file says; anyone else's claims everything unless told otherwise. */
  #claims(own: readonly string[] | undefined): readonly string[] {
    const { claim, claims } = this.#flags;
    const known = Object.keys(this.#suite.claims);
    if (claims === false) return [];
    if (claim === undefined) return own ?? (this.#found === undefined ? known : claimed(this.#found.file.features));
    for (const each of claim)
      if (!known.includes(each)) throw usage(`the suite ${this.#suite.name} has no claim '${each}'; it has ${known.join(', ')}`);
    return claim;
  }

  // ── commands ──────────────────────────────────────────────────────────────────────────────────────────────────────

  #command({ command, environment = {}, directory }: ClaimedCommand | ClaimedStart): Command {
    const folder = this.#found?.folder ?? '.';
    return { words: command, environment, directory: directory === undefined ? undefined : resolve(folder, directory) };
  }

  /** Of which it is known, as far as possible, that it can be run; with the clock that was asked for. */
  #runnable(command: Command): Command {
    const words = [...command.words, ...Object.values(command.environment), command.directory ?? '', this.#flags.pidFile ?? ''];
    const fault = templateFault(words, this.#wiring, this.#role);
    if (fault !== undefined) throw usage(fault);
    const missing = commandFault(command);
    if (missing !== undefined) throw new Stop(EXIT.unreachable, `the implementation cannot be started: ${missing}`);
    const { faketime } = this.#flags;
    if (faketime === undefined) return command;
    const library = findFaketime();
    if (library === undefined) throw usage(`--faketime needs libfaketime: the package '${FAKETIME_PACKAGE}' of Debian has it`);
    return faked(command, library, parseFactor('--faketime', faketime));
  }

  #readyFlag(): Ready | undefined {
    const { ready, readyWithin, forks } = this.#flags;
    if (ready === undefined && forks === undefined && readyWithin !== undefined)
      throw usage('--ready-within says how long --ready is waited for, and --forks');
    if (ready === undefined) return undefined;
    const within = { within: this.#readyWithin() };
    const [kind = '', ...rest] = ready.split(':');
    const text = rest.join(':');
    if (ready === 'port') return { port: true, ...within };
    if (text !== '' && kind === 'line') return { line: text, ...within };
    if (text !== '' && kind === 'file') return { file: text, ...within };
    throw usage(`--ready is port, line:TEXT or file:PATH, not '${ready}'`);
  }

  #readyWithin(): Duration {
    const { readyWithin } = this.#flags;
    return seconds(readyWithin === undefined ? READY_SECONDS : parseFactor('--ready-within', readyWithin));
  }

  #forksFlag(): Forks | undefined {
    const { forks, pidFile } = this.#flags;
    if (pidFile === '') throw usage('--pid-file names a file');
    if (forks !== true && pidFile !== undefined) throw usage('--pid-file is about a program that forks: --forks');
    return forks === true ? { ...(pidFile === undefined ? {} : { pidFile }), within: this.#readyWithin() } : undefined;
  }
}

const READY_SECONDS = 10;

function readyOf({ port, line, file, within = READY_SECONDS }: ClaimedReady): Ready {
  const time = { within: seconds(within) };
  if (port === true) return { port, ...time };
  return line === undefined ? { file: file ?? '', ...time } : { line, ...time };
}

/** It has as long as it has to become ready. */
function forksOf({ forks, pidFile }: ClaimedStart, ready: Ready | undefined): Forks | undefined {
  const within = ready?.within ?? seconds(READY_SECONDS);
  return forks === undefined ? undefined : { ...(pidFile === undefined ? {} : { pidFile }), within };
}

/** The file of what is kept is not in the directory of any case. */
const signIn = (sign: Sign, folder = '.'): Sign => ('file' in sign ? { file: resolve(folder, sign.file) } : sign);

const keptForks = ({ forks, pidFile }: ClaimedStart, folder = '.'): Pick<AttachOptions, 'forks'> =>
  forks === undefined ? {} : { forks: pidFile === undefined ? {} : { pidFile: resolve(folder, pidFile) } };

const millisOf = (name: string, within: number | undefined): object => (within === undefined ? {} : { [name]: within * 1_000 });

function variables(assignments: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    assignments.map(each => {
      const at = each.indexOf('=');
      if (!/^[A-Za-z_][A-Za-z0-9_]*=/.test(each)) throw usage(`--env is NAME=VALUE, not '${each}'`);
      return [each.slice(0, at), each.slice(at + 1)];
    }),
  );
}

/** A positive number. */
export function parseFactor(option: string, text: string): number {
  const factor = /^\d{1,4}(\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (factor <= 0) throw usage(`${option} must be a number from 0.001 to 9999, not '${text}'`);
  return factor;
}
