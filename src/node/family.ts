/**
 * Everything that the children of a guest have started, wherever it went: what is in their process groups and sessions, what
 * descends from them, and what bears their mark, a variable of the environment that a process hands on to those it starts.
 * Lacks: what has left its session, lost its parent and was executed with another environment: nothing leads to it any more, for
 * Node can neither become a subreaper nor make a cgroup. Where there is no /proc, only the groups are known. A process of
 * another user (setuid) is found and cannot be killed.
 * May import: host, watchdog.ts.
 */
import fs from 'node:fs';
import type { Pid } from '../host/host.ts';
import { type Watched, watch } from './watchdog.ts';

/** The variable. Its value is a list: a guest within the child of a guest belongs to both. */
const MARK = 'SLIPWAY_GUEST';

export class Family {
  readonly #groups = new Set<Pid>();
  /** From the first child on. */
  #watched: Watched | undefined;

  /** What a child that is to be started needs in its environment. */
  variables(): Readonly<Record<string, string>> {
    this.#watched ??= watch();
    families.add(this);
    return { [MARK]: (process.env[MARK] ?? '') + this.#watched.mark };
  }

  /** A child that leads a session, and so a group, of its own. */
  add(child: Pid): void {
    this.#groups.add(child);
    this.#watched?.groups(this.#groups);
  }

  /** The child has ended; others of its group may live. */
  ended(child: Pid): void {
    if (exists(-child)) return;
    this.#groups.delete(child);
    this.#watched?.groups(this.#groups);
  }

  /** SIGKILL to all that run, and who they were. Until nobody was found, somebody may have been started meanwhile. */
  kill(): readonly Pid[] {
    const mark = this.#watched?.mark;
    if (mark === undefined) return [];
    // All of a group at once: nobody in it can outrun this by forking.
    for (const group of this.#groups) kill(-group);
    const pids = processes();
    if (pids === undefined) return [...this.#groups].filter(group => exists(-group));
    const entries: Entry[] = [];
    const found = new Set<Pid>();
    for (const pid of pids) {
      const entry = entryOf(pid);
      if (entry === undefined) continue;
      entries.push(entry);
      if (!this.#groups.has(entry.group) && !this.#groups.has(entry.session) && !bears(pid, mark)) continue;
      found.add(pid);
      kill(pid); // now: after the scan it may have forked and ended
    }
    for (const pid of descendants(found, entries)) kill(pid);
    return [...found];
  }

  /** To be called when nobody is left. */
  release(): void {
    this.#groups.clear();
    this.#watched?.groups(this.#groups);
    families.delete(this);
  }
}

/** Groups of their own are not reached by a Ctrl-C at this program's terminal: should the program exit, they end with it. */
const families = new Set<Family>();
process.on('exit', () => {
  for (const family of families) family.kill();
});

interface Entry {
  readonly pid: Pid;
  readonly parent: Pid;
  readonly group: Pid;
  readonly session: Pid;
}

/** The last started first, mostly: who runs away by forking is there. */
function processes(): readonly Pid[] | undefined {
  try {
    const pids = fs.readdirSync('/proc').filter(name => /^\d+$/.test(name));
    return pids.map(Number).sort((left, right) => right - left);
  } catch {
    return undefined;
  }
}

/** Nothing for what has ended: in a container nobody may reap what is dead. */
function entryOf(pid: Pid): Entry | undefined {
  // proc(5), stat: pid (command) state ppid pgrp session; the command may contain anything.
  const text = proc(pid, 'stat');
  const [state, parent, group, session] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (state === '' || state === 'Z' || state === 'X') return undefined;
  return { pid, parent: Number(parent), group: Number(group), session: Number(session) };
}

const bears = (pid: Pid, mark: string): boolean => proc(pid, 'environ').includes(mark);

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

function proc(pid: Pid, name: string): string {
  try {
    return fs.readFileSync(`/proc/${pid}/${name}`, 'latin1');
  } catch {
    return ''; // ended meanwhile, or another user's
  }
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
