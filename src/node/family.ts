/**
 * Everything that the children of a guest have started, wherever it went: what is in their process groups and sessions, what
 * descends from them, what bears their mark, a variable of the environment that a process hands on to those it starts, and
 * what holds a pipe of the guest, whose name has the mark in it.
 * Lacks: what has left its session, lost its parent, closed its pipes and was executed with another environment: nothing leads
 * to it, for Node can neither become a subreaper nor make a cgroup (reaper.ts is a child that can). Where there is no /proc, only
 * the groups are known.
 * A process of another user (setuid) is found and cannot be killed.
 */
import fs from 'node:fs';
import type { Pid } from '../host/host.ts';
import { attempt, namesIn, textAt } from './proc.ts';
import { newMark, watch } from './watchdog.ts';

/** The variable. Its value is a list: a guest within the child of a guest belongs to both. */
const MARK = 'SLIPWAY_GUEST';

export class Family {
  readonly mark: string = newMark();
  readonly #groups = new Set<Pid>();
  /** Who was found before, and when it was started, for a pid is used again. */
  readonly #known = new Map<Pid, number>();
  /** When the first child was started, as the kernel counts: who is older is none of the family. */
  #since: number | undefined;

  /** What a child that is to be started needs in its environment. */
  variables(): Readonly<Record<string, string>> {
    families.add(this);
    watch(this.mark, this.#groups);
    return { [MARK]: (process.env[MARK] ?? '') + this.mark };
  }

  /** A child that leads a session, and so a group, of its own. */
  add(child: Pid): void {
    this.#since ??= entryOf(child).started;
    this.#groups.add(child);
    watch(this.mark, this.#groups);
  }

  /** The child has ended; others of its group may live. */
  ended(child: Pid): void {
    if (exists(-child)) return;
    this.#groups.delete(child);
    watch(this.mark, this.#groups);
  }

  /** To be called before a child is killed: what descends from it has no parent afterwards. */
  remember(): void {
    this.#find(() => {});
  }

  /** All that run, the oldest first. Without /proc: nobody is known, but groups. */
  members(): readonly Relative[] {
    return this.#find(() => {})
      .map(pid => entryOf(pid))
      .filter(entry => entry.running)
      .sort((left, right) => left.started - right.started || left.pid - right.pid);
  }

  /** One of the family: what bears its number now may be somebody else. */
  runs(pid: Pid): boolean {
    const { running, started } = entryOf(pid);
    return running && (this.#known.get(pid) ?? started) === started;
  }

  /** SIGKILL to all that run, and who they were. Until nobody was found, somebody may have been started meanwhile. */
  kill(): readonly Pid[] {
    // All of a group at once: nobody in it can outrun this by forking.
    for (const group of this.#groups) kill(-group);
    return this.#find(kill);
  }

  /** To be called when nobody is left. */
  release(): void {
    this.#groups.clear();
    this.#known.clear();
    watch(this.mark, this.#groups);
    families.delete(this);
  }

  /** Tells of each as soon as it is seen: after the scan it may have forked and ended. */
  #find(tell: (pid: Pid) => void): readonly Pid[] {
    if (this.#since === undefined) return [];
    if (processes() === undefined) return [...this.#groups].filter(group => exists(-group));
    const entries: Entry[] = [];
    const found = new Set<Pid>();
    const seen = new Set<Pid>();
    // Until nobody is new: a process that starts another and ends would be missed by each listing.
    for (let listing = 0; listing < LISTINGS; listing++) {
      const fresh = processes()?.filter(pid => !seen.has(pid)) ?? [];
      if (fresh.length === 0) break;
      for (const pid of fresh) {
        seen.add(pid);
        const entry = entryOf(pid);
        if (!entry.running || entry.started < this.#since) continue;
        entries.push(entry);
        if (!this.#has(entry)) continue;
        found.add(pid);
        tell(pid);
      }
    }
    for (const pid of descendants(found, entries)) tell(pid);
    for (const { pid, started } of entries) if (found.has(pid)) this.#known.set(pid, started);
    return [...found];
  }

  #has({ pid, group, session, started }: Entry): boolean {
    if (pid === process.pid) return false;
    if (this.#groups.has(group) || this.#groups.has(session) || this.#known.get(pid) === started) return true;
    return environment(pid).includes(this.mark) || holds(pid, this.mark);
  }
}

/** Groups of their own are not reached by a Ctrl-C at this program's terminal: should the program exit, they end with it. */
const families = new Set<Family>();
process.on('exit', () => {
  for (const family of families) family.kill();
});

/** In one search; the next begins after a pause. */
const LISTINGS = 50;

/** A process of the family, and whose child it is. */
export interface Relative {
  readonly pid: Pid;
  readonly parent: Pid;
}

interface Entry extends Relative {
  readonly running: boolean;
  readonly group: Pid;
  readonly session: Pid;
  readonly started: number;
}

/** The last started first, mostly: who runs away by forking is there. */
function processes(): readonly Pid[] | undefined {
  const names = attempt(undefined, () => fs.readdirSync('/proc'));
  return names
    ?.filter(name => /^\d+$/.test(name))
    .map(Number)
    .sort((left, right) => right - left);
}

function entryOf(pid: Pid): Entry {
  // proc(5), stat: pid (command) state ppid pgrp session … starttime, the 22nd; the command may contain anything.
  const text = textAt(`/proc/${pid}/stat`);
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state = '', parent, group, session] = fields;
  // In a container nobody may reap what is dead.
  const running = !['', 'Z', 'X'].includes(state);
  return { pid, running, parent: Number(parent), group: Number(group), session: Number(session), started: Number(fields[19] ?? 0) };
}

const environment = (pid: Pid): string => textAt(`/proc/${pid}/environ`);

/** Whether one of its descriptors is a pipe with the mark in its name: pipes.ts. */
function holds(pid: Pid, mark: string): boolean {
  const folder = `/proc/${pid}/fd`;
  return namesIn(folder).some(name => attempt('', () => fs.readlinkSync(`${folder}/${name}`)).includes(mark));
}

/** Adds them to `found`. */
function descendants(found: Set<Pid>, entries: readonly Entry[]): readonly Pid[] {
  const added: Pid[] = [];
  for (let before = -1; before < added.length; ) {
    before = added.length;
    for (const { pid, parent } of entries) {
      if (!found.has(parent) || found.has(pid)) continue;
      found.add(pid);
      added.push(pid);
    }
  }
  return added;
}

function kill(target: Pid): void {
  try {
    process.kill(target, 'SIGKILL');
  } catch {
    // ESRCH: ended meanwhile. EPERM: another user's, and `kill` of the family goes on naming it.
  }
}

function exists(target: Pid): boolean {
  try {
    process.kill(target, 0);
    return true;
  } catch {
    return false;
  }
}
