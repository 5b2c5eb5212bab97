/**
 * What a parent must do with its children: who is started, and when again; who is asked for his status; how each is ended, in which steps, and
 * who may be a parent at all (README.md of lonc, L9, and ../../../src/impl/supervision/README.md). How often they are started again is judged
 * by properties/children.ts, and what is said of it by properties/journals.ts.
 */
import { after, type Duration, type Instant, ORIGIN, since } from '../../../src/host/time.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import { machineOf, optionOf, programOf } from '../parts/processes.ts';
import type { Duties } from './duties.ts';
import { FAREWELL, SHORTAGE_PAUSE, STOP_GRACE, STOP_LIMIT, SWEEP_PAUSE } from './facts.ts';
import { type Claim, type PidFiles, pidOf } from './pid-files.ts';

interface Child {
  readonly peer: string;
  /** When it may be told to end, and no sooner; undefined: it is not to end. */
  ends: Instant | undefined;
  /** When it was told to. */
  told: Instant | undefined;
}

/** What ends a program for want of something that may be there later (EX_TEMPFAIL). */
const TEMPFAIL = 75;
const SHORTAGES = ['EAGAIN', 'EMFILE', 'ENOMEM'];
const NOW = 0 as Duration;

export class ParentModel {
  readonly #process: string;
  readonly #own: string;
  readonly #gateway: boolean;
  readonly #duties: Duties;
  readonly #pidFiles: PidFiles;
  readonly #faulty: () => boolean;
  readonly #living = new Map<number, Child>();
  /** Hosts that it has started a child for, or has tried to. */
  readonly #begun = new Set<string>();
  readonly #givenUp = new Set<string>();
  /** Children that are still to be asked for their status. */
  #sweep = new Set<number>();
  #asked: Instant = ORIGIN;
  #stopping: 'exit' | 'exec' | undefined;
  #quit = false;
  #claim: Claim | undefined;
  #phase: 'claiming' | 'starting' | 'started' = 'claiming';
  /** The host that it has said it starts a child for, and has not. */
  #next = '';
  /** Farewells, by their streams, and by the index of their connect. */
  readonly #farewells = new Map<string | number, number>();

  constructor(process: string, duties: Duties, pidFiles: PidFiles, faulty: () => boolean) {
    this.#process = process;
    this.#own = machineOf(process);
    this.#gateway = programOf(process) === 'gateway';
    this.#duties = duties;
    this.#pidFiles = pidFiles;
    this.#faulty = faulty;
  }

  /** The names of the processes that must not live on without it. */
  get children(): readonly string[] {
    return [...this.#living.keys()].map(pid => `${this.#own}/${this.#gateway ? 'gateway-child' : 'lond-child'}.${pid}`);
  }

  see(event: TraceEvent, text: string): string | undefined {
    const { kind, time, data } = event;
    switch (kind) {
      case 'read':
        if (data?.['path'] === this.#pidFile) this.#claim ??= this.#pidFiles.claim(this.#pidFile, this.#process);
        return undefined;
      case 'rename':
        return data?.['to'] === this.#pidFile && data['error'] === undefined ? this.#claims() : undefined;
      case 'unlink':
        return data?.['path'] === this.#pidFile && this.#living.size > 0
          ? `removes its pid file, and ${this.#living.size} of its children live on`
          : undefined;
      case 'log':
        return this.#says(String(data?.['event']), String(data?.['text']), time);
      case 'spawn':
        return this.#spawns(event);
      case 'wait':
        this.#buries(event);
        return undefined;
      case 'signal':
        this.#signalled(String(data?.['signal']), time);
        return undefined;
      case 'kill':
        return this.#kills(Number(data?.['target']), String(data?.['signal']), time);
      case 'connect':
      case 'open':
      case 'send':
      case 'recv':
      case 'eof':
      case 'close':
        return this.#gateway ? this.#parts(event, text) : undefined;
      case 'exec':
      case 'exit':
        return this.#ends(event);
      default:
        return undefined;
    }
  }

  // ── the pid file ──────────────────────────────────────────────────────────────────────────────────────────────────

  get #pidFile(): string {
    return `/d/logs/${this.#gateway ? 'lonc' : 'lond'}.pid`;
  }

  #claims(): string | undefined {
    const text = this.#pidFiles.textOf(this.#pidFile);
    if (text !== `${pidOf(this.#process)}\n`) return `writes '${text}' into its pid file`;
    return this.#claim === 'must not' ? 'begins, and there is one already' : undefined;
  }

  #says(slug: string, text: string, time: Instant): string | undefined {
    const peer = text.slice(text.lastIndexOf(' ') + 1);
    if (slug === 'starting-child') this.#next = peer;
    // There was not even a pipe for it.
    if (slug === 'spawn-failed' && this.#next !== '') return this.#started(this.#next, undefined, peer, time);
    if (slug === 'started') this.#phase = 'started';
    if (slug === 'skipped') {
      this.#duties.done(this.#process, `life ${peer}`);
      this.#givenUp.add(peer);
    }
    if (slug !== 'starting') return undefined;
    this.#phase = 'starting';
    return this.#pidFiles.textOf(this.#pidFile) === `${pidOf(this.#process)}\n` ? undefined : 'starts, and its pid file does not name it';
  }

  // ── lives ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  #spawns(event: TraceEvent): string | undefined {
    const { time, data } = event;
    const peer = (this.#gateway ? optionOf(event, 'peer') : this.#own) ?? '';
    return this.#started(peer, Number(data?.['child']), data?.['error'] === undefined ? '' : String(data['error']), time);
  }

  #started(peer: string, pid: number | undefined, error: string, time: Instant): string | undefined {
    if (this.#stopping !== undefined) return 'starts a child, and was told to end';
    const due = this.#duties.due(this.#process, `life ${peer}`);
    const first = this.#phase === 'starting' && due === undefined && !this.#begun.has(peer);
    this.#begun.add(peer);
    if (!first && (due === undefined || due > time)) return `starts a child for ${peer}, and has no reason`;
    this.#next = '';
    this.#duties.done(this.#process, `life ${peer}`);
    this.#givenUp.delete(peer);
    if (error === '' && pid !== undefined) this.#living.set(pid, { peer, ends: undefined, told: undefined });
    else this.#mustStart(peer, after(time, SHORTAGES.includes(error) ? SHORTAGE_PAUSE : NOW));
    return undefined;
  }

  /** Or must say that it gives up. */
  #mustStart(peer: string, at: Instant): void {
    this.#owe(`life ${peer}`, at, `does not start a child for ${peer} again`);
  }

  #buries({ time, data }: TraceEvent): void {
    const pid = Number(data?.['child']);
    const child = this.#living.get(pid);
    this.#living.delete(pid);
    this.#sweep.delete(pid);
    for (const key of ['farewell', 'say', 'end', 'kill']) this.#duties.done(this.#process, `${key} ${pid}`);
    if (this.#sweep.size === 0) this.#duties.done(this.#process, 'sweep');
    if (this.#stopping !== undefined && this.#living.size === 0) this.#owe('end', time, 'has no children any more, and does not end');
    if (this.#stopping === undefined && child !== undefined)
      this.#mustStart(child.peer, after(time, data?.['code'] === TEMPFAIL ? SHORTAGE_PAUSE : NOW));
  }

  // ── signals ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #signalled(signal: string, time: Instant): undefined {
    if (signal === 'SIGQUIT') {
      this.#quit = true;
      this.#owe('end', time, 'was told to quit, and does not');
    }
    if (signal === 'SIGUSR1' && this.#stopping === undefined) this.#asksAll(time);
    if (signal !== 'SIGTERM' && signal !== 'SIGINT' && signal !== 'SIGHUP') return;
    const then = signal === 'SIGHUP' ? 'exec' : 'exit';
    if (this.#stopping === undefined) this.#stops(time);
    if (this.#stopping === undefined || then === 'exit') this.#stopping = then;
  }

  #asksAll(time: Instant): void {
    for (const peer of this.#givenUp) this.#mustStart(peer, time);
    this.#sweep = new Set(this.#living.keys());
    const length = ((this.#sweep.size + 1) * SWEEP_PAUSE) as Duration;
    if (this.#sweep.size > 0) this.#owe('sweep', after(time, length), 'does not ask all of its children for their status');
  }

  #asks(child: number, time: Instant): string | undefined {
    const early = since(this.#asked, time) < SWEEP_PAUSE;
    this.#asked = time;
    this.#sweep.delete(child);
    if (this.#sweep.size === 0) this.#duties.done(this.#process, 'sweep');
    return early ? 'asks its children for their status without a pause' : undefined;
  }

  // ── the end ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #stops(time: Instant): void {
    this.#duties.forget(this.#process);
    this.#owe('end', after(time, this.#living.size === 0 ? NOW : STOP_LIMIT), 'was told to end, and does not');
    for (const [pid, child] of this.#living) {
      // Its own lond is left alone.
      if (!this.#gateway || child.peer === this.#own) this.#mustTell(pid, child, time);
      else this.#owe(`farewell ${pid}`, time, `says no farewell to ${child.peer}`);
    }
  }

  #mustTell(pid: number, child: Child, at: Instant): void {
    if (child.told !== undefined) return;
    child.ends = at;
    this.#owe(`end ${pid}`, at, `does not tell its child for ${child.peer} to end`);
  }

  /** A farewell, which takes as long as a connection may, and then again a reply. */
  #parts({ kind, time, index, cause, channel, data }: TraceEvent, text: string): string | undefined {
    if (kind === 'connect') return this.#calls(String(data?.['to']), index, time);
    const stream = channel.slice(0, -1);
    const pid = this.#farewells.get(kind === 'open' ? cause : stream);
    const child = pid === undefined ? undefined : this.#living.get(pid);
    if (pid === undefined || child === undefined) return undefined;
    if (kind === 'open' && data?.['error'] === undefined) {
      this.#farewells.set(stream, pid);
      this.#owe(`say ${pid}`, time, `does not say exit to ${child.peer}`);
      this.#mustTell(pid, child, after(time, FAREWELL));
    } else if (kind === 'send') {
      this.#duties.done(this.#process, `say ${pid}`);
      return text === 'exit\n' ? undefined : `says '${text}' to ${child.peer} instead of exit`;
    } else if (kind === 'open' || kind === 'eof' || (kind === 'recv' && text.includes('\n')) || data?.['error'] !== undefined)
      this.#mustTell(pid, child, time);
    return undefined;
  }

  #calls(to: string, index: number, time: Instant): string | undefined {
    const [pid, child] = [...this.#living].find(([, { peer }]) => to === `unix:/s/${peer}`) ?? [];
    if (pid === undefined || child === undefined || !this.#duties.done(this.#process, `farewell ${pid}`)) return `connects to ${to}`;
    this.#farewells.set(index, pid);
    this.#mustTell(pid, child, after(time, FAREWELL));
    return undefined;
  }

  #kills(pid: number, signal: string, time: Instant): string | undefined {
    // Whether somebody lives who has that pid.
    if (this.#phase === 'claiming') return undefined;
    const child = this.#living.get(pid);
    if (child === undefined) return `signals process ${pid}, which is no child of its own`;
    if (signal === 'SIGUSR1') return this.#asks(pid, time);
    if (signal === 'SIGKILL') {
      this.#duties.done(this.#process, `kill ${pid}`);
      return child.told === undefined || since(child.told, time) < STOP_GRACE ? `kills its child for ${child.peer} too soon` : undefined;
    }
    if (signal !== 'SIGINT') return `sends ${signal} to its child for ${child.peer}`;
    if (child.ends === undefined || child.ends > time) return `tells its child for ${child.peer} to end before its time`;
    child.told = time;
    this.#duties.done(this.#process, `end ${pid}`);
    this.#owe(`kill ${pid}`, after(time, STOP_GRACE), `does not kill its child for ${child.peer}, which does not end`);
    return undefined;
  }

  #ends({ kind, data }: TraceEvent): string | undefined {
    this.#duties.forget(this.#process);
    if (data?.['signal'] !== undefined) return undefined;
    const code = data?.['code'];
    if (this.#phase === 'claiming') return code === 1 ? this.#wrongRefusal() : undefined;
    if (this.#quit) return code === 1 ? undefined : `was told to quit, and ends with status ${String(code)}`;
    if (this.#stopping === undefined) return `ends with status ${String(code)}, and has no reason`;
    if (this.#living.size > 0) return `ends, and ${this.#living.size} of its children live on`;
    if (this.#pidFiles.textOf(this.#pidFile) === `${pidOf(this.#process)}\n` && !this.#faulty()) return `ends, and leaves ${this.#pidFile}`;
    if (kind !== this.#stopping) return `was told to ${this.#stopping}, and does ${kind}`;
    return kind === 'exit' && code !== 0 ? `ends with status ${String(code)}` : undefined;
  }

  /** It has read its configuration, and does not begin. */
  #wrongRefusal(): string | undefined {
    return this.#claim === 'may' && !this.#faulty() ? 'does not begin, and there is no other one' : undefined;
  }

  #owe(key: string, at: Instant, what: string): void {
    this.#duties.owe(this.#process, key, at, what);
  }
}
