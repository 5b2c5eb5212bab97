/**
 * One case as a machine, sans IO: observations go in, actions and in the end a verdict come out. It has no clock: it asks
 * for a deadline and is told when that has passed, so the same observations give the same verdict, live or from a trace.
 * Lacks: descriptors, processes and timers (tester.ts has them), and any protocol.
 * May import: host, trace, case.ts, describe.ts, match.ts, inbox.ts, place.ts.
 */
import { unhex, utf8 } from '../../src/host/bytes.ts';
import type { HostErrorCode } from '../../src/host/result.ts';
import type { ExitStatus, Signal } from '../../src/host/signal.ts';
import { formatExit } from '../../src/host/signal.ts';
import type { Duration } from '../../src/host/time.ts';
import { formatTime, ZERO } from '../../src/host/time.ts';
import type { JsonValue } from '../../src/trace/event.ts';
import type { Case, Channel, ExpectSequence, Item, Step, Target, Verdict, Wiring } from '../case.ts';
import { count, describeAwaited, describeExit } from './describe.ts';
import { CHANNEL_LIMIT, Inbox, ITEM_LIMIT } from './inbox.ts';
import { describeItem, describePattern, matches, parseHostPort } from './match.ts';
import { Place } from './place.ts';

/** What the tester has seen. Everything a verdict rests on is one of these, and each can be found in a trace. */
export type Observation =
  | { readonly kind: 'started' }
  | { readonly kind: 'not-started'; readonly code: HostErrorCode }
  | { readonly kind: 'bytes'; readonly channel: Channel; readonly bytes: Uint8Array }
  | { readonly kind: 'eof'; readonly channel: Channel }
  | { readonly kind: 'exit'; readonly status: ExitStatus }
  | { readonly kind: 'filled' }
  /** The tester sent SIGKILL after the verdict: what follows is not the implementation's own end. */
  | { readonly kind: 'killed' }
  | { readonly kind: 'connected'; readonly error: HostErrorCode | undefined }
  /** A socket: accepted or made. Attempts that fail are not told. */
  | { readonly kind: 'opened'; readonly channel: Channel }
  | { readonly kind: 'file'; readonly text: string | undefined }
  /** The deadline armed for this step. */
  | { readonly kind: 'deadline'; readonly step: number }
  | { readonly kind: 'case-deadline' };

/** What the tester is to do, in this order. */
export type Action =
  | { readonly kind: 'step'; readonly step: number; readonly verb: Step['verb'] }
  | { readonly kind: 'start'; readonly options: readonly string[]; readonly script: JsonValue | undefined }
  | { readonly kind: 'write'; readonly channel: Channel; readonly bytes: Uint8Array }
  | { readonly kind: 'close' | 'half-close' | 'reset' | 'pause' | 'resume' | 'collect'; readonly channel: Channel }
  | { readonly kind: 'fill'; readonly channel: Channel; readonly hex: string }
  | { readonly kind: 'signal'; readonly signal: Signal }
  | { readonly kind: 'connect'; readonly address: string; readonly port: number }
  | { readonly kind: 'dial'; readonly channel: Channel; readonly to: Target }
  | { readonly kind: 'try'; readonly to: Target }
  | { readonly kind: 'deafen' | 'listen' }
  | { readonly kind: 'place'; readonly path: string; readonly text: string }
  | { readonly kind: 'look'; readonly path: string }
  | { readonly kind: 'arm'; readonly step: number; readonly delay: Duration }
  | { readonly kind: 'verdict' };

/** How the implementation ended: the second axis of a result. */
export type End = string;
export const NEVER_STARTED: End = 'never started';

/** What a step comes to when it is looked at. */
type Progress =
  | { readonly is: 'done'; readonly actions?: readonly Action[] }
  | { readonly is: 'waiting'; readonly within: Duration; readonly actions?: readonly Action[] }
  | { readonly is: 'refuted'; readonly expected: string; readonly received: string };

const DONE: Progress = { is: 'done' };

export class CaseMachine {
  readonly #case: Case;
  readonly #wiring: Wiring;
  readonly #inboxes: Map<Channel, Inbox> = new Map();
  readonly #saved: Map<string, string> = new Map();
  #step = 0;
  #entered = false;
  /** In the sequence of the current step. */
  #place: Place = new Place({ verb: 'expect-sequence', channel: '', items: [], within: ZERO });
  #filled = false;
  #started = false;
  #status: ExitStatus | undefined;
  #connected: { readonly error: HostErrorCode | undefined } | undefined;
  readonly #open: Set<Channel> = new Set();
  /** Opened in the current step. */
  readonly #fresh: Set<Channel> = new Set();
  #file: { readonly text: string | undefined } | undefined;
  #verdict: Verdict | undefined;
  #late = false;
  #killed = false;

  constructor(kase: Case, wiring: Wiring) {
    this.#case = kase;
    this.#wiring = wiring;
    for (const [channel, { direction, decoder }] of Object.entries(wiring.channels)) {
      if (direction !== 'out') this.#inboxes.set(channel, new Inbox(decoder?.(this.#saved)));
    }
  }

  get verdict(): Verdict | undefined {
    return this.#verdict;
  }

  /** What is known of the end: final once the implementation has been waited for. */
  get end(): End {
    if (!this.#started) return NEVER_STARTED;
    if (this.#status === undefined) return 'still running';
    const byKill = 'signal' in this.#status && this.#status.signal === 'SIGKILL';
    if (!this.#killed || !byKill) return formatExit(this.#status).replace(/^exit /, 'exited ');
    return this.#late ? 'killed by us after the deadline' : 'killed by us after the verdict';
  }

  get exited(): boolean {
    return this.#status !== undefined;
  }

  inbox(channel: Channel): Inbox {
    const found = this.#inboxes.get(channel);
    if (found === undefined) throw new Error(`case ${this.#case.id}: the wiring of ${this.#case.role} has no channel ${channel} to read`);
    return found;
  }

  start(): readonly Action[] {
    return this.#advance();
  }

  observe(observation: Observation): readonly Action[] {
    this.#take(observation);
    if (this.#verdict !== undefined) return [];
    if (observation.kind === 'not-started') {
      return this.#fail('the implementation starts', `its program cannot be started: ${observation.code}`);
    }
    if (observation.kind === 'case-deadline') {
      this.#late = true;
      return this.#fail(
        this.#awaited(),
        `nothing of it by the deadline of the case, ${formatTime(this.#case.deadline)}${this.#state()}`,
        'time',
      );
    }
    if (observation.kind === 'deadline') return this.#deadline(observation.step);
    return this.#advance();
  }

  #take(observation: Observation): void {
    switch (observation.kind) {
      case 'started':
        this.#started = true;
        return;
      case 'bytes':
        this.inbox(observation.channel).data(observation.bytes);
        return;
      case 'eof':
        this.inbox(observation.channel).end();
        return;
      case 'exit':
        this.#status = observation.status;
        return;
      case 'filled':
        this.#filled = true;
        return;
      case 'killed':
        this.#killed = this.#status === undefined;
        return;
      case 'connected':
        this.#connected = { error: observation.error };
        return;
      case 'opened':
        this.#open.add(observation.channel);
        this.#fresh.add(observation.channel);
        return;
      case 'file':
        this.#file = { text: observation.text };
        return;
      case 'not-started':
      case 'deadline':
      case 'case-deadline':
        return;
      default:
        observation satisfies never;
    }
  }

  #deadline(step: number): readonly Action[] {
    if (step !== this.#step) return []; // of a step that was met in time
    const current = this.#case.steps[step];
    if (current?.verb === 'expect-silence') return this.#next();
    this.#late = true;
    const within = current !== undefined && 'within' in current ? formatTime(current.within) : '';
    return this.#fail(this.#awaited(), `nothing of it within ${within}${this.#state()}`, 'time');
  }

  #next(): readonly Action[] {
    this.#step += 1;
    this.#entered = false;
    return this.#advance();
  }

  /** Does steps until one has to wait, one is refuted, or there are no more. */
  #advance(): readonly Action[] {
    const actions: Action[] = [];
    for (;;) {
      const step = this.#case.steps[this.#step];
      if (step === undefined) return [...actions, ...this.#decide({ verdict: 'pass' })];
      const first = !this.#entered;
      if (first) this.#enter(step, actions);
      const progress = this.#flood() ?? this.#look(step, first);
      if (progress.is === 'refuted') return [...actions, ...this.#fail(progress.expected, progress.received)];
      actions.push(...(progress.actions ?? []));
      if (progress.is === 'waiting') {
        if (first) actions.push({ kind: 'arm', step: this.#step, delay: progress.within });
        return actions;
      }
      this.#step += 1;
      this.#entered = false;
    }
  }

  #enter(step: Step, actions: Action[]): void {
    this.#entered = true;
    if (step.verb === 'expect-sequence') this.#place = new Place(step);
    this.#connected = undefined;
    this.#file = undefined;
    this.#fresh.clear();
    actions.push({ kind: 'step', step: this.#step, verb: step.verb });
  }

  #flood(): Progress | undefined {
    for (const [channel, inbox] of this.#inboxes) {
      if (!inbox.overflowing) continue;
      const expected = `at most ${ITEM_LIMIT} messages and ${CHANNEL_LIMIT} bytes on ${channel}`;
      return { is: 'refuted', expected, received: `${inbox.history.length} messages and ${inbox.bytes} bytes` };
    }
    return undefined;
  }

  #look(step: Step, first: boolean): Progress {
    switch (step.verb) {
      case 'start':
        return { is: 'done', actions: [{ kind: 'start', options: step.options ?? this.#wiring.options, script: step.script }] };
      case 'send':
        return { is: 'done', actions: [{ kind: 'write', channel: step.channel, bytes: payload(step.hex, step.repeat ?? 1) }] };
      case 'close':
      case 'half-close':
      case 'reset':
      case 'pause':
      case 'resume':
        return { is: 'done', actions: [{ kind: step.verb, channel: step.channel }] };
      case 'signal':
        return { is: 'done', actions: [{ kind: 'signal', signal: step.signal }] };
      case 'fill':
        if (this.#filled) return DONE;
        return { is: 'waiting', within: step.within, actions: first ? [{ kind: 'fill', channel: step.channel, hex: step.hex }] : [] };
      case 'collect':
        if (this.inbox(step.channel).ended) return DONE;
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
        return { is: 'done', actions: [{ kind: 'write', channel: step.channel, bytes: this.#bytesOf(step) }] };
      case 'deafen':
      case 'listen':
        return { is: 'done', actions: [{ kind: step.verb }] };
      case 'place':
        return { is: 'done', actions: [{ kind: 'place', path: step.path, text: step.text }] };
      case 'expect-open':
        return this.#open.has(step.channel) ? DONE : { is: 'waiting', within: step.within };
      case 'dial':
        if (this.#open.has(step.channel)) return DONE;
        return { is: 'waiting', within: step.within, actions: first ? [{ kind: 'dial', channel: step.channel, to: step.to }] : [] };
      case 'expect-refused':
        if (this.#connected?.error !== undefined) return DONE;
        return { is: 'waiting', within: step.within, actions: first ? [{ kind: 'try', to: step.to }] : [] };
      case 'expect-file':
        if (this.#file !== undefined && fits(step, this.#file.text)) return DONE;
        return { is: 'waiting', within: step.within, actions: first ? [{ kind: 'look', path: step.path }] : [] };
      default:
        return step satisfies never;
    }
  }

  #sequence(step: ExpectSequence): Progress {
    const inbox = this.inbox(step.channel);
    for (let item = inbox.peek(); item !== undefined; item = inbox.peek()) {
      if (this.#place.complete) return DONE;
      if (!this.#consume(item)) return { is: 'refuted', expected: this.#awaited(), received: describeItem(item) };
      inbox.consume();
    }
    if (this.#place.complete) return DONE;
    if (!inbox.ended) return { is: 'waiting', within: step.within };
    if (this.#place.mayEnd) return DONE;
    return { is: 'refuted', expected: this.#awaited(), received: `end of file${this.#state()}` };
  }

  #consume(item: Item): boolean {
    if (item.kind === 'violation') return false;
    const expected = this.#place.advance(item);
    if (expected?.save !== undefined) this.#saved.set(expected.save.as, String(item.fields[expected.save.field]));
    return expected !== undefined || item.ignorable;
  }

  #among(step: Extract<Step, { verb: 'expect-among' }>): Progress {
    const inbox = this.inbox(step.channel);
    const expected = `${describePattern(step.message)} on ${step.channel}`;
    for (let item = inbox.peek(); item !== undefined; item = inbox.peek()) {
      if (item.kind === 'violation') return { is: 'refuted', expected, received: describeItem(item) };
      inbox.consume();
      if (matches(step.message, item)) return DONE;
    }
    if (inbox.ended) return { is: 'refuted', expected, received: `none, then end of file${this.#state()}` };
    return { is: 'waiting', within: step.within };
  }

  #count(step: Extract<Step, { verb: 'expect-count' }>): Progress {
    const { least, most } = step;
    const found = this.inbox(step.channel).history.filter(item => item.kind === 'message' && matches(step.message, item));
    if (found.length >= least && found.length <= most) return DONE;
    const [first] = found;
    const expected = `${count(least, most)} of: ${describePattern(step.message)} on ${step.channel}`;
    return { is: 'refuted', expected, received: first === undefined ? 'none' : `${found.length}, the first: ${describeItem(first)}` };
  }

  #order(step: Extract<Step, { verb: 'expect-order' }>): Progress {
    const { history } = this.inbox(step.channel);
    const before = history.findIndex(item => item.kind === 'message' && matches(step.before, item));
    const after = history.findIndex(item => item.kind === 'message' && matches(step.after, item));
    const found = history[after];
    if (found === undefined || (before >= 0 && before < after)) return DONE;
    const expected = `${describePattern(step.after)} only after ${describePattern(step.before)}`;
    return { is: 'refuted', expected, received: `${describeItem(found)} as number ${after + 1} on ${step.channel}` };
  }

  #silence(step: Extract<Step, { verb: 'expect-silence' }>): Progress {
    const expected = `the implementation runs on, nothing on ${step.channels.join(' and ')} for ${formatTime(step.lasting)}`;
    if (this.#status !== undefined) return { is: 'refuted', expected, received: `it ended: ${this.end}` };
    for (const channel of step.channels) {
      if (this.#fresh.has(channel)) return { is: 'refuted', expected, received: `a connection: ${channel}` };
      const inbox = this.inbox(channel);
      for (let item = inbox.peek(); item !== undefined; item = inbox.peek()) {
        if (item.kind === 'violation' || !item.ignorable) return { is: 'refuted', expected, received: describeItem(item) };
        inbox.consume();
      }
      if (inbox.ended) return { is: 'refuted', expected, received: `end of file on ${channel}` };
    }
    return { is: 'waiting', within: step.lasting };
  }

  #exit(step: Extract<Step, { verb: 'expect-exit' }>): Progress {
    if (this.#status === undefined) return { is: 'waiting', within: step.within };
    const expected = describeExit(step);
    if (step.codes === undefined && step.signals === undefined) return DONE;
    const fits = 'code' in this.#status ? step.codes?.includes(this.#status.code) : step.signals?.includes(this.#status.signal);
    return fits === true ? DONE : { is: 'refuted', expected, received: this.end };
  }

  #connect(step: Extract<Step, { verb: 'expect-connect' }>, first: boolean): Progress {
    const text = this.#saved.get(step.to) ?? '';
    const at = parseHostPort(text);
    const expected = `a listener at the announced address ${text}`;
    if (at === undefined) return { is: 'refuted', expected: 'an address that a connection can be made to', received: text };
    if (first)
      return { is: 'waiting', within: step.within, actions: [{ kind: 'connect', address: loopbackFor(at.address), port: at.port }] };
    if (this.#connected === undefined) return { is: 'waiting', within: step.within };
    return this.#connected.error === undefined ? DONE : { is: 'refuted', expected, received: this.#connected.error };
  }

  #bytesOf(step: Extract<Step, { verb: 'say' }>): Uint8Array {
    const text = step.text.replace(/\{([a-z-]+)\}/g, (_whole, name: string) => {
      const value = this.#saved.get(name);
      if (value === undefined) throw new Error(`case ${this.#case.id}: nothing was saved as ${name}`);
      return value;
    });
    const encoder = this.#wiring.channels[step.channel]?.encoder ?? utf8;
    return repeated(encoder(text, this.#saved), step.repeat ?? 1);
  }

  #awaited(): string {
    const step = this.#case.steps[this.#step];
    if (step === undefined) return 'the end of the case';
    return step.verb === 'expect-sequence' ? `${this.#place.describe()} on ${step.channel}` : describeAwaited(step, this.#saved);
  }

  #state(): string {
    if (!this.#started) return '; the implementation has not been started';
    return this.#status === undefined
      ? '; the implementation had not been seen to end by then'
      : `; the implementation has ended: ${this.end}`;
  }

  #fail(expected: string, received: string, by: 'order' | 'time' = 'order'): readonly Action[] {
    const requirement = this.#case.steps[this.#step]?.cites ?? this.#case.requirements[0] ?? '';
    return this.#decide({ verdict: 'fail', step: this.#step, requirement, expected, received, by });
  }

  #decide(verdict: Verdict): readonly Action[] {
    this.#verdict = verdict;
    return [{ kind: 'verdict' }];
  }
}

type SocketStep = Extract<
  Step,
  { verb: 'say' | 'expect-open' | 'dial' | 'expect-refused' | 'deafen' | 'listen' | 'place' | 'expect-file' }
>;

const fits = (step: Extract<Step, { verb: 'expect-file' }>, text: string | undefined): boolean =>
  step.contains === undefined
    ? text === undefined
    : text?.includes(step.contains) === true && (step.lacks === undefined || !text.includes(step.lacks));

/** A listener on all addresses is reached through the loopback of its family. */
function loopbackFor(address: string): string {
  if (address === '0.0.0.0') return '127.0.0.1';
  return address === '::' ? '::1' : address;
}

function payload(text: string, repeat: number): Uint8Array {
  const once = unhex(text);
  if (once === undefined) throw new Error(`not hexadecimal: ${text}`);
  return repeated(once, repeat);
}

function repeated(once: Uint8Array, repeat: number): Uint8Array {
  const whole = new Uint8Array(once.length * repeat);
  for (let index = 0; index < repeat; index++) whole.set(once, index * once.length);
  return whole;
}
