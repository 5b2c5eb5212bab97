/**
 * What each step asks for, and whether what has been seen so far answers it: done, refuted, or still waiting.
 * Lacks: the order of steps, and time: machine.ts has the one, the tester the other.
 */
import { concat, printable, unhex, utf8 } from '../../src/host/bytes.ts';
import type { Signal } from '../../src/host/signal.ts';
import type { Duration } from '../../src/host/time.ts';
import { ZERO } from '../../src/host/time.ts';
import type { Fault } from '../../src/impl/proxy/fault.ts';
import type { JsonValue } from '../../src/trace/event.ts';
import type { Case, ChannelName, Divergence, ExpectSequence, Item, Pattern, Step, Target, Wiring } from '../case.ts';
import { SequenceCursor } from './cursor.ts';
import { count, describeAwaited, describeExit } from './describe.ts';
import { CHANNEL_LIMIT, ITEM_LIMIT } from './inbox.ts';
import { describeItem, describePattern, matches, nearest, parseHostPort } from './match.ts';
import type { Observations } from './observations.ts';
import { stepWait, waitText } from './scale.ts';

/** What the tester is to do, in this order. */
export type Action =
  | { readonly kind: 'step'; readonly step: number; readonly verb: Step['verb'] }
  | {
      readonly kind: 'start';
      readonly options: readonly string[];
      readonly environment: Readonly<Record<string, string>>;
      readonly script: JsonValue | undefined;
    }
  /** Of a stream as one piece, of datagrams as so many. */
  | { readonly kind: 'write'; readonly channel: ChannelName; readonly bytes: Uint8Array; readonly times: number }
  | { readonly kind: 'close' | 'half-close' | 'reset' | 'pause' | 'resume' | 'collect'; readonly channel: ChannelName }
  | { readonly kind: 'disturb'; readonly channel: ChannelName; readonly fault: Fault }
  | { readonly kind: 'fill'; readonly channel: ChannelName; readonly hex: string }
  | { readonly kind: 'signal'; readonly signal: Signal }
  | { readonly kind: 'connect'; readonly address: string; readonly port: number }
  | { readonly kind: 'dial'; readonly channel: ChannelName; readonly to: Target }
  | { readonly kind: 'try'; readonly to: Target }
  | { readonly kind: 'close-listener' | 'listen' }
  | { readonly kind: 'place'; readonly path: string; readonly text: string }
  | { readonly kind: 'look'; readonly path: string; readonly channel?: ChannelName }
  | { readonly kind: 'ask'; readonly reader: string; readonly channel: ChannelName }
  | { readonly kind: 'arm'; readonly step: number; readonly delay: Duration }
  | { readonly kind: 'verdict' };

/** What a step comes to when it is looked at. */
export type Progress =
  | { readonly is: 'done'; readonly actions?: readonly Action[] }
  /** Without a time of its own, the step is ended by an observation. */
  | { readonly is: 'waiting'; readonly within: Duration | undefined; readonly actions?: readonly Action[] }
  | Refuted
  /** What the step asks about cannot be known here. */
  | { readonly is: 'undecided'; readonly why: string };

interface Refuted {
  readonly is: 'refuted';
  readonly expected: string;
  readonly received: string;
  /** Where on the wire, where it is the wire that shows it. */
  readonly at?: Divergence;
  readonly certain?: true;
}

const DONE: Progress = { is: 'done' };

/** Looks at the steps of one case, one after the other. */
export class Expectations {
  readonly #case: Case;
  readonly #wiring: Wiring;
  readonly #seen: Observations;
  /** In the sequence of the current step. */
  #place: SequenceCursor = new SequenceCursor({ verb: 'expect-sequence', channel: '', items: [], within: ZERO });

  constructor(testCase: Case, wiring: Wiring, seen: Observations) {
    this.#case = testCase;
    this.#wiring = wiring;
    this.#seen = seen;
  }

  enter(step: Step): void {
    if (step.verb === 'expect-sequence') this.#place = new SequenceCursor(step);
    this.#seen.enter();
  }

  /** What is missing of the step, for people. */
  awaited(step: Step): string {
    return step.verb === 'expect-sequence' ? `${this.#place.describe()} on ${step.channel}` : describeAwaited(step, this.#seen.saved);
  }

  /** What there was instead of what is missing, where something was; `within` says how long it was waited for. */
  instead(step: Step, within: string): string | undefined {
    const near = step.verb === 'expect-among' ? this.#unlike(step) : undefined;
    if (near !== undefined) return near;
    if (step.verb === 'expect-sequence' || step.verb === 'expect-among') return this.#nothing(step.channel, within);
    if (step.verb !== 'expect-content' || this.#seen.content === undefined) return undefined;
    const { item } = this.#seen.content;
    return item === undefined ? `there is no file ${step.path}` : `it holds ${describeItem(item, undefined, [step.message])}`;
  }

  /** Nothing that was sent, and something that is not whole, are not the same as another message. */
  #nothing(channel: ChannelName, within: string): string | undefined {
    const { bytes, held } = this.#seen.inbox(channel);
    if (bytes === 0) return `nothing was sent on ${channel} within ${within}`;
    return held === 0 ? undefined : `the beginning of a message, ${held} bytes of it, and no more within ${within}`;
  }

  /** Where a step stands that a deadline ends. */
  standing(step: Step): Divergence | undefined {
    if (step.verb === 'expect-exit') return { channel: '', after: 0, is: 'nothing', wanted: 1 };
    if (step.verb === 'expect-content') return this.#stored(step);
    if (step.verb !== 'expect-sequence' && step.verb !== 'expect-among') return undefined;
    return this.#at(step.channel, 'nothing', this.#wanted(step));
  }

  /** A file that holds no message is one that was written wrong, and one that is not there one that was not written. */
  #stored({ channel }: Extract<Step, { verb: 'expect-content' }>): Divergence | undefined {
    const { length } = this.#seen.inbox(channel).history;
    const { item } = this.#seen.content ?? {};
    if (item === undefined) return { channel, after: length, is: 'nothing', wanted: 1 };
    return item.kind === 'violation' ? { channel, after: length - 1, is: 'violation', wanted: 1 } : undefined;
  }

  /** Of the message that would be looked at next. */
  #at(channel: ChannelName, is: Divergence['is'], wanted = 1): Divergence {
    return { channel, after: this.#seen.inbox(channel).position, is, wanted };
  }

  #wanted(step: Step): number {
    return step.verb === 'expect-sequence' ? this.#place.alternatives : 1;
  }

  /** The requirement that is broken at such a place, whatever the case is about; undefined where it is for the case to say. */
  ruleAt({ channel, after, is }: Divergence): string | undefined {
    const inbox = this.#seen.inboxes.get(channel);
    const { rules = {}, unfinished } = this.#wiring.channels[channel] ?? {};
    const item = inbox?.history[after];
    if (is === 'violation' && item?.kind === 'violation') return rules[item.clause];
    return is === 'nothing' && (inbox?.held ?? 0) > 0 ? unfinished : undefined;
  }

  /** `first`: the step has just been entered, so what it does is done now. */
  look(step: Step, first: boolean): Progress {
    return this.#flood() ?? this.#look(step, first);
  }

  #flood(): Progress | undefined {
    for (const [channel, inbox] of this.#seen.inboxes) {
      if (!inbox.overflowing) continue;
      const expected = `at most ${ITEM_LIMIT} messages and ${CHANNEL_LIMIT} bytes on ${channel}`;
      return { is: 'refuted', expected, received: `${inbox.history.length} messages and ${inbox.bytes} bytes`, certain: true };
    }
    return undefined;
  }

  #look(step: Step, first: boolean): Progress {
    switch (step.verb) {
      case 'start':
        return this.#start(step, first);
      case 'send':
        return this.#write(step, () => this.#payload(step), first);
      case 'disturb':
        this.#seen.disturbed.add(step.channel);
        return { is: 'done', actions: [{ kind: 'disturb', channel: step.channel, fault: step.fault }] };
      case 'close':
      case 'half-close':
      case 'reset':
      case 'pause':
      case 'resume':
        return { is: 'done', actions: [{ kind: step.verb, channel: step.channel }] };
      case 'signal':
        // What was there before the case is not ours to end: reach.ts lets no other signal come so far.
        return this.#seen.attached ? DONE : { is: 'done', actions: [{ kind: 'signal', signal: step.signal }] };
      case 'fill':
        if (this.#seen.filled) return DONE;
        return { is: 'waiting', within: step.within, actions: first ? [{ kind: 'fill', channel: step.channel, hex: step.hex }] : [] };
      case 'collect':
        if (this.#seen.inbox(step.channel).ended) return DONE;
        return { is: 'waiting', within: step.within, actions: first ? [{ kind: 'collect', channel: step.channel }] : [] };
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
      case 'expect-exit':
        return this.#exit(step);
      case 'expect-connect':
        return this.#connect(step, first);
      default:
        return this.#lookAtSocket(step, first);
    }
  }

  #lookAtSocket(step: SocketStep, first: boolean): Progress {
    switch (step.verb) {
      case 'say':
        return this.#write(step, () => this.#bytesOf(step), first);
      case 'close-listener':
      case 'listen':
        return { is: 'done', actions: [{ kind: step.verb }] };
      case 'place':
        return { is: 'done', actions: [{ kind: 'place', path: step.path, text: step.text }] };
      case 'expect-open':
        return this.#seen.open.has(step.channel) ? DONE : { is: 'waiting', within: step.within };
      case 'dial':
        if (this.#seen.open.has(step.channel)) return DONE;
        return { is: 'waiting', within: step.within, actions: first ? [{ kind: 'dial', channel: step.channel, to: step.to }] : [] };
      case 'expect-refused':
        if (this.#seen.connected?.error !== undefined) return DONE;
        return { is: 'waiting', within: step.within, actions: first ? [{ kind: 'try', to: step.to }] : [] };
      case 'expect-file':
        if (this.#seen.file !== undefined && fits(step, this.#seen.file.text)) return DONE;
        return { is: 'waiting', within: step.within, actions: first ? [{ kind: 'look', path: step.path }] : [] };
      case 'expect-content':
        return this.#content(step, first);
      case 'ask':
        if (this.#seen.inbox(step.channel).ended) return DONE;
        return { is: 'waiting', within: step.within, actions: first ? [{ kind: 'ask', reader: step.reader, channel: step.channel }] : [] };
      default:
        return step satisfies never;
    }
  }

  #payload({ hex, insert = [] }: Extract<Step, { verb: 'send' }>): Uint8Array {
    const bytes = payload(hex);
    const parts: Uint8Array[] = [];
    let from = 0;
    for (const { at, saved } of insert) {
      parts.push(bytes.subarray(from, at), utf8(this.#savedAs(saved)));
      from = at;
    }
    return parts.length === 0 ? bytes : concat([...parts, bytes.subarray(from)]);
  }

  /** Of a channel that is disturbed it takes a while. */
  #write({ channel, repeat = 1 }: Extract<Step, { verb: 'send' | 'say' }>, bytes: () => Uint8Array, first: boolean): Progress {
    const actions = first ? [{ kind: 'write', channel, bytes: bytes(), times: repeat } as const] : [];
    if (!this.#seen.disturbed.has(channel)) return { is: 'done', actions };
    if (this.#seen.sending === 'delivered') return DONE;
    this.#seen.sending = 'on-its-way';
    return { is: 'waiting', within: undefined, actions };
  }

  #start(step: Extract<Step, { verb: 'start' }>, first: boolean): Progress {
    const { starting, end, status } = this.#seen;
    if (starting === 'done') return DONE;
    if (starting === 'awaited' && status !== undefined)
      return { is: 'refuted', expected: 'the implementation is ready', received: `it ended before: ${end}` };
    const { options = this.#wiring.options, environment = {}, script } = step;
    return { is: 'waiting', within: undefined, actions: first ? [{ kind: 'start', options, environment, script }] : [] };
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
    const found = history.filter(item => this.#is(step.message, item));
    if (found.length >= least && found.length <= most) return DONE;
    const [first] = found;
    const expected = `${count(least, step.most)} of: ${describePattern(step.message)} on ${step.channel}`;
    const received = first === undefined ? (this.#unlike(step) ?? 'none') : `${found.length}, the first: ${describeItem(first)}`;
    const wrong = first === undefined ? nearest(step.message, history, this.#seen.saved) : Number.isFinite(most) ? found[most] : undefined;
    return { is: 'refuted', expected, received, ...(wrong === undefined ? {} : { at: this.#found(step.channel, history.indexOf(wrong)) }) };
  }

  #is(pattern: Pattern, item: Item): boolean {
    return item.kind === 'message' && matches(pattern, item, this.#seen.saved);
  }

  #order(step: Extract<Step, { verb: 'expect-order' }>): Progress {
    if (step.every === true) return this.#everyBefore(step);
    const { history } = this.#seen.inbox(step.channel);
    const before = history.findIndex(item => this.#is(step.before, item));
    const after = history.findIndex(item => this.#is(step.after, item));
    const found = history[after];
    if (found === undefined || (before >= 0 && before < after)) return DONE;
    const expected = `${describePattern(step.after)} only after ${describePattern(step.before)}`;
    const received = `${describeItem(found)} as number ${after + 1} on ${step.channel}`;
    return { is: 'refuted', expected, received, at: this.#found(step.channel, after) };
  }

  #everyBefore({ channel, before, after }: Extract<Step, { verb: 'expect-order' }>): Progress {
    const { history } = this.#seen.inbox(channel);
    const first = history.findIndex(item => this.#is(after, item));
    const late = history.findIndex((item, index) => index > first && this.#is(before, item));
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

  #exit(step: Extract<Step, { verb: 'expect-exit' }>): Progress {
    if (this.#seen.attached) return DONE;
    if (this.#seen.status === undefined) return { is: 'waiting', within: step.within };
    const expected = describeExit(step);
    if (step.codes === undefined && step.signals === undefined) return DONE;
    if ('unknown' in this.#seen.status)
      return { is: 'undecided', why: `${expected}: it has ended, but how was told to whoever adopted it` };
    const fits =
      'code' in this.#seen.status ? step.codes?.includes(this.#seen.status.code) : step.signals?.includes(this.#seen.status.signal);
    return fits === true ? DONE : { is: 'refuted', expected, received: this.#seen.end, at: ITS_END };
  }

  #connect(step: Extract<Step, { verb: 'expect-connect' }>, first: boolean): Progress {
    const text = this.#seen.saved.get(step.to) ?? '';
    const at = parseHostPort(text);
    const expected = `a listener at the announced address ${text}`;
    if (at === undefined) return { is: 'refuted', expected: 'an address that a connection can be made to', received: text };
    const address = loopbackFor(at.host);
    if (!at.numeric && address === at.host) return { is: 'undecided', why: `the tester does not look up names: ${printable(text)}` };
    if (first) return { is: 'waiting', within: step.within, actions: [{ kind: 'connect', address, port: at.port }] };
    if (this.#seen.connected === undefined) return { is: 'waiting', within: step.within };
    return this.#seen.connected.error === undefined ? DONE : { is: 'refuted', expected, received: this.#seen.connected.error };
  }

  #content({ path, channel, message, within }: Extract<Step, { verb: 'expect-content' }>, first: boolean): Progress {
    const item = this.#seen.content?.item;
    if (item !== undefined && this.#is(message, item)) return DONE;
    return { is: 'waiting', within, actions: first ? [{ kind: 'look', path: this.#filled(path), channel }] : [] };
  }

  #bytesOf(step: Extract<Step, { verb: 'say' }>): Uint8Array {
    const encoder = this.#wiring.channels[step.channel]?.encoder ?? utf8;
    return encoder(this.#filled(step.text), this.#seen.saved);
  }

  /** With the values that were saved. */
  #filled(text: string): string {
    return text.replace(/\{([a-z-]+)\}/g, (_whole, name: string) => this.#savedAs(name));
  }

  #savedAs(name: string): string {
    const value = this.#seen.saved.get(name);
    if (value === undefined) throw new Error(`case ${this.#case.id}: nothing was saved as ${name}`);
    return value;
  }
}

type SocketStep = Extract<
  Step,
  {
    verb:
      | 'say'
      | 'expect-open'
      | 'dial'
      | 'expect-refused'
      | 'close-listener'
      | 'listen'
      | 'place'
      | 'expect-file'
      | 'expect-content'
      | 'ask';
  }
>;

/** Of the process. */
const ITS_END: Divergence = { channel: '', after: 0, is: 'end', wanted: 1 };

const fits = (step: Extract<Step, { verb: 'expect-file' }>, text: string | undefined): boolean =>
  step.contains === undefined
    ? text === undefined
    : text?.includes(step.contains) === true && (step.lacks === undefined || !text.includes(step.lacks));

/** A listener on all addresses is reached through the loopback of its family. */
function loopbackFor(address: string): string {
  if (address === '0.0.0.0' || address === 'localhost') return '127.0.0.1';
  return address === '::' ? '::1' : address;
}

function payload(text: string): Uint8Array {
  const bytes = unhex(text);
  if (bytes === undefined) throw new Error(`not hexadecimal: ${text}`);
  return bytes;
}
