/**
 * When a gateway or a lond has to say what of its children and of signals (README.md of lonc, L8, and ../../../src/impl/supervision/README.md).
 */
import { type Instant, seconds, since } from '../../../src/host/time.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import { machineOf, optionOf } from '../parts/processes.ts';
import { STOP_LIMIT } from './facts.ts';
import type { JournalModel } from './journal.ts';

const ATTEMPTS = 5;
const HEALTHY_LIFE = seconds(900);

interface Child {
  readonly peer: string;
  readonly began: Instant;
}

export class ParentTells {
  readonly #journal: JournalModel;
  readonly #own: string;
  readonly #gateway: boolean;
  readonly #children = new Map<number, Child>();
  readonly #attempts = new Map<string, number>();
  readonly #peers = new Set<string>();
  readonly #givenUp = new Set<string>();
  /** Whose count may be of before it began anew: they wait for what was short. */
  readonly #unsure = new Set<string>();
  #starting = '';
  #stopped: Instant | undefined;
  readonly #closed = new Set<string>();
  #quit = false;
  #doing: string;

  constructor(journal: JournalModel, process: string, gateway: boolean) {
    this.#journal = journal;
    this.#own = machineOf(process);
    this.#gateway = gateway;
    this.#doing = gateway ? 'Write PID' : 'Keeping a child';
  }

  get doing(): string {
    return this.#doing.replaceAll('.', '\\.');
  }

  see(event: TraceEvent): string | undefined {
    const { kind, time, data } = event;
    switch (kind) {
      case 'spawn':
        return this.#spawns(event);
      case 'wait':
        this.#buries(event);
        return undefined;
      case 'signal':
        this.#signalled(String(data?.['signal']), time);
        return undefined;
      case 'kill':
        return this.#kills(event);
      case 'connect':
        this.#connects(String(data?.['to']));
        return undefined;
      case 'log':
        return this.#says(String(data?.['event']), String(data?.['text']));
      case 'exec':
      case 'exit':
        return this.#ends(event);
      default:
        return undefined;
    }
  }

  #spawns(event: TraceEvent): string | undefined {
    const { time, data } = event;
    const peer = this.#gateway ? optionOf(event, 'peer') : this.#own;
    if (peer !== this.#starting) return `starts a child for ${peer}, and has said '${this.#starting}'`;
    return this.#starts(Number(data?.['child']), data?.['error'] === undefined ? undefined : String(data['error']), time);
  }

  #starts(pid: number | undefined, error: string | undefined, began: Instant): string | undefined {
    const peer = this.#starting;
    if (this.#journal.last !== 'starting-child') return 'starts a child, and does not say so';
    if (error !== undefined || pid === undefined) this.#journal.owe('spawn-failed', `Cannot start a child for ${peer}: ${error}`);
    else this.#children.set(pid, { peer, began });
    return undefined;
  }

  #buries({ time, data }: TraceEvent): void {
    const pid = Number(data?.['child']);
    const child = this.#children.get(pid);
    // A child of the image before this one is nobody's.
    if (child === undefined) return;
    this.#children.delete(pid);
    const { peer, began } = child;
    if (since(began, time) >= HEALTHY_LIFE) this.#attempts.delete(peer);
    const how = data?.['signal'] === undefined ? `exit ${String(data?.['code'])}` : `killed by ${String(data['signal'])}`;
    this.#journal.owe('child-ended', `Child ${pid} for ${peer} has ended: ${how}`);
  }

  #signalled(signal: string, time: Instant): void {
    const stopping = this.#stopped !== undefined;
    if (signal === 'SIGQUIT') {
      this.#quit = true;
      this.#journal.owe('abnormal-exit');
    }
    if (signal === 'SIGUSR1' && !stopping) {
      for (const peer of this.#peers) if (!this.#lives(peer) && !this.#givenUp.has(peer)) this.#unsure.add(peer);
      this.#attempts.clear();
      for (const peer of this.#givenUp) this.#journal.owe('rearmed', `Restarting child for server: ${peer}`);
      if (this.#gateway) this.#journal.owe('usr1');
      this.#journal.owe('header');
      this.#journal.owe('status');
      if (this.#gateway) this.#journal.owe('sweep');
    }
    if (!['SIGTERM', 'SIGINT', 'SIGHUP'].includes(signal) || stopping) return;
    this.#stopped = time;
    if (!this.#gateway) return;
    if (this.#lives(this.#own)) this.#journal.owe('closing', `Closing ${this.#own}: self_reply`);
  }

  #lives(peer: string): boolean {
    return [...this.#children.values()].some(each => each.peer === peer);
  }

  #connects(to: string): void {
    if (to.startsWith('unix:')) this.#doing = `Closing ${to.slice(to.lastIndexOf('/') + 1)}`;
  }

  #kills({ time, data }: TraceEvent): string | undefined {
    const pid = Number(data?.['target']);
    const child = this.#children.get(pid);
    const peer = child?.peer ?? '';
    if (data?.['signal'] === 'SIGUSR1' && data['error'] !== undefined) this.#journal.owe('child-dead', `Child ${pid} is dead`);
    if (data?.['signal'] !== 'SIGINT' || !this.#gateway) return undefined;
    this.#doing = `Kill PID ${pid} for ${peer}`;
    const early = this.#stopped === undefined || since(this.#stopped, time) < STOP_LIMIT - seconds(5);
    return early && !this.#closed.has(peer) ? `ends its child for ${peer}, and has not said what that said` : undefined;
  }

  #says(slug: string, text: string): string | undefined {
    const words = text.split(' ');
    const last = words.at(-1) ?? '';
    const noPipe = slug === 'spawn-failed' && this.#journal.last === 'starting-child';
    if (STRICT.includes(slug) && !this.#journal.owes(slug) && !noPipe) return `says '${text}', and it is not so`;
    switch (slug) {
      case 'starting':
        this.#journal.retag('PARENT');
        return undefined;
      case 'starting-child':
        this.#starting = last;
        this.#peers.add(last);
        this.#givenUp.delete(last);
        return undefined;
      case 'restarting-child':
        return this.#restarts(words[4] ?? '', text);
      case 'skipped': {
        const spent = this.#attempts.get(last) ?? 0;
        this.#givenUp.add(last);
        return spent === ATTEMPTS || this.#unsure.has(last) ? undefined : `gives up ${last} after ${spent} attempts`;
      }
      case 'closing':
        this.#closed.add((words[1] ?? '').slice(0, -1));
        if (words[1] === `${this.#own}:`) this.#doing = `Closing ${this.#own}`;
        return undefined;
      default:
        return undefined;
    }
  }

  /** What it does changes with an entry, after that. */
  said(slug: string): void {
    if (slug === 'starting' && this.#gateway) this.#doing = 'Forking ...';
    if (slug === 'started') this.#doing = 'Woke up';
  }

  #restarts(peer: string, text: string): string | undefined {
    const attempt = (this.#attempts.get(peer) ?? 0) + 1;
    this.#attempts.set(peer, attempt);
    const right = `Trying to reconnect for ${peer} (${attempt} of ${ATTEMPTS} attempts)`;
    return text === right || this.#unsure.has(peer) ? undefined : `says '${text}' instead of '${right}'`;
  }

  #ends({ kind, data }: TraceEvent): string | undefined {
    if (data?.['signal'] !== undefined || data?.['error'] !== undefined) return undefined;
    const { last } = this.#journal;
    if (kind === 'exec') return last === 'restarting' ? undefined : 'begins anew, and does not say so';
    if (data?.['code'] === 0) return last === 'shutting-down' ? undefined : 'ends, and does not say so';
    return this.#quit || ['already-running', 'pid-file-failed', 'restarting', ''].includes(last) ? undefined : 'ends, and says not why';
  }
}

const STRICT = ['spawn-failed', 'child-ended', 'rearmed', 'abnormal-exit', 'usr1', 'sweep'];
