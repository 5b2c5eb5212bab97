/**
 * A history: who called what, when, and what was heard. Judged as a whole, and, when no order explains it, made as small as one can
 * see through: every other operation may then have happened or not, whenever it was called or later, and there is still no order.
 * Lacks: the smallest of all; it is one of which nothing can be left out.
 */

import { printable } from '../../host/bytes.ts';
import { formatTime, type Instant } from '../../host/time.ts';
import type { JsonValue } from '../../trace/event.ts';
import { type Model, showAnswer, showCall } from './object.ts';
import { type Budget, Search, type Verdict } from './search.ts';

/** Where in a trace: the index of an event decides what was before what, its time is for people. */
export interface Point {
  readonly index: number;
  readonly time: Instant;
}

export interface Operation<Call, Answer> {
  readonly process: string;
  readonly call: Call;
  readonly called: Point;
  /** Absent: nobody heard an answer; it may have happened at any time since, or not at all. */
  readonly answered?: Point & { readonly answer: Answer };
}

export interface Counterexample<Call, Answer> {
  /** In the order of their calls. Whether the others happened or not, no order of these gives their answers. */
  readonly operations: readonly Operation<Call, Answer>[];
  /** The one of them that was answered last, */
  readonly last: Operation<Call, Answer>;
  /** and what it might have been answered. */
  readonly possible: readonly Answer[];
  /** How many others there were by then. */
  readonly others: number;
  /** Whether every one of the operations is needed; false: the steps were used up on the way. */
  readonly smallest: boolean;
}

export interface HistoryVerdict<Call, Answer> {
  /** unknown: the steps were used up. */
  readonly verdict: Verdict;
  readonly counterexample?: Counterexample<Call, Answer>;
}

/** Steps that a judgement has: some seconds. To make a counterexample small has a quarter of them. */
export const STEPS = 5_000_000;

/** `operations` in any order. `steps`: the most outcomes of the model that are looked at. */
export function checkHistory<State extends JsonValue, Call, Answer extends JsonValue>(
  model: Model<State, Call, Answer>,
  operations: readonly Operation<Call, Answer>[],
  steps: number = STEPS,
): HistoryVerdict<Call, Answer> {
  const parts = new Map<string, Operation<Call, Answer>[]>();
  for (const each of operations) {
    const part = model.part?.(each.call) ?? '';
    const others = parts.get(part);
    if (others === undefined) parts.set(part, [each]);
    else others.push(each);
  }
  const budget = { steps };
  const verdicts = [...parts.values()].map((part): HistoryVerdict<Call, Answer> => {
    const { verdict, seen } = searched(model, part, budget);
    return verdict === 'not-linearizable' ? { verdict, counterexample: smaller(model, seen, steps) } : { verdict };
  });
  const found = (verdict: Verdict) => verdicts.find(each => each.verdict === verdict);
  return found('not-linearizable') ?? found('unknown') ?? { verdict: 'linearizable' };
}

interface Searched<Call, Answer> {
  readonly verdict: Verdict;
  /** What had happened when that was decided. */
  readonly seen: readonly Operation<Call, Answer>[];
  readonly possible: readonly Answer[];
}

function searched<State extends JsonValue, Call, Answer extends JsonValue>(
  model: Model<State, Call, Answer>,
  operations: readonly Operation<Call, Answer>[],
  budget: Budget,
): Searched<Call, Answer> {
  const search = new Search(model, budget);
  const ids = new Map<Operation<Call, Answer>, number>();
  const points = operations.flatMap(each => [
    { index: each.called.index, tell: () => ids.set(each, search.call(each.call)) },
    ...(each.answered === undefined ? [] : [{ index: each.answered.index, tell: answering(each, each.answered.answer) }]),
  ]);
  function answering(each: Operation<Call, Answer>, answer: Answer): () => void {
    return () => search.answer(ids.get(each) ?? 0, answer);
  }
  budget.steps -= points.length;
  for (const { index, tell } of points.sort((left, right) => left.index - right.index)) {
    tell();
    if (search.verdict !== 'linearizable') return { verdict: search.verdict, seen: upTo(operations, index), possible: search.possible };
  }
  return { verdict: search.verdict, seen: operations, possible: [] };
}

/** What had been called by then, and its answer if that had come. */
function upTo<Call, Answer>(operations: readonly Operation<Call, Answer>[], index: number): readonly Operation<Call, Answer>[] {
  return operations
    .filter(each => each.called.index <= index)
    .map(each => ((each.answered?.index ?? 0) <= index ? each : unanswered(each)));
}

const unanswered = <Call, Answer>({ process, call, called }: Operation<Call, Answer>): Operation<Call, Answer> => ({
  process,
  call,
  called,
});

/**
 * To take an answer from an operation leaves it free to happen at any time or not at all, so that only more orders are allowed: what
 * still has none is the same violation. Whether one can be taken never depends on what was found to be needed before.
 * `history`: not linearizable, and linearizable without its last answer.
 */
export function smaller<State extends JsonValue, Call, Answer extends JsonValue>(
  model: Model<State, Call, Answer>,
  history: readonly Operation<Call, Answer>[],
  steps: number = STEPS,
): Counterexample<Call, Answer> {
  const budget = { steps: Math.trunc(steps / 4) };
  const inOrder = [...history].sort((left, right) => left.called.index - right.called.index);
  const last = inOrder.reduce((one, other) => ((other.answered?.index ?? -1) > (one.answered?.index ?? -1) ? other : one));
  const { possible } = searched(model, inOrder, { steps });
  const without = (free: ReadonlySet<number>) => inOrder.map((each, index) => (free.has(index) ? unanswered(each) : each));
  const candidates = [...inOrder.keys()].filter(index => inOrder[index] !== last && inOrder[index]?.answered !== undefined);
  let free: ReadonlySet<number> = new Set();
  let smallest = true;
  for (const group of halved(candidates)) {
    // With much that may happen or not, one trial could use up what all have; and to read the history is the least that one takes.
    const share = Math.trunc(budget.steps / TRIAL_PART);
    if (share < 2 * inOrder.length) {
      smallest = false;
      break;
    }
    const own = { steps: share };
    const trial = new Set([...free, ...group]);
    const verdict = trial.size === free.size ? 'linearizable' : searched(model, without(trial), own).verdict;
    if (verdict === 'not-linearizable') free = trial;
    if (verdict === 'unknown' && group.length === 1) smallest = false;
    budget.steps -= share - Math.max(own.steps, 0);
  }
  const operations = without(free).filter(each => each.answered !== undefined);
  return { operations, last, possible, others: inOrder.length - operations.length, smallest };
}

/** All at once, each half, and so on until each by itself. */
function* halved<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let size = items.length; size > 0; size = Math.trunc(size / 2))
    for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}

const TRIAL_PART = 4;

// ── for people ──────────────────────────────────────────────────────────────────────────────────────────────────────

type Shown<Call> = Pick<Model<JsonValue, Call, JsonValue>, 'show'>;

/** `put x 1`, and what was heard if that says anything. */
function showOperation<Call, Answer extends JsonValue>(model: Shown<Call>, { call, answered }: Operation<Call, Answer>): string {
  const told = answered === undefined || answered.answer === null ? '' : ` → ${showAnswer(answered.answer)}`;
  return `${showCall(model, call)}${told}`;
}

const ANSWERS_SHOWN = 4;
const OPERATIONS_SHOWN = 4;
const NAME_SHOWN = 40;

/** One sentence. */
export function explainCounterexample<Call, Answer extends JsonValue>(
  model: Shown<Call>,
  { operations, last, possible, others, smallest }: Counterexample<Call, Answer>,
): string {
  const before = operations.filter(each => each !== last);
  const shown = before
    .slice(-OPERATIONS_SHOWN)
    .map(each => `${showOperation(model, each)} by ${printable(each.process, NAME_SHOWN)}, ${span(each)}`);
  const more = before.length - shown.length;
  const known = `${more > 0 ? `${more} others and ` : ''}${shown.join('; ')}`;
  const rest = others === 0 ? '' : `, whether ${others === 1 ? 'the other one' : `the ${others} others`} happened or not`;
  const perhaps = smallest ? '' : '; some of that may not be needed';
  const heard = last.answered === undefined ? 'nothing' : showAnswer(last.answered.answer);
  return `${printable(last.process, NAME_SHOWN)} heard ${heard} of ${showCall(model, last.call)}, ${span(last)}, where ${could(possible)}${known === '' ? '' : `: ${known}`}${rest}${perhaps}`;
}

function could<Answer extends JsonValue>(possible: readonly Answer[]): string {
  if (possible.length === 0) return 'no answer was possible yet';
  const shown = possible.slice(0, ANSWERS_SHOWN).map(showAnswer).join(' or ');
  return `only ${shown}${possible.length > ANSWERS_SHOWN ? ` or ${possible.length - ANSWERS_SHOWN} more` : ''} was possible`;
}

const span = <Call, Answer>({ called, answered }: Operation<Call, Answer>): string =>
  answered === undefined
    ? `from ${formatTime(called.time)} (event ${called.index})`
    : `${formatTime(called.time)} to ${formatTime(answered.time)} (events ${called.index} and ${answered.index})`;

/** Columns of the picture of a counterexample. */
const WIDTH = 60;
/** Lines of it. */
const DRAWN = 20;

/** The operations as bars over time, which is drawn by the order of calls and answers alone. */
export function drawCounterexample<Call, Answer extends JsonValue>(
  model: Shown<Call>,
  { operations: all, last, others }: Counterexample<Call, Answer>,
): readonly string[] {
  const operations = all.slice(-DRAWN);
  const before = all.length - operations.length;
  const points = operations.flatMap(each => [each.called.index, each.answered?.index ?? 0]).sort((left, right) => left - right);
  const apart = Math.min(3, WIDTH / points.length);
  const column = (index: number) => Math.trunc(points.indexOf(index) * apart);
  const width = column(points.at(-1) ?? 0) + 1;
  const lines = operations.map(each => {
    const from = column(each.called.index);
    const to = column(each.answered?.index ?? 0);
    const bar = from === to ? '│' : `├${'─'.repeat(to - from - 1)}┤`;
    const wrong = each === last ? '   ✗' : '';
    return `${' '.repeat(from)}${bar}`
      .padEnd(width)
      .concat(`  ${printable(each.process, NAME_SHOWN)}: ${showOperation(model, each)}${wrong}`);
  });
  const hidden = before === 0 ? [] : [`${before} before these`];
  return [...hidden, ...lines, ...(others === 0 ? [] : [`${others} more, which may have happened or not`])];
}
