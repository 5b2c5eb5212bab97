/**
 * NO LEAK: in the end a process holds no more than it needs. The liveness phase is divided into eight parts; what counts is the least
 * that a process held in a part, so that what is there for a moment is not seen.
 *  - Of a program whose needs are known (housekeeping.ts), no process holds more than them in the last two parts, and when it ends
 *    by itself no file of its Unix-domain sockets is left; but by one whose parent has ended, for it may be that of its successor by now.
 *  - Of any other, no process holds more in each part than in the part before.
 * Lacks: memory; what grows more slowly than an eighth of the liveness phase, where needs are not known.
 */
import type { Duration } from '../../host/time.ts';
import type { TraceEvent } from '../../trace/event.ts';
import { type AlwaysMonitor, type AlwaysProperty, always, type RunEnding } from '../property.ts';
import { HOLDINGS, type Holding, type Most, type Upkeep } from './housekeeping.ts';
import { type Account, HOLDING_NAMES, LEDGER_KINDS, Ledger } from './ledger.ts';

/** `liveness`: the length of that phase. `programs`: whose needs are known. */
export const noLeak = (liveness: Duration, programs: Readonly<Record<string, Upkeep>>): AlwaysProperty =>
  always(
    'no-leak',
    'What a process holds (timers, streams, sockets, children that have ended) does not grow from one cycle of work to the next.',
    () => new LeakMonitor(liveness, programs),
    [...LEDGER_KINDS, 'phase'],
  );

const PARTS = 8;

type Needs = NonNullable<Upkeep['holds']>;

class LeakMonitor implements AlwaysMonitor {
  readonly #part: number;
  readonly #programs: Readonly<Record<string, Upkeep>>;
  readonly #ledger = new Ledger();
  #turns = 0;
  /** Of each process, the least of the parts of the liveness phase that are over. */
  readonly #parts = new Map<Account, Readonly<Record<Holding, number>>[]>();
  /** When the present part ends. */
  #next = Number.POSITIVE_INFINITY;

  constructor(liveness: number, programs: Readonly<Record<string, Upkeep>>) {
    this.#part = liveness / PARTS;
    this.#programs = programs;
  }

  see(event: TraceEvent): string | undefined {
    while (event.time >= this.#next) this.#turn();
    if (event.kind === 'phase') {
      if (event.data?.['name'] === 'liveness') this.#begin(event.time);
      return undefined;
    }
    const ended = this.#ledger.take(event);
    return ended === undefined || this.#needsOf(ended) === undefined ? undefined : leftBehind(ended);
  }

  end({ time, ended }: RunEnding): string | undefined {
    // A run that was cut short shows nothing, and one that is quiet stays as it is.
    while (time >= this.#next || (ended === 'quiet' && this.#next < Number.POSITIVE_INFINITY)) this.#turn();
    for (const account of this.#ledger.accounts.values()) {
      const parts = this.#parts.get(account) ?? [];
      const needs = this.#needsOf(account);
      const why = needs === undefined ? growth(account, parts) : excess(account, parts, needs);
      if (why !== undefined) return why;
    }
    return undefined;
  }

  #needsOf({ program }: Account): Needs | undefined {
    return Object.hasOwn(this.#programs, program) ? this.#programs[program]?.holds : undefined;
  }

  #begin(time: number): void {
    this.#next = time + this.#part;
    for (const account of this.#ledger.accounts.values()) account.renew();
  }

  #turn(): void {
    for (const account of this.#ledger.accounts.values()) {
      const parts = this.#parts.get(account) ?? [];
      if (parts.length === 0) this.#parts.set(account, parts);
      parts.push(account.renew());
    }
    this.#turns++;
    this.#next = this.#turns === PARTS ? Number.POSITIVE_INFINITY : this.#next + this.#part;
  }
}

const LAST = 2;

function excess({ process, children }: Account, parts: readonly Readonly<Record<Holding, number>>[], holds: Needs): string | undefined {
  if (parts.length < LAST) return undefined;
  for (const holding of HOLDING_NAMES) {
    const least = Math.min(...parts.slice(-LAST).map(part => part[holding]));
    const most = amount(holds[holding] ?? 0, children.size);
    if (least > most) return `${process} never has less than ${least} ${HOLDINGS[holding]}, and needs ${most}`;
  }
  return undefined;
}

const amount = (most: Most, children: number): number => (most === 'children' ? children : most);

function growth({ process }: Account, parts: readonly Readonly<Record<Holding, number>>[]): string | undefined {
  if (parts.length < PARTS) return undefined;
  const grows = (holding: Holding): boolean =>
    parts.every((part, index) => index === 0 || part[holding] > (parts[index - 1]?.[holding] ?? 0));
  const holding = HOLDING_NAMES.find(grows);
  if (holding === undefined) return undefined;
  return `${process} has more and more ${HOLDINGS[holding]}: ${parts.map(part => part[holding]).join(', ')} in the parts of the liveness phase`;
}

function leftBehind({ process, paths, orphaned }: Account): string | undefined {
  if (orphaned) return undefined;
  for (const path of paths) return `${process} has ended and left the file of its socket at ${path}`;
  return undefined;
}
