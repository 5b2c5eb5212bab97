/**
 * What every living process holds, kept from the events that add to it and take from it, and the least that it held of each in a
 * stretch of time: what comes and goes leaves no trace there, and what stays does. What is given up and taken again at one instant stays.
 * Lacks: descriptors that a child inherits and never attaches, which no event tells of; verdicts (no-leak.ts).
 */
import type { EventKind, TraceEvent } from '../../trace/event.ts';
import { HOLDINGS, type Holding, machineOf, pidOf, programOf } from './housekeeping.ts';

/** What it has to see. */
export const LEDGER_KINDS: readonly EventKind[] = [
  'timer',
  'fire',
  'cancel',
  'open',
  'close',
  'reset',
  'pause',
  'resume',
  'eof',
  'end',
  'pipe',
  'attach',
  'release',
  'listen',
  'unlink',
  'bind',
  'unbind',
  'spawn',
  'wait',
  'exec',
  'exit',
  'power',
];

// HOLDINGS is Record<Holding, …>, so its keys are exactly the holdings.
export const HOLDING_NAMES: readonly Holding[] = Object.keys(HOLDINGS) as Holding[];
const none = (): Record<Holding, number> => ({
  timers: 0,
  opened: 0,
  pipes: 0,
  listeners: 0,
  sockets: 0,
  paused: 0,
  halfClosed: 0,
  unreaped: 0,
});

export class Account {
  readonly process: string;
  readonly program: string;
  readonly held: Record<Holding, number> = none();
  /** The least of each since `renew`, or since it was started. */
  least: Record<Holding, number> = none();
  readonly #taken: Holding[] = [];
  /** When it was changed last. */
  changed = -1;
  /** Pid -> whether it has ended. */
  readonly children: Map<number, boolean> = new Map();
  /** Numbers of its own ends of pipes that are not attached. */
  readonly descriptors: Set<number> = new Set();
  /** By their outgoing direction. */
  readonly paused: Set<string> = new Set();
  readonly halfClosed: Set<string> = new Set();
  /** Its parent has ended before it. */
  orphaned = false;
  /** Paths of Unix-domain sockets that it listens on, or did. */
  readonly paths: Set<string> = new Set();

  constructor(process: string) {
    this.process = process;
    this.program = programOf(process);
  }

  add(what: Holding, count = 1): void {
    this.held[what] += count;
  }

  take(what: Holding): void {
    this.held[what]--;
    this.#taken.push(what);
  }

  /** An instant is over: what was taken in it and is not there again is less. */
  settle(): void {
    for (const what of this.#taken) if (this.held[what] < this.least[what]) this.least[what] = this.held[what];
    this.#taken.length = 0;
  }

  /** Returns the least of each until now, and begins anew. */
  renew(): Readonly<Record<Holding, number>> {
    this.settle();
    const { least } = this;
    this.least = { ...this.held };
    return least;
  }
}

export class Ledger {
  readonly accounts: Map<string, Account> = new Map();
  #last: Account | undefined;

  /** Returns the account of a process that ended by itself: its last words. */
  take(event: TraceEvent): Account | undefined {
    if (event.process === '') {
      if (event.kind === 'power' && event.data?.['state'] === 'off') this.#cut(String(event.data['machine']));
      return undefined;
    }
    const account = this.#accountOf(event.process);
    if (event.time !== account.changed) account.settle();
    account.changed = event.time;
    if (event.data?.['error'] !== undefined && event.kind !== 'close') return undefined;
    return event.kind === 'exit' ? this.#exit(account, event) : this.#change(account, event);
  }

  #accountOf(process: string): Account {
    if (this.#last?.process === process) return this.#last;
    let account = this.accounts.get(process);
    if (account === undefined) {
      account = new Account(process);
      this.accounts.set(process, account);
    }
    this.#last = account;
    return account;
  }

  #change(account: Account, { kind, channel, data }: TraceEvent): undefined {
    switch (kind) {
      case 'timer':
        account.add('timers');
        break;
      case 'fire':
      case 'cancel':
        account.take('timers');
        break;
      case 'open':
        account.add('opened');
        break;
      case 'close':
      case 'reset':
        if (channel === '') account.take('listeners');
        else closed(account, channel);
        break;
      case 'pause':
        account.paused.add(channel);
        account.add('paused');
        break;
      case 'resume':
        if (account.paused.delete(channel)) account.take('paused');
        break;
      case 'eof':
        // A pipe whose writers are gone is closed by that.
        if (/[<>]$/.test(channel) && !account.halfClosed.has(otherWay(channel))) {
          account.halfClosed.add(otherWay(channel));
          account.add('halfClosed');
        }
        break;
      case 'end':
        if (account.halfClosed.delete(channel)) account.take('halfClosed');
        break;
      case 'pipe':
        for (const end of ['read', 'write']) account.descriptors.add(Number(data?.[end]));
        account.add('pipes', 2);
        break;
      case 'attach':
        if (!account.descriptors.delete(Number(data?.['fd']))) account.add('pipes');
        break;
      case 'release':
        if (account.descriptors.delete(Number(data?.['fd']))) account.take('pipes');
        break;
      case 'listen': {
        account.add('listeners');
        const at = String(data?.['at']);
        if (at.startsWith(UNIX)) account.paths.add(at.slice(UNIX.length));
        break;
      }
      case 'unlink':
        this.#unlinked(machineOf(account.process), String(data?.['path']));
        break;
      case 'bind':
        account.add('sockets');
        break;
      case 'unbind':
        account.take('sockets');
        break;
      case 'spawn':
        account.children.set(Number(data?.['child']), false);
        break;
      case 'wait':
        if (account.children.get(Number(data?.['child'])) === true) account.take('unreaped');
        account.children.delete(Number(data?.['child']));
        break;
      case 'exec':
        this.#exec(account, String(data?.['program']));
        break;
    }
    return undefined;
  }

  #exit(account: Account, { data }: TraceEvent): Account | undefined {
    this.#remove(account);
    const pid = pidOf(account.process);
    const machine = `${machineOf(account.process)}/`;
    for (const other of this.accounts.values())
      if (account.children.get(pidOf(other.process)) === false && other.process.startsWith(machine)) other.orphaned = true;
    for (const parent of this.accounts.values()) {
      if (parent.children.get(pid) !== false || !parent.process.startsWith(machine)) continue;
      parent.children.set(pid, true);
      parent.add('unreaped');
    }
    return data?.['code'] === undefined ? undefined : account;
  }

  /** Another program in the same process: it has the children, and the descriptors that were not attached. */
  #exec(account: Account, program: string): void {
    this.#remove(account);
    const next = this.#accountOf(`${machineOf(account.process)}/${program}.${pidOf(account.process)}`);
    for (const [pid, ended] of account.children) next.children.set(pid, ended);
    for (const descriptor of account.descriptors) next.descriptors.add(descriptor);
    next.add('unreaped', account.held.unreaped);
    next.add('pipes', account.descriptors.size);
  }

  #unlinked(machine: string, path: string): void {
    for (const account of this.accounts.values())
      if (account.paths.has(path) && machineOf(account.process) === machine) account.paths.delete(path);
  }

  #cut(machine: string): void {
    for (const account of this.accounts.values()) if (machineOf(account.process) === machine) this.#remove(account);
  }

  #remove(account: Account): void {
    this.accounts.delete(account.process);
    this.#last = undefined;
  }
}

function closed(account: Account, channel: string): void {
  if (!channel.endsWith('<')) account.take(channel.endsWith('>') ? 'opened' : 'pipes');
  if (account.paused.delete(channel)) account.take('paused');
  if (account.halfClosed.delete(channel)) account.take('halfClosed');
}

const UNIX = 'unix:';

/** A connection is named by its two ways, `tcp4>` from whoever opened it and `tcp4<` back. */
const otherWay = (channel: string): string => channel.slice(0, -1) + (channel.endsWith('>') ? '<' : '>');
