/**
 * What a worker does that makes runs of plans, for whoever makes one smaller or looks for its cause: it answers one question after the other.
 */
import { type Ends, type EndsAsked, endsOf, type Failed } from '../src/check/cause.ts';
import type { CommonPlan, Scenario } from '../src/check/scenario.ts';
import { type Candidate, type Draws, decisionOf, drawsOf, type Failing, failureOf } from '../src/check/shrink/offer.ts';
import { lastRun } from '../src/check/shrink/shrink.ts';
import type { Signature } from '../src/check/signature.ts';
import type { StoryOptions } from '../src/check/story/story.ts';
import type { TraceEvent } from '../src/trace/event.ts';
import { formatEvent } from '../src/trace/view.ts';
import { type Last, lastOf } from './last-run.ts';
import { catalogues } from './load.ts';
import type { Work } from './workers/start.ts';
import type { Message } from './workers/workers.ts';

/** What is run. */
export interface Subject {
  readonly scenario: string;
  readonly seed: number;
  readonly property: string;
}

export type Question =
  | { readonly ask: 'failing'; readonly plan: CommonPlan }
  | { readonly ask: 'decision'; readonly candidate: Candidate; readonly signature: Signature }
  | { readonly ask: 'draws'; readonly plan: CommonPlan }
  | { readonly ask: 'last'; readonly plan: CommonPlan; readonly columns: number }
  | {
      readonly ask: 'ends';
      readonly plan: CommonPlan;
      readonly signature: Signature;
      readonly asked: EndsAsked;
      readonly otherSeed: number;
    }
  | { readonly ask: 'event'; readonly plan: CommonPlan; readonly index: number };

export type Answer =
  | { readonly ask: 'failing'; readonly failing: Failing | undefined }
  | { readonly ask: 'decision'; readonly at: number | undefined }
  | { readonly ask: 'draws'; readonly draws: Draws }
  | ({ readonly ask: 'last' } & Last)
  | { readonly ask: 'ends'; readonly ends: Ends }
  | { readonly ask: 'event'; readonly event: CausingEvent | undefined };

export interface CausingEvent {
  readonly index: number;
  readonly time: number;
  readonly process: string;
  readonly kind: string;
  /** As `slipway show` prints it. */
  readonly text: string;
}

export type Update = Message & { readonly answer: Answer };
export type Task = Subject & { readonly question: Question };

/** The run whose cause is looked for, made once. */
let recorded: { readonly text: string; readonly failed: Failed } | undefined;

export const work: Work<Task, Update> = ({ modules, beat, tell }) => {
  const sink = (): void => beat.tick();
  const catalogueOf = catalogues(modules);
  return async ({ question, ...subject }) => {
    const catalogue = await catalogueOf(subject.scenario);
    const scenario = catalogue.scenarioNamed(subject.scenario);
    if (scenario === undefined) throw new Error(`a worker was asked for the scenario ${subject.scenario}, which it does not know`);
    const { decoders } = catalogue.protocols.find(({ name }) => name === scenario.protocol) ?? {};
    beat.begin(0);
    const answer = answerTo(question, scenario, subject, { decoders, sink });
    beat.rest();
    tell({ over: true, answer });
  };
};

interface Means extends Pick<StoryOptions, 'decoders'> {
  /** Each event is a sign of life. */
  readonly sink: () => void;
}

function answerTo(question: Question, scenario: Scenario, { seed, property }: Subject, { decoders, sink }: Means): Answer {
  switch (question.ask) {
    case 'failing':
      return { ask: 'failing', failing: failureOf(scenario, question.plan, seed, property, { sink }) };
    case 'decision':
      return { ask: 'decision', at: decisionOf(scenario, question.candidate, seed, question.signature, { sink }) };
    case 'draws':
      return { ask: 'draws', draws: drawsOf(scenario, question.plan, seed, property) };
    case 'last':
      return { ask: 'last', ...lastOf(scenario, question.plan, seed, property, { decoders, columns: question.columns }) };
    case 'ends':
      return {
        ask: 'ends',
        ends: endsOf(failedOf(scenario, question.plan, seed, question.signature), question.asked, question.otherSeed, { sink }),
      };
    case 'event':
      return { ask: 'event', event: eventOf(lastRun(scenario, question.plan, seed, property).result.events?.[question.index]) };
    default:
      return question satisfies never;
  }
}

function failedOf(scenario: Scenario, plan: CommonPlan, seed: number, signature: Signature): Failed {
  const text = JSON.stringify([scenario.name, plan, seed]);
  if (recorded?.text !== text) {
    const { result } = lastRun(scenario, plan, seed, signature.property);
    recorded = { text, failed: { scenario, result, signature } };
  }
  return recorded.failed;
}

function eventOf(event: TraceEvent | undefined): CausingEvent | undefined {
  if (event === undefined) return undefined;
  const { index, time, process, kind } = event;
  return { index, time, process, kind, text: formatEvent(event).trim() };
}
