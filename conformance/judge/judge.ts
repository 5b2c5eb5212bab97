/**
 * The verdict as a pure function of a recorded trace: finds again in the events of the tester what it saw, and feeds it to
 * the same machine. No implementation, no clock and no network take part, so anybody with the trace can check a verdict.
 */
import { unhex, utf8 } from '../../src/host/bytes.ts';
import type { EventData } from '../../src/host/event.ts';
import type { DatagramAddress } from '../../src/host/host.ts';
import { HOST_ERROR_CODES, type HostErrorCode } from '../../src/host/result.ts';
import { SIGNALS } from '../../src/host/signal.ts';
import type { Duration } from '../../src/host/time.ts';
import { micros } from '../../src/host/time.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import type { Case, ChannelName, Verdict, Wiring } from '../case.ts';
import { CaseMachine } from './machine.ts';
import { NOTE } from './notes.ts';
import type { End, Ended, Observation } from './observations.ts';
import { type Pace, REAL_PACE } from './scale.ts';

export interface Judged {
  readonly verdict: Verdict;
  readonly end: End;
}

/** `tester` is the process of the trace that played the case. */
export function judge(testCase: Case, wiring: Wiring, events: readonly TraceEvent[], tester: string): Judged {
  let why = 'the trace ends before the case does';
  const failed = (thrown: unknown): void => {
    why = `the tester fails at what it saw: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
  };
  const machine = feed(testCase, wiring, events, tester, () => {}, failed);
  return { verdict: machine.verdict ?? { verdict: 'inconclusive', why }, end: machine.end };
}

/** An event of the tester, after the machine has taken it in: the channel of the case that it belongs to, and what it was told. */
export interface Fed {
  readonly event: TraceEvent;
  readonly channel: ChannelName | undefined;
  readonly observations: readonly Observation[];
  readonly machine: CaseMachine;
}

/**
 * Feeds a machine what the tester saw, in order, and gives it back at the end. What made the tester throw makes the machine throw again,
 * which is `failed`: the events are told to the end, but the machine has seen its last.
 */
export function feed(
  testCase: Case,
  wiring: Wiring,
  events: readonly TraceEvent[],
  tester: string,
  told: (telling: Fed) => void,
  failed: (thrown: unknown) => void = () => {},
): CaseMachine {
  const machine = new CaseMachine(testCase, wiring);
  const reader = new Reader(wiring);
  let started = false;
  let broken = false;
  for (const event of events) {
    if (event.process !== tester) continue;
    const observations = reader.read(event);
    try {
      // Before its first step there are only its beginning and what is opened.
      if (!started && isNote(event, NOTE.step)) {
        started = true;
        machine.start();
      }
      for (const observation of broken ? [] : observations) machine.observe(observation);
    } catch (thrown) {
      broken = true;
      failed(thrown);
    }
    told({ event, channel: reader.channelOf(event), observations, machine });
  }
  return machine;
}

/** What the next crossing of a kind belongs to, as the tester noted before it made the call. */
type Awaited = { readonly kind: 'step'; readonly step: number } | { readonly kind: 'case' };

class Reader {
  readonly #channels: Map<string, ChannelName> = new Map();
  readonly #timers: Map<number, Awaited> = new Map();
  readonly #wiring: Wiring;
  #attaching: ChannelName | undefined;
  #binding: ChannelName | undefined;
  #arming: Awaited | undefined;
  #connecting = false;
  #dialling: ChannelName | undefined;
  /** Connections accepted so far. */
  #accepted = 0;
  #child: unknown;
  #forks = false;
  #decided = false;

  constructor(wiring: Wiring) {
    this.#wiring = wiring;
  }

  channelOf(event: TraceEvent): ChannelName | undefined {
    return this.#channels.get(event.channel);
  }

  read(event: TraceEvent): readonly Observation[] {
    const data = event.data ?? {};
    switch (event.kind) {
      case 'log':
        return this.#note(data);
      case 'attach':
        if (this.#attaching !== undefined) this.#channels.set(event.channel, this.#attaching);
        this.#attaching = undefined;
        return [];
      case 'timer':
        if (this.#arming !== undefined) this.#timers.set(Number(data['id']), this.#arming);
        this.#arming = undefined;
        return [];
      case 'fire':
        return deadline(this.#timers.get(Number(data['id'])));
      case 'bind':
        if (this.#binding !== undefined && data['error'] === undefined) this.#channels.set(event.channel, this.#binding);
        this.#binding = undefined;
        return [];
      case 'recv':
        return this.#incoming(event);
      case 'receive':
        return this.#incoming(event).map(each => (each.kind === 'bytes' ? { ...each, from: source(data['from']) } : each));
      case 'eof':
      case 'close':
        return this.#ended(event);
      case 'wait':
        return data['child'] === this.#child && !this.#forks ? [{ kind: 'exit', status: exitStatus(data) }] : [];
      case 'kill':
        return this.#decided && data['target'] === this.#child ? [{ kind: 'killed' }] : [];
      case 'open':
        return this.#opened(event, data);
      case 'accept':
        return this.#socket(event, this.#wiring.environment?.accepts[this.#accepted++]);
      default:
        return [];
    }
  }

  #note(data: EventData): readonly Observation[] {
    switch (data['event']) {
      case NOTE.attach:
        this.#attaching = String(data['channel']);
        return [];
      case NOTE.bind:
        this.#binding = String(data['channel']);
        return [];
      case NOTE.begin:
        return [{ kind: 'begin', at: Number(data['at']), port: Number(data['port']), pace: paceOf(data) }];
      case NOTE.armed:
        this.#arming = { kind: 'step', step: Number(data['step']) };
        return [];
      case NOTE.deadline:
        this.#arming = { kind: 'case' };
        return [];
      case NOTE.started:
        this.#child = data['pid'];
        this.#forks = data['forks'] === true;
        return [{ kind: 'started', awaits: data['awaits'] === true, attached: data['attached'] === true }];
      case NOTE.main:
        this.#child = data['pid'];
        return [];
      case NOTE.gone:
        return [{ kind: 'exit', status: exitStatus(data) }];
      case NOTE.ready:
        return [{ kind: 'ready' }];
      case NOTE.starved:
        return [
          { kind: 'starved', strain: { lag: length(data['lag']), waited: length(data['waited']), stalled: length(data['stalled']) } },
        ];
      case NOTE.withheld:
        return [{ kind: 'withheld', channel: String(data['channel']) }];
      case NOTE.notReady:
        return [{ kind: 'not-ready', why: String(data['why']) }];
      case NOTE.filled:
        return [{ kind: 'filled' }];
      case NOTE.delivered:
        return [{ kind: 'delivered', channel: String(data['channel']) }];
      case NOTE.broke:
        return [{ kind: 'broke', channel: String(data['channel']), how: String(data['how']) }];
      case NOTE.verdict:
        this.#decided = true;
        return [];
      case NOTE.notStarted:
        return [{ kind: 'not-started', code: errorCode(data['code']) }];
      case NOTE.connect:
        this.#connecting = true;
        return [];
      case NOTE.dial:
        this.#dialling = String(data['channel']);
        return [];
      case NOTE.file:
        return [{ kind: 'file', text: data['there'] === true ? String(data['text']) : undefined }];
      case NOTE.content: {
        const bytes = data['there'] === true ? unhex(String(data['hex'])) : undefined;
        return [{ kind: 'content', channel: String(data['channel']), bytes }];
      }
      case NOTE.report: {
        const channel = String(data['channel']);
        return [
          { kind: 'bytes', channel, bytes: utf8(String(data['text'])) },
          { kind: 'eof', channel },
        ];
      }
      default:
        return [];
    }
  }

  #incoming(event: TraceEvent): readonly Observation[] {
    const channel = this.#incomingChannel(event);
    return channel === undefined || event.bytes === undefined ? [] : [{ kind: 'bytes', channel, bytes: event.bytes }];
  }

  #incomingChannel(event: TraceEvent): ChannelName | undefined {
    const channel = this.channelOf(event);
    return channel !== undefined && this.#wiring.channels[channel]?.direction !== 'out' ? channel : undefined;
  }

  /** The channel is finished; what the tester itself closed is not waited for by any step. */
  #ended(event: TraceEvent): readonly Observation[] {
    const channel = this.#incomingChannel(event);
    const ours = event.kind === 'close' && event.data?.['error'] === undefined;
    return channel === undefined || ours ? [] : [{ kind: 'eof', channel }];
  }

  /** Both directions of it are the channel: what comes is told of one, and that it broke of the other. */
  #socket(event: TraceEvent, channel: ChannelName | undefined): readonly Observation[] {
    if (channel === undefined) return [];
    const name = event.channel.slice(0, -1);
    for (const direction of ['<', '>']) this.#channels.set(name + direction, channel);
    return [{ kind: 'opened', channel }];
  }

  #opened(event: TraceEvent, data: EventData): readonly Observation[] {
    if (this.#dialling !== undefined) {
      const channel = this.#dialling;
      this.#dialling = undefined;
      return data['error'] === undefined ? this.#socket(event, channel) : [];
    }
    if (!this.#connecting) return [];
    this.#connecting = false;
    return [{ kind: 'connected', error: data['error'] === undefined ? undefined : errorCode(data['error']) }];
  }
}

/** Noted where it is not that of real time. */
function paceOf({ timeScale, patience }: EventData): Pace {
  return timeScale === undefined ? REAL_PACE : { timeScale: Number(timeScale), patience: Number(patience) };
}

const isNote = (event: TraceEvent, note: string): boolean => event.kind === 'log' && event.data?.['event'] === note;

function source(text: unknown): DatagramAddress {
  const [address = '', port = ''] = String(text).split(/:(?=\d+$)/);
  return { address, port: Number(port) };
}

function deadline(timer: Awaited | undefined): readonly Observation[] {
  if (timer === undefined) return [];
  return [timer.kind === 'case' ? { kind: 'case-deadline' } : { kind: 'deadline', step: timer.step }];
}

function exitStatus(data: EventData): Ended {
  const code = data['code'];
  if (typeof code === 'number') return { code };
  const signal = SIGNALS.find(name => name === data['signal']);
  return signal === undefined ? { unknown: true } : { signal };
}

const length = (value: unknown): Duration => micros(Number(value));
const errorCode = (text: unknown): HostErrorCode => HOST_ERROR_CODES.find(code => code === text) ?? 'EIO';
