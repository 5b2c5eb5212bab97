/**
 * What has been seen of the implementation so far in one case: what came on its channels, how it started and ended.
 * Lacks: steps, and any idea of what is expected.
 */
import { textOf } from '../../src/host/bytes.ts';
import type { DatagramAddress } from '../../src/host/host.ts';
import type { HostErrorCode } from '../../src/host/result.ts';
import type { ExitStatus } from '../../src/host/signal.ts';
import { formatExit } from '../../src/host/signal.ts';
import type { Case, ChannelName, Item, Verdict, Wiring } from '../case.ts';
import { CLOCK, PORT } from '../case.ts';
import { type Settings, UNSUPPORTED_STATUS } from '../peer.ts';
import { Inbox } from './inbox.ts';
import { lastWords } from './lines.ts';
import { type Pace, REAL_PACE } from './scale.ts';
import type { Strain } from './strain.ts';

/** unknown: it is gone, and whoever was told how is not the tester. */
export type Ended = ExitStatus | { readonly unknown: true };

/** What the tester has seen. Everything a verdict rests on is one of these, and each can be found in a trace. */
export type Observation =
  /** awaits: it is not ready yet, and the start goes on. attached: it was there before. */
  | { readonly kind: 'started'; readonly awaits?: boolean; readonly attached?: boolean }
  | { readonly kind: 'not-started'; readonly code: HostErrorCode }
  | { readonly kind: 'ready' }
  | { readonly kind: 'not-ready'; readonly why: string }
  /** from: of a datagram. */
  | { readonly kind: 'bytes'; readonly channel: ChannelName; readonly bytes: Uint8Array; readonly from?: DatagramAddress }
  | { readonly kind: 'eof'; readonly channel: ChannelName }
  | { readonly kind: 'exit'; readonly status: Ended }
  | { readonly kind: 'filled' }
  /** What was sent on a disturbed channel has left, or never will. */
  | { readonly kind: 'delivered'; readonly channel: ChannelName }
  /** A fault has broken the channel. */
  | { readonly kind: 'broke'; readonly channel: ChannelName; readonly how: string }
  /** The tester sent SIGKILL after the verdict: what follows is not the implementation's own end. */
  | { readonly kind: 'killed' }
  | { readonly kind: 'connected'; readonly error: HostErrorCode | undefined }
  /** A socket: accepted or made. Attempts that fail are not told. */
  | { readonly kind: 'opened'; readonly channel: ChannelName }
  | { readonly kind: 'file'; readonly text: string | undefined }
  /** The whole content of a file that belongs to a channel; undefined when there is no such file. */
  | { readonly kind: 'content'; readonly channel: ChannelName; readonly bytes: Uint8Array | undefined }
  /** The wall clock of the tester at the beginning, in seconds, the port of the case, the pace of its waits, and what is set otherwise. */
  | { readonly kind: 'begin'; readonly at: number; readonly port: number; readonly pace?: Pace; readonly settings?: Settings }
  /** Told before a deadline that is over: the computer had no time for it. */
  | { readonly kind: 'starved'; readonly strain: Strain }
  /** The same: the tester did not read the channel all the time, because too much came at once. */
  | { readonly kind: 'withheld'; readonly channel: ChannelName }
  /** The deadline armed for this step. */
  | { readonly kind: 'deadline'; readonly step: number }
  | { readonly kind: 'case-deadline' };

/** How the implementation ended: the second axis of a result. */
export type End = string;
export const NEVER_STARTED: End = 'never started';
/** With what came of it instead, where it ended. */
export const NEVER_READY: End = 'never ready';
const UNKNOWN_END: End = 'ended, nobody knows how';
const ATTACHED: End = 'not ours to end';

export class Observations {
  readonly #case: Case;
  readonly #wiring: Wiring;
  readonly inboxes: Map<ChannelName, Inbox> = new Map();
  /** Values of messages, by the names that steps gave them. */
  readonly saved: Map<string, string> = new Map();
  readonly open: Set<ChannelName> = new Set();
  /** Opened in the current step. */
  readonly fresh: Set<ChannelName> = new Set();
  /** Those that meet a fault, and of these the half-open ones: what they bring is not seen. */
  readonly disturbed: Set<ChannelName> = new Set();
  readonly #unseen: Set<ChannelName> = new Set();
  /** What the current step sends is on its way; delivered: no more. */
  sending: 'no' | 'on-its-way' | 'delivered' = 'no';
  /** How long a wait of the case is in truth. */
  pace: Pace = REAL_PACE;
  status: Ended | undefined;
  attached = false;
  filled = false;
  /** How far the start of the current step is. */
  starting: 'asked' | 'awaited' | 'done' = 'asked';
  connected: { readonly error: HostErrorCode | undefined } | undefined;
  file: { readonly text: string | undefined } | undefined;
  /** What the file of the current step held when it was last looked at. */
  content: { readonly item: Item | undefined } | undefined;
  /** Of the deadline that is over. */
  strain: Strain | undefined;
  withheld: ChannelName | undefined;
  /** How often it was started. */
  #starts = 0;
  #neverReady = false;
  #killed = false;
  #late = false;

  constructor(testCase: Case, wiring: Wiring) {
    this.#case = testCase;
    this.#wiring = wiring;
    for (const [channel, { direction, decoder }] of Object.entries(wiring.channels)) {
      if (direction !== 'out') this.inboxes.set(channel, new Inbox(decoder?.(this.saved)));
    }
  }

  inbox(channel: ChannelName): Inbox {
    const found = this.inboxes.get(channel);
    if (found === undefined) throw new Error(`case ${this.#case.id}: the wiring of ${this.#case.role} has no channel ${channel} to read`);
    return found;
  }

  /** A step begins: what was seen once is to be seen again. */
  enter(): void {
    this.starting = 'asked';
    this.sending = 'no';
    this.connected = undefined;
    this.file = undefined;
    this.content = undefined;
    this.strain = undefined;
    this.fresh.clear();
  }

  take(observation: Observation): void {
    switch (observation.kind) {
      case 'started':
        this.#starts += 1;
        // Of the one before, where a case starts it again.
        this.status = undefined;
        this.attached = observation.attached === true;
        this.starting = observation.awaits === true ? 'awaited' : 'done';
        return;
      case 'ready':
        this.starting = 'done';
        return;
      case 'not-ready':
        this.#neverReady = true;
        return;
      case 'bytes':
        if (!this.#unseen.has(observation.channel)) this.inbox(observation.channel).data(observation.bytes, observation.from);
        return;
      case 'content':
        this.#takeContent(observation.channel, observation.bytes);
        return;
      case 'begin':
        for (const [name, value] of Object.entries({ ...this.#wiring.settings, ...observation.settings })) this.saved.set(name, value);
        this.saved.set(CLOCK, String(observation.at));
        this.saved.set(PORT, String(observation.port));
        this.pace = observation.pace ?? REAL_PACE;
        return;
      case 'eof':
        if (!this.#unseen.has(observation.channel)) this.inbox(observation.channel).end();
        return;
      case 'delivered':
        this.sending = 'delivered';
        return;
      case 'broke':
        if (observation.how === 'half-open') this.#unseen.add(observation.channel);
        return;
      case 'exit':
        this.status = observation.status;
        this.#neverReady ||= this.starting === 'awaited';
        return;
      case 'filled':
        this.filled = true;
        return;
      case 'killed':
        this.#killed = this.status === undefined;
        return;
      case 'connected':
        this.connected = { error: observation.error };
        return;
      case 'opened':
        this.open.add(observation.channel);
        this.fresh.add(observation.channel);
        return;
      case 'file':
        this.file = { text: observation.text };
        return;
      case 'starved':
        this.strain = observation.strain;
        return;
      case 'withheld':
        this.withheld = observation.channel;
        return;
      case 'not-started':
      case 'deadline':
      case 'case-deadline':
        return;
      default:
        observation satisfies never;
    }
  }

  #takeContent(channel: ChannelName, bytes: Uint8Array | undefined): void {
    if (bytes !== undefined) this.inbox(channel).data(bytes);
    this.content = { item: bytes === undefined ? undefined : this.inbox(channel).history.at(-1) };
  }

  /** Somebody has opened a connection, or said anything. */
  get met(): boolean {
    return this.open.size > 0 || [...this.inboxes.values()].some(({ bytes }) => bytes > 0);
  }

  // ── its end ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** A deadline is over: what ends it now is that. */
  expired(): void {
    this.#late = true;
  }

  /** What is known of the end: final once the implementation has been waited for. */
  get end(): End {
    if (this.#starts === 0) return NEVER_STARTED;
    if (this.attached) return ATTACHED;
    if (this.#neverReady) return this.status === undefined || this.#killed ? NEVER_READY : `${NEVER_READY}: ${this.#ended(this.status)}`;
    return this.status === undefined ? 'still running' : this.#ended(this.status);
  }

  #ended(status: Ended): End {
    // Of what we have killed, and of which nobody has told us how it ended, there is nothing else to believe.
    const byKill = 'unknown' in status || ('signal' in status && status.signal === 'SIGKILL');
    if (!this.#killed || !byKill) return 'unknown' in status ? UNKNOWN_END : formatExit(status).replace(/^exit /, 'exited ');
    return this.#late ? 'killed by us after the deadline' : 'killed by us after the verdict';
  }

  /** It ended with an error, by itself, and had done nothing. */
  get stillborn(): boolean {
    const { status } = this;
    if (status === undefined || this.attached || this.#killed || 'unknown' in status) return false;
    return !('code' in status && status.code === 0) && this.#idle;
  }

  /** It did nothing that a case could be about: what it says to a terminal is for people. */
  get #idle(): boolean {
    const said = [...this.inboxes.values()].some(({ history }) => history.some(item => item.kind === 'violation' || !item.ignorable));
    return !said && this.open.size === 0;
  }

  /** To be added to what did not come. */
  state(): string {
    if (this.#starts === 0) return '; the implementation has not been started';
    if (this.attached) return '';
    return this.status === undefined
      ? '; the implementation had not been seen to end by then'
      : `; the implementation has ended: ${this.end}`;
  }

  // ── unsupported ───────────────────────────────────────────────────────────────────────────────────────────────────

  /** It ended with the status that is kept for this, and before that it did nothing that a case could be about. */
  get refused(): boolean {
    if (this.status === undefined || !('code' in this.status) || this.status.code !== UNSUPPORTED_STATUS) return false;
    return this.#idle;
  }

  /** Nothing of it can still be on its way in a pipe. */
  get drained(): boolean {
    return Object.entries(this.#wiring.channels).every(([channel, { direction, descriptor, start = 1 }]) => {
      return direction !== 'in' || descriptor === undefined || start > this.#starts || this.inbox(channel).ended;
    });
  }

  /** The last line of its output may say why. */
  unsupported(): Verdict {
    const spoken = Object.entries(this.#wiring.channels).filter(([, { descriptor }]) => descriptor === 1 || descriptor === 2);
    const said = lastWords(spoken.map(([channel]) => textOf(this.inbox(channel).tail)));
    const why = `the implementation says that it does not support the case (exit status ${UNSUPPORTED_STATUS})`;
    return { verdict: 'not-applicable', why: said === undefined ? why : `${why}: ${said}` };
  }
}
