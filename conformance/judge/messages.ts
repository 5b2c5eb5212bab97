/**
 * The steps that ask for messages on channels: a sequence, one among others, how many, in which order, none.
 * Lacks: steps that do something, and what does not come on a channel (expectations.ts).
 */
import { ZERO } from '../../src/host/time.ts';
import type { ChannelName, Divergence, ExpectSequence, Item, Pattern, Step } from '../case.ts';
import { SequenceCursor } from './cursor.ts';
import { count } from './describe.ts';
import { describeItem, describePattern, matches, nearest } from './match.ts';
import type { Observations } from './observations.ts';
import { DONE, type Progress } from './progress.ts';
import { stepWait, waitText } from './scale.ts';

type MessageVerb = 'expect-sequence' | 'expect-among' | 'expect-count' | 'expect-order' | 'expect-silence';
export type MessageStep = Extract<Step, { verb: MessageVerb }>;

/** What came on the channels of one case, as its steps ask for it one after the other. */
export class AwaitedMessages {
  readonly #seen: Observations;
  /** In the sequence of the current step. */
  #place: SequenceCursor = new SequenceCursor({ verb: 'expect-sequence', channel: '', items: [], within: ZERO });

  constructor(seen: Observations) {
    this.#seen = seen;
  }

  enter(step: Step): void {
    if (step.verb === 'expect-sequence') this.#place = new SequenceCursor(step);
  }

  look(step: MessageStep): Progress {
    switch (step.verb) {
      case 'expect-sequence':
        return this.#sequence(step);
      case 'expect-among':
        return this.#among(step);
      case 'expect-count':
        return this.#count(step);
      case 'expect-order':
        return this.#order(step);
      case 'expect-silence':
        return this.#silence(step);
      default:
        return step satisfies never;
    }
  }

  /** What is missing of a sequence, for people. */
  awaited({ channel }: ExpectSequence): string {
    return `${this.#place.describe()} on ${channel}`;
  }

  /** What there was instead of what is missing, where something was; `within` says how long it was waited for. */
  instead(step: Extract<Step, { verb: 'expect-sequence' | 'expect-among' }>, within: string): string | undefined {
    return (step.verb === 'expect-among' ? this.#unlike(step) : undefined) ?? this.#nothing(step.channel, within);
  }

  /** Nothing that was sent, and something that is not whole, are not the same as another message. */
  #nothing(channel: ChannelName, within: string): string | undefined {
    const { bytes, held } = this.#seen.inbox(channel);
    if (bytes === 0) return `nothing was sent on ${channel} within ${within}`;
    return held === 0 ? undefined : `the beginning of a message, ${held} bytes of it, and no more within ${within}`;
  }

  /** Where a step stands that a deadline ends. */
  standing(step: Extract<Step, { verb: 'expect-sequence' | 'expect-among' }>): Divergence {
    return this.#at(step.channel, 'nothing', this.#wanted(step));
  }

  is(pattern: Pattern, item: Item): boolean {
    return item.kind === 'message' && matches(pattern, item, this.#seen.saved);
  }

  #sequence(step: ExpectSequence): Progress {
    const inbox = this.#seen.inbox(step.channel);
    for (let item = inbox.peek(); item !== undefined; item = inbox.peek()) {
      if (this.#place.complete) return DONE;
      if (!this.#consume(item)) {
        const asked = step.items.map(each => each.message);
        const at = this.#at(step.channel, item.kind, this.#wanted(step));
        return { is: 'refuted', expected: this.awaited(step), received: describeItem(item, undefined, asked), at };
      }
      inbox.consume();
    }
    if (this.#place.complete) return DONE;
    if (!inbox.ended) return { is: 'waiting', within: step.within };
    if (this.#place.mayEnd) return DONE;
    const at = this.#at(step.channel, 'end', this.#wanted(step));
    return { is: 'refuted', expected: this.awaited(step), received: `end of file${this.#seen.state()}`, at };
  }

  #consume(item: Item): boolean {
    if (item.kind === 'violation') return false;
    const expected = this.#place.advance(item, this.#seen.saved);
    for (const { field, as } of [expected?.save ?? []].flat()) this.#seen.saved.set(as, String(item.fields[field]));
    return expected !== undefined || item.ignorable;
  }

  #among(step: Extract<Step, { verb: 'expect-among' }>): Progress {
    const inbox = this.#seen.inbox(step.channel);
    const expected = `${describePattern(step.message)} on ${step.channel}`;
    for (let item = inbox.peek(); item !== undefined; item = inbox.peek()) {
      if (item.kind === 'violation')
        return { is: 'refuted', expected, received: describeItem(item), at: this.#at(step.channel, 'violation') };
      inbox.consume();
      if (matches(step.message, item, this.#seen.saved)) return DONE;
    }
    if (!inbox.ended) return { is: 'waiting', within: step.within };
    const received = this.#unlike(step) ?? `none, then end of file${this.#seen.state()}`;
    return { is: 'refuted', expected, received, at: this.#at(step.channel, 'end') };
  }

  #unlike({ channel, message }: Extract<Step, { verb: 'expect-among' | 'expect-count' }>): string | undefined {
    const found = nearest(message, this.#seen.inbox(channel).history, this.#seen.saved);
    return found === undefined ? undefined : `none, but ${describeItem(found, undefined, [message])}`;
  }

  #count(step: Extract<Step, { verb: 'expect-count' }>): Progress {
    const { least, most = Number.POSITIVE_INFINITY } = step;
    const { history } = this.#seen.inbox(step.channel);
    const found = history.filter(item => this.is(step.message, item));
    if (found.length >= least && found.length <= most) return DONE;
    const [first] = found;
    const expected = `${count(least, step.most)} of: ${describePattern(step.message)} on ${step.channel}`;
    const received = first === undefined ? (this.#unlike(step) ?? 'none') : `${found.length}, the first: ${describeItem(first)}`;
    const wrong = first === undefined ? nearest(step.message, history, this.#seen.saved) : Number.isFinite(most) ? found[most] : undefined;
    return { is: 'refuted', expected, received, ...(wrong === undefined ? {} : { at: this.#found(step.channel, history.indexOf(wrong)) }) };
  }

  #order(step: Extract<Step, { verb: 'expect-order' }>): Progress {
    if (step.every === true) return this.#everyBefore(step);
    const { history } = this.#seen.inbox(step.channel);
    const before = history.findIndex(item => this.is(step.before, item));
    const after = history.findIndex(item => this.is(step.after, item));
    const found = history[after];
    if (found === undefined || (before >= 0 && before < after)) return DONE;
    const expected = `${describePattern(step.after)} only after ${describePattern(step.before)}`;
    const received = `${describeItem(found)} as number ${after + 1} on ${step.channel}`;
    return { is: 'refuted', expected, received, at: this.#found(step.channel, after) };
  }

  #everyBefore({ channel, before, after }: Extract<Step, { verb: 'expect-order' }>): Progress {
    const { history } = this.#seen.inbox(channel);
    const first = history.findIndex(item => this.is(after, item));
    const late = history.findIndex((item, index) => index > first && this.is(before, item));
    const found = history[late];
    if (first < 0 || found === undefined) return DONE;
    const expected = `${describePattern(before)} only before ${describePattern(after)}`;
    const received = `${describeItem(found)} as number ${late + 1} on ${channel}`;
    return { is: 'refuted', expected, received, at: this.#found(channel, late) };
  }

  /** Of a message that was looked at before. */
  #found(channel: ChannelName, after: number): Divergence {
    return { channel, after, is: 'message', wanted: 1 };
  }

  #silence(step: Extract<Step, { verb: 'expect-silence' }>): Progress {
    const lasting = waitText(stepWait(step, step.lasting, this.#seen.pace), step.lasting);
    const expected = `the implementation runs on, nothing on ${step.channels.join(' and ')} for ${lasting}`;
    if (this.#seen.status !== undefined) return { is: 'refuted', expected, received: `it ended: ${this.#seen.end}` };
    for (const channel of step.channels) {
      if (this.#seen.fresh.has(channel)) return { is: 'refuted', expected, received: `a connection: ${channel}` };
      const inbox = this.#seen.inbox(channel);
      for (let item = inbox.peek(); item !== undefined; item = inbox.peek()) {
        if (item.kind === 'violation' || !item.ignorable)
          return { is: 'refuted', expected, received: describeItem(item), at: this.#at(channel, item.kind) };
        inbox.consume();
      }
      if (inbox.ended) return { is: 'refuted', expected, received: `end of file on ${channel}`, at: this.#at(channel, 'end') };
    }
    return { is: 'waiting', within: step.lasting };
  }

  /** Of the message that would be looked at next. */
  #at(channel: ChannelName, is: Divergence['is'], wanted = 1): Divergence {
    return { channel, after: this.#seen.inbox(channel).position, is, wanted };
  }

  #wanted(step: Step): number {
    return step.verb === 'expect-sequence' ? this.#place.alternatives : 1;
  }
}
