/**
 * What each step asks for, and whether what has been seen so far answers it: done, refuted, or still waiting.
 * Lacks: what came on channels (messages.ts); the order of steps, and time: machine.ts has the one, the tester the other.
 */
import { concat, printable, unhex, utf8 } from '../../src/host/bytes.ts';
import type { Case, Divergence, Step, Wiring } from '../case.ts';
import { describeAwaited, describeExit } from './describe.ts';
import { CHANNEL_LIMIT, ITEM_LIMIT } from './inbox.ts';
import { describeItem, parseHostPort } from './match.ts';
import { AwaitedMessages } from './messages.ts';
import type { Observations } from './observations.ts';
import { DONE, type Progress } from './progress.ts';

/** Looks at the steps of one case, one after the other. */
export class Expectations {
  readonly #case: Case;
  readonly #wiring: Wiring;
  readonly #seen: Observations;
  readonly #messages: AwaitedMessages;

  constructor(testCase: Case, wiring: Wiring, seen: Observations) {
    this.#case = testCase;
    this.#wiring = wiring;
    this.#seen = seen;
    this.#messages = new AwaitedMessages(seen);
  }

  enter(step: Step): void {
    this.#messages.enter(step);
    this.#seen.enter();
  }

  /** What is missing of the step, for people. */
  awaited(step: Step): string {
    return step.verb === 'expect-sequence' ? this.#messages.awaited(step) : describeAwaited(step, this.#seen.saved);
  }

  /** What there was instead of what is missing, where something was; `within` says how long it was waited for. */
  instead(step: Step, within: string): string | undefined {
    if (step.verb === 'expect-sequence' || step.verb === 'expect-among') return this.#messages.instead(step, within);
    if (step.verb !== 'expect-content' || this.#seen.content === undefined) return undefined;
    const { item } = this.#seen.content;
    return item === undefined ? `there is no file ${step.path}` : `it holds ${describeItem(item, undefined, [step.message])}`;
  }

  /** Where a step stands that a deadline ends. */
  standing(step: Step): Divergence | undefined {
    if (step.verb === 'expect-exit') return { channel: '', after: 0, is: 'nothing', wanted: 1 };
    if (step.verb === 'expect-content') return this.#stored(step);
    return step.verb === 'expect-sequence' || step.verb === 'expect-among' ? this.#messages.standing(step) : undefined;
  }

  /** A file that holds no message is one that was written wrong, and one that is not there one that was not written. */
  #stored({ channel }: Extract<Step, { verb: 'expect-content' }>): Divergence | undefined {
    const { length } = this.#seen.inbox(channel).history;
    const { item } = this.#seen.content ?? {};
    if (item === undefined) return { channel, after: length, is: 'nothing', wanted: 1 };
    return item.kind === 'violation' ? { channel, after: length - 1, is: 'violation', wanted: 1 } : undefined;
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
      case 'expect-among':
      case 'expect-count':
      case 'expect-order':
      case 'expect-silence':
        return this.#messages.look(step);
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
    if (item !== undefined && this.#messages.is(message, item)) return DONE;
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
