/**
 * R4, a second time: one stream of requests, of which some executions in order are possible, by all that was answered so far. An answer that
 * none of them gives is wrong; so is one that forgets, repeats, or comes too early.
 * Lacks: which stream and which epoch a request is of (model.ts).
 */
import type { Answer, Tokens } from '../parts/messages.ts';
import { type Done, execute, NOTHING, type Objects } from './commands.ts';

const KEPT = 64;
const AHEAD = 64;
const HELD = 64;
/** More possible executions than these are not told apart. */
const WORLDS = 64;
/** How often a request may end the server. */
const FATALS = 3;

/** Of the number of a request that comes: it never came, it has been answered for good, or nobody can tell. */
export type Before = 'nothing' | 'answered' | 'anything';

/** One execution of the numbers up to `done`. */
interface World {
  readonly objects: Objects;
  readonly answers: ReadonlyMap<number, Done>;
}

/** What makes a request that one, and no other: what nobody knows is ignored. */
const TOKENS = ['USER', 'HOST', 'EPOCH', 'MSGID', 'SERVICE', 'LOGID', 'USERSERVER', 'COMMAND', 'OBJECT', 'CLASS', 'DATA'];
export const sameAs = (tokens: Tokens): string => JSON.stringify(TOKENS.map(token => tokens[token] ?? null));

export class Stream {
  readonly #judges: (tokens: Tokens) => boolean;
  readonly #before: () => readonly Objects[];
  #possible: readonly World[] | undefined;
  /** There were too many to be told apart. */
  #blurred = false;
  /** All numbers up to this one have been answered for good. */
  done = 0;
  /** By number: all that came, the first of it with how often the server had ended by then; and what is certain. */
  readonly #came: Map<number, Map<string, Tokens>> = new Map();
  readonly #firstCame: Map<number, number> = new Map();
  readonly #certain: Map<number, string> = new Map();
  readonly #answers: Map<number, string> = new Map();
  #acked = 0;

  /** `before`: what earlier epochs may have left, asked when it matters. `judges`: whether what is answered can be known. */
  constructor(before: () => readonly Objects[] = () => [NOTHING], judges: (tokens: Tokens) => boolean = () => true) {
    this.#judges = judges;
    this.#before = before;
  }

  get #worlds(): readonly World[] {
    this.#possible ??= this.#before().map(each => ({ objects: each, answers: new Map() }));
    return this.#possible;
  }
  set #worlds(worlds: readonly World[]) {
    this.#blurred ||= worlds.length > WORLDS;
    this.#possible = worlds.slice(0, WORLDS);
  }

  /** All of a request has come to the server, which had ended so often before. What was known of its number until then. */
  came(number: number, tokens: Tokens, ends: number): Before {
    const before = number <= this.done ? 'answered' : this.#came.has(number) ? 'anything' : 'nothing';
    const all = this.#came.get(number) ?? new Map<string, Tokens>();
    this.#came.set(number, all.set(sameAs(tokens), tokens));
    if (!this.#firstCame.has(number)) this.#firstCame.set(number, ends);
    this.#acked = Math.max(this.#acked, Number(tokens['ACKED'] ?? 0));
    return before;
  }

  /** Up to here everything has come. */
  get reached(): number {
    let number = this.done;
    while (this.#came.has(number + 1)) number += 1;
    return number;
  }

  /** Up to here everything was answered, or is held. */
  get #kept(): number {
    let number = this.done;
    while (this.#certain.has(number + 1)) number += 1;
    return number;
  }

  /** The objects that may be left, whatever of this stream has been run. */
  get left(): readonly Objects[] {
    const all = this.#worlds.map(({ objects }) => objects);
    let worlds = this.#worlds;
    for (let number = this.done + 1; number <= this.reached; number++) {
      worlds = worlds.flatMap(world => this.#step(world, number, false));
      all.push(...worlds.map(({ objects }) => objects));
    }
    return all;
  }

  /** Why it is not an answer to this request, or nothing. `ends`: how often the server has ended by now. `isOver`: another epoch has begun. */
  answered(tokens: Tokens, answer: Answer, ends: number, isOver: boolean, before: Before): string | undefined {
    const number = Number(tokens['MSGID']);
    const { result, next } = answer;
    const wrong =
      answer.number !== number
        ? `is about number ${answer.number}`
        : (replayedWrong(answer, before) ?? this.#byResult(number, tokens, answer, ends));
    // What is awaited then is a number of the other.
    if (wrong !== undefined || isOver) return wrong;
    if (next === undefined || next <= this.done) return `awaits ${next} when ${this.done} has been answered`;
    if (next <= this.#kept) return `awaits ${next}, which it holds`;
    if (next > this.reached + 1) return `awaits ${next} when ${this.reached + 1} has not come`;
    // It may have begun to run since it was held.
    return result === 'held' && next > number && number > this.reached ? `holds ${number} and awaits ${next}` : undefined;
  }

  #byResult(number: number, tokens: Tokens, answer: Answer, ends: number): string | undefined {
    const request = sameAs(tokens);
    const certain = this.#certain.get(number);
    switch (answer.result) {
      case 'refused': {
        const others = [...(this.#came.get(number) ?? new Map()).keys()].filter(each => each !== request);
        return others.length > 0 && certain !== request ? undefined : `refuses number ${number}, which was no other`;
      }
      case 'busy':
        return this.#mayBeFull(number) ? undefined : `has no room for number ${number}, and ${this.done + 1} is awaited`;
      case 'held':
        if (certain !== undefined && certain !== request) return `holds two requests as number ${number}`;
        if (number <= this.done) return `holds number ${number}, which has been answered`;
        if (number > this.reached + 1 + AHEAD) return `holds number ${number}, when ${this.reached + 1} is awaited`;
        this.#certain.set(number, request);
        return undefined;
      default:
        // What is not kept cannot be told from another.
        if (answer.status === 410) return this.#isGone(number) ? undefined : `has not kept the answer to number ${number}`;
        if (certain !== undefined && certain !== request) return `answers another request than the one it has as number ${number}`;
        return this.#final(number, request, answer, ends);
    }
  }

  #mayBeFull(number: number): boolean {
    const held = [...this.#came.keys()].filter(each => each > this.done + 1).length;
    return number > this.done + 1 + AHEAD || held >= HELD;
  }

  #final(number: number, request: string, answer: Answer, ends: number): string | undefined {
    const { status } = answer;
    if (number > this.reached) return `answers number ${number}, when ${this.reached + 1} has not come`;
    this.#certain.set(number, request);
    while (this.done < number) {
      this.done += 1;
      this.#worlds = this.#worlds.flatMap(world => this.#step(world, this.done, this.#endedBy(this.done, ends)));
    }
    if (number <= this.done - KEPT) return `has kept the answer to number ${number} when ${this.done} is answered`;
    const told = JSON.stringify([status, answer.result, answer.body]);
    const before = this.#answers.get(number);
    if (before !== undefined && before !== told) return `answers ${told} to number ${number}, and has answered ${before}`;
    this.#answers.set(number, told);
    const possible = this.#worlds.filter(world => gives(world.answers.get(number), answer));
    if (possible.length === 0 && this.#blurred) return undefined;
    if (possible.length === 0) return `answers ${told} to number ${number}, and was to answer ${this.#due(number)}`;
    this.#worlds = possible;
    return undefined;
  }

  /** Whatever it was, it may have been run and forgotten. */
  #isGone(number: number): boolean {
    return number <= this.reached && (number <= this.reached - KEPT || number <= this.#acked);
  }

  #due(number: number): string {
    return [...new Set(this.#worlds.map(({ answers }) => JSON.stringify(answers.get(number), ['statuses', 'body'])))].join(' or ');
  }

  /** It may have failed because the server has ended that often since it came. */
  #endedBy(number: number, ends: number): boolean {
    return ends - (this.#firstCame.get(number) ?? ends) >= FATALS;
  }

  #step({ objects, answers }: World, number: number, mayHaveEnded: boolean): readonly World[] {
    const certain = this.#certain.get(number);
    const all = [...(this.#came.get(number) ?? new Map<string, Tokens>())];
    const candidates = all.filter(([request]) => certain === undefined || request === certain);
    return candidates.flatMap(([, tokens]) => {
      const known = this.#judges(tokens);
      const done = known ? execute(objects, tokens) : { statuses: [], body: undefined, objects };
      const after = (one: Done): World => ({ objects: one.objects, answers: new Map([...answers, [number, one]]) });
      const ended: Done = { statuses: [500], body: undefined, objects };
      // Of a delivery that has ended the server nobody knows whether it was made.
      return [after(done), ...(mayHaveEnded && known ? [after(ended), after({ ...ended, objects: done.objects })] : [])];
    });
  }
}

/** Without a status any answer is right. */
function gives(due: Done | undefined, { status, result, body }: Answer): boolean {
  if (due === undefined || due.statuses.length === 0) return true;
  if (!due.statuses.includes(status)) return false;
  if (result !== (status === 200 ? 'done' : 'failed')) return false;
  return due.body === undefined || due.body === body;
}

/** What is told again says so, and nothing else does. */
function replayedWrong({ status, result, replayed }: Answer, before: Before): string | undefined {
  const isFinal = (result === 'done' || result === 'failed') && status !== 410;
  if (replayed && (!isFinal || before === 'nothing')) return 'says that it tells again what it never told';
  return !replayed && isFinal && before === 'answered' ? 'does not say that it tells it again' : undefined;
}
