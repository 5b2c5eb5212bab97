/**
 * What a run has reached, as numbers that can be compared over runs: which thing of a program came after which, about how often; which
 * `sometimes` was met; which failure was seen. A run that reaches a number no other has reached did something new.
 * Cheap, because it sees every event of every run: no text is made, and each word is hashed once in a thread.
 * Lacks: collision. Two features may share a number, and then one of them is not missed.
 */
import type { EventData } from '../host/event.ts';
import type { EventKind, TraceEvent } from '../trace/event.ts';
import type { RunResult } from './run.ts';
import { programOf } from './signature.ts';

/** Data that says in which state somebody is, or what became of a call; the rest is values. */
const STATE_DATA: Readonly<Partial<Record<EventKind, readonly string[]>>> = {
  log: ['event', 'state', 'from', 'to', 'reason'],
  signal: ['signal'],
  exit: ['signal'],
  fault: ['kind', 'step'],
  power: ['state'],
  phase: ['name'],
};
/** Of every other kind: whether it worked. */
const OUTCOME: readonly string[] = ['error'];

interface Life {
  readonly program: number;
  last: number;
}

/** Of one run. */
export class Coverage {
  readonly #lives = new Map<string, Life>();
  /** How often each thing came after each. */
  readonly #counts = new Map<number, number>();

  see({ process, kind, data }: TraceEvent): void {
    const now = wordOf(kind, data);
    const life = this.#lives.get(process) ?? this.#begin(process);
    const pair = mixed(life.last, now);
    this.#counts.set(pair, (this.#counts.get(pair) ?? 0) + 1);
    life.last = mixed(life.program, now);
  }

  #begin(process: string): Life {
    const program = numberOf(programOf(process));
    const life = { program, last: program };
    this.#lives.set(process, life);
    return life;
  }

  /** Ascending; each once. `signatures`: of what failed. */
  features({ met }: Pick<RunResult, 'met'>, signatures: readonly string[]): readonly number[] {
    const pairs = [...this.#counts].map(([pair, count]) => mixed(pair, magnitude(count)));
    const words = [...met.map(name => `met ${name}`), ...signatures].map(numberOf);
    return [...new Set([...pairs, ...words])].sort((left, right) => left - right);
  }
}

/** Once, a few times, often, very often: 1, 2 to 3, 4 to 7 … */
const magnitude = (count: number): number => 32 - Math.clz32(count);

function wordOf(kind: EventKind, data: EventData | undefined): number {
  let word = numberOf(kind);
  if (data === undefined) return word;
  for (const name of STATE_DATA[kind] ?? OUTCOME) {
    const value = data[name];
    if (typeof value === 'string') word = mixed(word, numberOfSlug(value));
  }
  return word;
}

/** What has a digit or a space in it is a value, and any is like the other. */
const numberOfSlug = (text: string): number => (SLUG.test(text) ? numberOf(text) : 0);
const SLUG = /^[A-Za-z][A-Za-z-]{0,31}$/;

const mixed = (one: number, other: number): number => {
  const sum = Math.imul(one ^ Math.imul(other, 0x9e3779b1), 0x85ebca6b);
  return (sum ^ (sum >>> 15)) >>> 0;
};

/** What daemons log is their own: more words than this are values after all, and are not remembered. */
const WORDS_LIMIT = 10_000;
const numbers = new Map<string, number>();

function numberOf(word: string): number {
  const known = numbers.get(word);
  if (known !== undefined) return known;
  let number = 0;
  for (let index = 0; index < word.length; index++) number = mixed(number, word.charCodeAt(index));
  if (numbers.size < WORDS_LIMIT) numbers.set(word, number);
  return number;
}
