/**
 * An implementation that forks: its first process ends with 0 and another one goes on, with another parent and in another session.
 * Finds that one, the main process, by its pid file or as the oldest of what is left, and sees it end.
 * How that is known, by what there is:
 *
 *                               | Node alone                       | with a reaper (python3 on Linux)
 *   which processes it has      | by session, mark, pipe, descent  | the same; descent holds, also of those whose parent has ended
 *   that the main one has ended | it is looked for every 50 ms     | at once
 *   how it has ended            | not at all: unknown              | as waitpid(2) has it, where the reaper is its parent
 *   zombies                     | counted as ended                 | reaped
 *
 * In the simulator it is as with Node alone. What is unknown never refutes anything: expectations.ts.
 * Lacks: a main process that changes more than once; without a pid file, one that is not there soon after the first has ended.
 */
import { textOf } from '../../src/host/bytes.ts';
import type { Descriptor, Pid } from '../../src/host/host.ts';
import { HOST_ERROR_CODES, type HostErrorCode, type Result } from '../../src/host/result.ts';
import { SIGNALS } from '../../src/host/signal.ts';
import { after, type Duration, formatTime, type Instant, ORIGIN, seconds } from '../../src/host/time.ts';
import type { Ended } from '../judge/observations.ts';
import type { Forks } from '../peer.ts';
import type { Children } from './children.ts';
import { AGAIN, orThrow, type TesterContext } from './context.ts';
import type { CaseFiles } from './files.ts';

/** What an arm knows of the processes that the tester's children have started, wherever these went. */
export interface Kin {
  /** All that run, the oldest first. */
  members(): readonly { readonly pid: Pid; readonly parent: Pid }[];
  /** Of one of them. */
  runs(pid: Pid): boolean;
}

export interface Means {
  readonly kin: Kin;
  /** What goes before the command, so that ends are told: src/node/reaper.ts says how. */
  readonly reaper: { readonly program: string; readonly args: readonly string[] } | undefined;
}

/** Who is told of it. */
export interface Followed {
  first(pid: Pid): void;
  notStarted(code: HostErrorCode): void;
  main(pid: Pid, by: 'pid file' | 'family'): void;
  /** The first process, where that was not as it should be, or the main one. */
  gone(pid: Pid, status: Ended): void;
  /** There is no main process, or none that can be found. */
  lost(why: string, firstRuns: boolean): void;
}

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly descriptors: Readonly<Record<number, Descriptor>>;
  readonly environment: Readonly<Record<string, string>>;
}

/** So many looks in a row have to show the same: processes between the first and the main one live for moments. */
const SETTLED_LOOKS = 5;
/** What was taken for the main process, and ends well so soon, was one of those. */
const HANDOVER: Duration = seconds(2);
/** Of ends that the reaper told; a bomb of forks has more. */
const STATUS_LIMIT = 1_000;
const LINE_LIMIT = 200;

type State = 'starting' | 'searching' | 'following' | 'over';

export class Follower {
  readonly #context: TesterContext;
  readonly #children: Children;
  readonly #files: CaseFiles;
  readonly #means: Means;
  readonly #forks: Forks;
  readonly #tell: Followed;
  readonly #statuses: Map<Pid, Ended> = new Map();
  #state: State = 'starting';
  /** Of the family, but not of this start. */
  #strangers: ReadonlySet<Pid> = new Set();
  #first: Pid = 0;
  #reaper: Pid | undefined;
  /** The reaper is there and tells what it sees. */
  #telling = false;
  #line = '';
  #main: Pid = 0;
  #foundAt: Instant = ORIGIN;
  /** What it may do by itself, it has been told to do. */
  #signalled = false;
  #handedOver = false;
  /** The last look, and how many have shown the same. */
  #seen = '';
  #looks = 0;
  #missing = '';

  constructor(context: TesterContext, children: Children, files: CaseFiles, means: Means, forks: Forks, tell: Followed) {
    this.#context = context;
    this.#children = children;
    this.#files = files;
    this.#means = means;
    this.#forks = forks;
    this.#tell = tell;
  }

  begin(command: Command): Result<Pid> {
    this.#strangers = new Set(this.#means.kin.members().map(each => each.pid));
    const { reaper } = this.#means;
    const spawned = reaper === undefined ? this.#spawn(command) : this.#spawnReaper(reaper, command);
    if (!spawned.ok) this.#state = 'over';
    return spawned;
  }

  /** The tester signals the process it was told of last. */
  signalled(): void {
    this.#signalled = true;
  }

  #spawn({ program, args, ...options }: Command): Result<Pid> {
    const spawned = this.#children.spawn(program, args, options, status => this.#firstEnded(status));
    if (spawned.ok) this.#begun(spawned.value);
    return spawned;
  }

  #begun(first: Pid): void {
    this.#first = first;
    this.#context.host.clock.setTimer(this.#context.patient(this.#forks.within), () => this.#giveUp());
    this.#tell.first(first);
  }

  // ── the reaper ────────────────────────────────────────────────────────────────────────────────────────────────────

  #spawnReaper(reaper: Pick<Command, 'program' | 'args'>, { program, args, descriptors, environment }: Command): Result<Pid> {
    const { descriptors: ours } = this.#context.host;
    const { read, write } = orThrow(ours.pipe(), 'pipe');
    const theirs = Math.max(2, ...Object.keys(descriptors).map(Number)) + 1;
    const over = (): void => this.#reaperSilent();
    const attached = ours.attach(read, 'read', { data: bytes => this.#heard(bytes), end: over, close: over });
    orThrow(attached, 'the pipe of the reaper');
    this.#telling = true;
    const words = [...reaper.args, String(theirs), program, ...args];
    const spawned = this.#children.spawn(
      reaper.program,
      words,
      { descriptors: { ...descriptors, [theirs]: write }, environment },
      () => {},
    );
    ours.close(write);
    if (spawned.ok) this.#reaper = spawned.value;
    return spawned;
  }

  #heard(bytes: Uint8Array): void {
    const lines = (this.#line + textOf(bytes)).split('\n');
    this.#line = (lines.at(-1) ?? '').slice(-LINE_LIMIT);
    for (const line of lines.slice(0, -1)) this.#reported(line.split(' '));
  }

  #reported([what = '', subject = '', how = '', value = '', number = '']: readonly string[]): void {
    if (what === 'first') this.#begun(Number(subject));
    else if (what === 'failed') {
      this.#state = 'over';
      this.#tell.notStarted(HOST_ERROR_CODES.find(code => code === subject) ?? 'EIO');
    } else if (what === 'ended') this.#ended(Number(subject), statusOf(how, value, number));
  }

  #ended(pid: Pid, status: Ended): void {
    this.#statuses.delete(pid);
    this.#statuses.set(pid, status);
    const [oldest] = this.#statuses.keys();
    if (this.#statuses.size > STATUS_LIMIT && oldest !== undefined) this.#statuses.delete(oldest);
    if (pid === this.#first) this.#firstEnded(status);
    if (pid === this.#main) this.#mainEnded(status);
  }

  /** All that it was the parent of has ended, or somebody has killed it. */
  #reaperSilent(): void {
    this.#telling = false;
    if (this.#first === 0 && this.#state !== 'over')
      throw new Error('the reaper, a python3, has ended before it started the implementation');
    if (this.#state === 'starting') this.#watchFirst();
  }

  /** It is not our child, and its parent is gone. */
  #watchFirst(): void {
    if (this.#context.over() || this.#state !== 'starting') return;
    if (this.#means.kin.runs(this.#first)) this.#later(() => this.#watchFirst());
    else this.#firstEnded({ unknown: true });
  }

  // ── the main process is looked for ────────────────────────────────────────────────────────────────────────────────

  #firstEnded(status: Ended): void {
    const well = 'unknown' in status || ('code' in status && status.code === 0);
    if (this.#state === 'starting' && well) {
      this.#state = 'searching';
      this.#look();
    } else if (this.#state !== 'searching' && this.#state !== 'following') {
      this.#state = 'over';
      this.#tell.gone(this.#first, status);
    }
  }

  #look(): void {
    if (this.#state !== 'searching' || this.#context.over()) return;
    const roots = this.#roots();
    const shown = roots.join(' ');
    this.#looks = shown === this.#seen ? this.#looks + 1 : 1;
    this.#seen = shown;
    const settled = this.#looks >= SETTLED_LOOKS;
    const named = this.#forks.pidFile === undefined ? undefined : this.#named(this.#forks.pidFile);
    const main = this.#forks.pidFile === undefined && settled ? roots[0] : named;
    if (main !== undefined) this.#found(main);
    else if (settled && roots.length === 0) this.#lose(`its first process ended well and left no other that runs${this.#lastEnd()}`);
    else this.#later(() => this.#look());
  }

  /** The pid that the file names, if that is one of the implementation's. Anybody may have written anything there. */
  #named(path: string): Pid | undefined {
    const text = this.#files.read(path);
    const pid = Number(/^\s*(\d{1,9})\s*$/.exec(text ?? '')?.[1] ?? 0);
    if (text === undefined) this.#missing = `there was no pid file ${path}`;
    else if (pid === 0) this.#missing = `no number was in the pid file ${path}`;
    else if (this.#own().some(each => each.pid === pid)) return pid;
    else this.#missing = `the pid file ${path} named ${pid}, which is no process of the implementation`;
    return undefined;
  }

  /** Processes of this start; what the tester has started beside it, and what that has, is none. */
  #own(): ReturnType<Kin['members']> {
    const members = this.#means.kin.members();
    const others = new Set(members.map(each => each.pid).filter(pid => this.#strangers.has(pid) || this.#isOther(pid)));
    for (let before = -1; before < others.size; ) {
      before = others.size;
      for (const { pid, parent } of members) if (others.has(parent)) others.add(pid);
    }
    return members.filter(({ pid }) => !others.has(pid) && pid !== this.#first && pid !== this.#reaper);
  }

  #isOther = (pid: Pid): boolean => this.#children.has(pid) && pid !== this.#first && pid !== this.#reaper;

  /** Those whose parent is none of them. */
  #roots(): readonly Pid[] {
    const own = this.#own();
    const pids = new Set(own.map(each => each.pid));
    return own.filter(({ parent }) => !pids.has(parent)).map(each => each.pid);
  }

  /** Where the reaper has told of one. */
  #lastEnd(): string {
    const last = [...this.#statuses].findLast(([pid]) => pid !== this.#first)?.[1];
    if (last === undefined || 'unknown' in last) return '';
    return `; the last to end ${'code' in last ? `exited ${last.code}` : `was killed by ${last.signal}`}`;
  }

  #giveUp(): void {
    if (this.#context.over()) return;
    const time = formatTime(this.#forks.within);
    if (this.#state === 'starting')
      this.#lose(`its first process had not ended within ${time}, as that of a program that forks does`, true);
    else if (this.#state === 'searching') this.#lose(`${this.#missing || 'its main process did not settle'} within ${time}`);
  }

  #lose(why: string, firstRuns = false): void {
    this.#state = 'over';
    this.#tell.lost(why, firstRuns);
  }

  // ── and followed ──────────────────────────────────────────────────────────────────────────────────────────────────

  #found(pid: Pid): void {
    this.#state = 'following';
    this.#main = pid;
    this.#foundAt = this.#context.host.clock.monotonic();
    this.#tell.main(pid, this.#forks.pidFile === undefined ? 'family' : 'pid file');
    const known = this.#statuses.get(pid);
    if (known === undefined) this.#watch();
    else this.#mainEnded(known);
  }

  /** Where it is the reaper's child, the reaper tells more, and soon. */
  #watch(missed = 0): void {
    if (this.#state !== 'following' || this.#context.over()) return;
    const runs = this.#means.kin.runs(this.#main);
    if (!runs && (!this.#telling || missed >= SETTLED_LOOKS)) this.#mainEnded({ unknown: true });
    else this.#later(() => this.#watch(runs ? 0 : missed + 1));
  }

  #mainEnded(status: Ended): void {
    if (this.#state !== 'following') return;
    const heir = this.#heir(status);
    if (heir !== undefined) {
      this.#handedOver = true;
      this.#found(heir);
      return;
    }
    this.#state = 'over';
    // The end of an heir may not be that of the implementation: nobody has named it.
    this.#tell.gone(this.#main, this.#handedOver ? { unknown: true } : status);
  }

  /** What was taken for the main process was on its way to start that. */
  #heir(status: Ended): Pid | undefined {
    const { clock } = this.#context.host;
    const soon = clock.monotonic() <= after(this.#foundAt, HANDOVER);
    const well = 'unknown' in status || ('code' in status && status.code === 0);
    return this.#forks.pidFile === undefined && soon && well && !this.#signalled ? this.#roots()[0] : undefined;
  }

  #later(act: () => void): void {
    this.#context.host.clock.setTimer(AGAIN, act);
  }
}

/** As Host tells of a signal that the contract does not know. */
function statusOf(how: string, value: string, number: string): Ended {
  if (how === 'code') return { code: Number(value) };
  const signal = SIGNALS.find(each => each === value);
  return signal === undefined ? { code: 128 + Number(number) } : { signal };
}
