/**
 * Objects as one would have them without concurrency: what each call does and answers if nobody else is there. A history of many
 * clients is linearizable if some order of the calls, each between its call and its answer, gives the answers that were heard.
 * Lacks: objects whose state is not JSON.
 */
import { printable } from '../../host/bytes.ts';
import { canonicalJson } from '../../trace/canonical.ts';
import type { JsonValue } from '../../trace/event.ts';

/** What a call may come to. */
export interface Outcome<State, Answer> {
  readonly state: State;
  readonly answer: Answer;
}

export interface Model<State extends JsonValue, Call, Answer extends JsonValue> {
  readonly init: State;
  /** A pure function. Several outcomes: the object is free to choose. None: the call cannot happen in this state, and waits. */
  readonly step: (state: State, call: Call) => Outcome<State, Answer> | readonly Outcome<State, Answer>[];
  /** Whether what the object answers is what was heard; absent: the same JSON. */
  readonly equal?: (answer: Answer, heard: Answer) => boolean;
  /** Calls of different parts have nothing to do with each other, and are judged apart: the keys of a map. `init` is then one part's. */
  readonly part?: (call: Call) => string;
  /** Whether a call never changes the state, whatever that is: not needed, and with it a judgement takes far fewer steps. */
  readonly reads?: (call: Call) => boolean;
  /** A call as people read it; absent: its JSON. */
  readonly show?: (call: Call) => string;
}

export const outcomesOf = <State extends JsonValue, Call, Answer extends JsonValue>(
  model: Model<State, Call, Answer>,
  state: State,
  call: Call,
): readonly Outcome<State, Answer>[] => {
  const outcomes = model.step(state, call);
  return 'answer' in outcomes ? [outcomes] : outcomes;
};

const SHOWN = 60;

/** Calls and answers come from peers: safe to look at, and short. */
export const showCall = <Call>({ show }: Pick<Model<JsonValue, Call, JsonValue>, 'show'>, call: Call): string =>
  printable(show === undefined ? (JSON.stringify(call) ?? 'a call') : show(call), SHOWN);
export const showAnswer = (answer: JsonValue): string => printable(canonicalJson(answer), SHOWN);
