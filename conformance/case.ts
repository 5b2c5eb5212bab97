/**
 * Requirements and cases as data: what a protocol requires, and conversations that show whether it is met. The files of
 * a suite import this one and the wire helpers of their protocol, nothing else, so another runner could run them.
 * Lacks: code in cases. What a step means is in machine.ts.
 */

import type { Signal } from '../src/host/signal.ts';
import type { Duration } from '../src/host/time.ts';
import type { Fault as Disturbance } from '../src/impl/proxy/fault.ts';
import type { JsonValue } from '../src/trace/event.ts';
import type { Decoder, FieldValue } from '../src/trace/message.ts';
import type { FieldMode, Varying } from '../src/trace/varying.ts';

export type { Disturbance };

export const LEVELS = ['MUST', 'SHOULD', 'MAY'] as const;
Object.freeze(LEVELS);
export type Level = (typeof LEVELS)[number];

/** One testable sentence of a protocol. */
export interface Requirement {
  /** A slug that never changes: `lifetime.child.start-db-first`. */
  readonly id: string;
  readonly clause: string;
  readonly level: Level;
  readonly role: string;
  readonly text: string;
  /** The words of the source, where it has them. */
  readonly quote?: string;
  /** Why it matters, where the text does not say it: what goes wrong with a peer that does not keep it. */
  readonly rationale?: string;
  /** Why no case can observe it. A requirement has cases or this. */
  readonly untestable?: string;
  /** Ids it had before; who names one means this one. */
  readonly was?: readonly string[];
}

// ── messages ────────────────────────────────────────────────────────────────────────────────────────────────────────

export type { Decoder, FieldValue, FormatViolation as Violation, Item, Message } from '../src/trace/message.ts';

export type FieldPattern =
  | FieldValue
  | { readonly oneOf: readonly FieldValue[] }
  | { readonly form: 'host:port' | 'number' | 'any' }
  | { readonly begins: string }
  | { readonly not: FieldPattern }
  | { readonly atLeast: number; readonly atMost?: number }
  /** Not further than this from the number that was saved under the name. */
  | { readonly near: string; readonly by: number }
  /** More than the number that was saved under the name. */
  | { readonly above: string };

/** What is saved at the beginning of each case: the wall clock of the tester, in seconds of Unix. */
export const CLOCK = 'clock';
/** The same, of the port of the case. */
export const PORT = 'port';

/** Fields not named are not compared. The type `*` is any message. */
export interface Pattern {
  readonly type: string;
  readonly fields?: Readonly<Record<string, FieldPattern>>;
  /** What people call it: `start of the block database`. */
  readonly name: string;
}

/** one: exactly. optional: none or one. any: none or more. some: one or more. */
export type Times = 'one' | 'optional' | 'any' | 'some';

export interface ExpectedMessage {
  readonly message: Pattern;
  readonly times: Times;
  /** Keeps the value of a field of the last match under a name, for a later `connect`. */
  readonly save?: Save | readonly Save[];
}

export interface Save {
  readonly field: string;
  readonly as: string;
}

// ── steps ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A pipe between tester and implementation, by the name the wiring of the role gives it. */
export type ChannelName = string;

/**
 * Every step may name the requirement that its failure breaks; otherwise it is the first of its case. A step that only leads to
 * what the case is about names the requirement of its role that says so, or, where none does, `setup`: a case that does not
 * come so far is inconclusive.
 */
interface Cites {
  readonly cites?: string;
  /**
   * What the step prepares, where the case is not about it (`the gateway comes online`): when it fails, nothing was tested. `true`
   * where what it does says that.
   */
  readonly setup?: string | true;
}

export type Step = Cites &
  (
    | Start
    | Send
    | Close
    | Disturb
    | SendSignal
    | Flow
    | Fill
    | Collect
    | ExpectSequence
    | ExpectAmong
    | ExpectCount
    | ExpectOrder
    | ExpectSilence
    | ExpectExit
    | ExpectConnect
    | Say
    | ExpectOpen
    | Dial
    | ExpectRefused
    | Listening
    | PlaceFile
    | ExpectFile
    | ExpectContent
    | Ask
  );

/**
 * Starts the implementation. `options` replaces the options of the wiring; `environment` are variables that it has beside those that it
 * inherits, with the same placeholders; `script` is what the probe, its child, does.
 */
interface Start {
  readonly verb: 'start';
  readonly options?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly script?: JsonValue;
}
interface Send {
  readonly verb: 'send';
  readonly channel: ChannelName;
  readonly hex: string;
  /** Values that were saved, each where so many bytes of `hex` stand before it. In order. */
  readonly insert?: readonly { readonly at: number; readonly saved: string }[];
  readonly repeat?: number;
}
/** Our end of the channel, whichever it is. Of a socket `half-close` ends our direction, and `reset` breaks a TCP connection. */
interface Close {
  readonly verb: 'close' | 'half-close' | 'reset';
  readonly channel: ChannelName;
}
/**
 * From now on what the tester sends on the channel meets a fault, as if a proxy stood between (src/impl/proxy): it comes late, in pieces,
 * or not at all, or the connection breaks under it. `after` counts from here. A send is then over when its last byte has left, or will
 * never leave, so that no wait of a later step has our own slowness in it. What a half-open connection brings is not seen.
 */
interface Disturb {
  readonly verb: 'disturb';
  readonly channel: ChannelName;
  readonly fault: Disturbance;
}
interface SendSignal {
  readonly verb: 'signal';
  readonly signal: Signal;
}
interface Flow {
  readonly verb: 'pause' | 'resume';
  readonly channel: ChannelName;
}
/** Before `start`: fills the pipe that the implementation will write to with `hex` and then zeros, so that its first write has to wait. */
interface Fill {
  readonly verb: 'fill';
  readonly channel: ChannelName;
  readonly hex: string;
  readonly within: Duration;
}
/** Takes in what the probe wrote down, as the whole content of `channel`. Waits until the probe says that it ends. */
interface Collect {
  readonly verb: 'collect';
  readonly channel: ChannelName;
  readonly within: Duration;
}
/** The next messages of the channel are these, in this order, and with `thenEof` nothing after them. */
export interface ExpectSequence {
  readonly verb: 'expect-sequence';
  readonly channel: ChannelName;
  readonly items: readonly ExpectedMessage[];
  readonly thenEof?: boolean;
  readonly within: Duration;
}
/** Skips messages of the channel until this one. */
interface ExpectAmong {
  readonly verb: 'expect-among';
  readonly channel: ChannelName;
  readonly message: Pattern;
  readonly within: Duration;
}
/** Among all messages of the channel so far. */
interface ExpectCount {
  readonly verb: 'expect-count';
  readonly channel: ChannelName;
  readonly message: Pattern;
  readonly least: number;
  /** Absent: any number. */
  readonly most?: number;
}
/**
 * Among all messages of the channel so far, none that is `after` comes before the first that is `before`; with `every`, none that is
 * `before` comes after the first that is `after`.
 */
interface ExpectOrder {
  readonly verb: 'expect-order';
  readonly channel: ChannelName;
  readonly before: Pattern;
  readonly after: Pattern;
  readonly every?: true;
}
/** The implementation runs on, and nothing comes on these channels, neither a message nor their end. */
interface ExpectSilence {
  readonly verb: 'expect-silence';
  readonly channels: readonly ChannelName[];
  readonly lasting: Duration;
  /** wall: by the date that everybody sees, which no faster timer of the implementation makes go faster. Default: its timers. */
  readonly clock?: 'wall';
}
/** Either list may be left out; with neither, any end will do. */
interface ExpectExit {
  readonly verb: 'expect-exit';
  readonly codes?: readonly number[];
  readonly signals?: readonly Signal[];
  readonly within: Duration;
}
/** Somebody accepts TCP connections at the address saved under `to`. */
interface ExpectConnect {
  readonly verb: 'expect-connect';
  readonly to: string;
  readonly within: Duration;
}

// Steps of roles that have sockets.

/** As `send`, with text: `{name}` is the value saved under the name, and the channel's encoder makes bytes of the rest. */
interface Say {
  readonly verb: 'say';
  readonly channel: ChannelName;
  readonly text: string;
  readonly repeat?: number;
}
/** The implementation connects: the channel is open. */
interface ExpectOpen {
  readonly verb: 'expect-open';
  readonly channel: ChannelName;
  readonly within: Duration;
}
/** Where the implementation listens: on the port of the case, or at a path in its directory. */
export type Target = { readonly tcp: 'port' } | { readonly unix: string };
/** Connects, again and again until somebody accepts. */
interface Dial {
  readonly verb: 'dial';
  readonly channel: ChannelName;
  readonly to: Target;
  readonly within: Duration;
}
/** Connects until nobody accepts. */
interface ExpectRefused {
  readonly verb: 'expect-refused';
  readonly to: Target;
  readonly within: Duration;
}
/** The tester stops listening, or listens again, on the same port. */
interface Listening {
  readonly verb: 'close-listener' | 'listen';
}
/** Writes a file in the directory of the case; `{dir}` and `{port}` in the text are replaced. */
interface PlaceFile {
  readonly verb: 'place';
  readonly path: string;
  readonly text: string;
}
/** The file is there and has this text in it, and not the other; with no text, it is not there (any more). */
interface ExpectFile {
  readonly verb: 'expect-file';
  readonly path: string;
  readonly contains?: string;
  readonly lacks?: string;
  readonly within: Duration;
}
/** What the file holds, as a message of the channel, is this. Every content that is seen until then is a message of the channel. `{name}` in the path is the value saved under it. */
interface ExpectContent {
  readonly verb: 'expect-content';
  readonly path: string;
  readonly channel: ChannelName;
  readonly message: Pattern;
  readonly within: Duration;
}
/** Runs a program of the implementation that shows what it knows, to its end. What it writes is the whole content of the channel. */
interface Ask {
  readonly verb: 'ask';
  readonly reader: string;
  readonly channel: ChannelName;
  readonly within: Duration;
}

export interface Case {
  readonly id: string;
  /** Raised when the verdict on some implementation may change. */
  readonly rev: number;
  readonly title: string;
  readonly role: string;
  readonly requirements: readonly string[];
  readonly steps: readonly Step[];
  /** A negative case is its valid twin with one named deviation. The twin runs first; if it does not pass, this one is inconclusive. */
  readonly twin?: string;
  readonly deviation?: string;
  /** Who is logged in on the machine, where the case is about that. */
  readonly people?: readonly Person[];
  /** What an implementation must claim for the case to apply. */
  readonly needs?: readonly string[];
  /** Ids it had before; who selects one selects this case. */
  readonly was?: readonly string[];
  /** Of the whole case; every step has its own bound as well. */
  readonly deadline: Duration;
  /** The two events that race in it. It is played several times, under varied pressure, and fails when one of these fails. */
  readonly race?: string;
  /** Takes minutes by the clock on the wall: played there only on request. In virtual time it costs nothing. */
  readonly slow?: true;
}

/** Somebody at a terminal that has no node below /dev, so that nothing is known of idleness. */
export interface Person {
  readonly line: string;
  readonly user: string;
  /** Seconds of Unix. */
  readonly since: number;
}

/** What the steps of a case come to. How bad a failure is depends on the level of its requirement (run/grade.ts). */
export type Verdict = { readonly verdict: 'pass' } | Refutation | Undecided | { readonly verdict: 'not-applicable'; readonly why: string };

/** What a step awaited and what came; `requirement` is the one it cites. */
export interface Unmet {
  readonly step: number;
  readonly requirement: string;
  readonly expected: string;
  readonly received: string;
  /** Absent where it is not the wire that shows it. */
  readonly at?: Divergence;
}

export interface Undecided {
  readonly verdict: 'inconclusive';
  readonly why: string;
  /**
   * setup: a step failed that the case is not about. withheld: a deadline was over, and the tester had not read all the time.
   * starved: a deadline was over, and the computer had no time for one of the two (strain.ts).
   */
  readonly by?: 'setup' | 'withheld' | 'starved';
  /** The step that was not met. */
  readonly unmet?: Unmet;
}

export interface Refutation extends Unmet {
  readonly verdict: 'fail';
  /** order: something else came. time: nothing came before a deadline, which a busy machine can bring about as well. */
  readonly by: 'order' | 'time';
  /** No computer that has no time brings this about: bytes that break the format, and a flood. */
  readonly certain?: true;
}

/** Where on the wire the implementation went another way than was expected. */
export interface Divergence {
  readonly channel: ChannelName;
  /** Messages of the channel that came before. */
  readonly after: number;
  /** What there is: bytes that break the format, a message, the end of the channel, or nothing in time. */
  readonly is: 'violation' | 'message' | 'end' | 'nothing';
  /** How many kinds of message would have done: the fewer, the nearer the case is to what is wrong. */
  readonly wanted: number;
}

// ── how a role is wired ─────────────────────────────────────────────────────────────────────────────────────────────

export interface ChannelWiring {
  /** The implementation's descriptor; none for what the probe wrote down, and for a socket. */
  readonly descriptor: number | undefined;
  /** The pipe is that of the nth start of a case: every start has its own. Absent: of the first. */
  readonly start?: number;
  /** `in`: from the implementation to the tester. `both`: a socket, which a step or the implementation opens. */
  readonly direction: 'in' | 'out' | 'both';
  /** A UDP socket of the tester: on the port of the case, or on any other. What is sent goes to the implementation, at the port of the case. */
  readonly datagrams?: 'port' | 'other';
  /** Absent: bytes are counted and their tail is kept. */
  readonly decoder?: (saved: Saved) => Decoder;
  /** The requirement that a violation breaks, by its clause: whatever a case is about, that is what is wrong. */
  readonly rules?: Readonly<Record<string, string>>;
  /** The same of a message that does not come to its end in time. */
  readonly unfinished?: string;
  /** Of the text of `say`; absent: UTF-8. */
  readonly encoder?: (text: string, saved: Saved) => Uint8Array;
  /** Of what somebody said in a capture, where other bytes have to be sent to say it again; absent: the same bytes do. */
  readonly retelling?: (saved: Saved) => Retelling;
}

/** Incremental: what is to be sent as bytes, and as the text of `say`, in order. What begins as such a text is held until it is whole. */
export interface Retelling {
  feed(bytes: Uint8Array): readonly (Uint8Array | string)[];
  end(): readonly (Uint8Array | string)[];
}

/** Values of a case by the names they were saved under: they come as the case goes on. */
export type Saved = ReadonlyMap<string, string>;

/** What is around an implementation that has sockets: a port on 127.0.0.1, and a directory with files. */
export interface Environment {
  /** The tester listens on the port, and the nth connection is the nth of these channels; more are closed. With none the port is free. */
  readonly accepts: readonly ChannelName[];
  /** Made in this order. All paths are relative to the directory of the case. */
  readonly directories: readonly string[];
  /** Text by path. `{dir}` and `{port}` in it are replaced, as in the options. */
  readonly files: Readonly<Record<string, string>>;
}

export type { FieldMode, Varying };

/** How a tester meets an implementation in one role. */
export interface Wiring {
  /** Of messages that are compared with a capture: the first row that fits counts. */
  readonly varies?: readonly Varying[];
  readonly channels: Readonly<Record<ChannelName, ChannelWiring>>;
  readonly options: readonly string[];
  /** Where it listens for local clients, as a path in the directory of the case; absent: at the port of the case. */
  readonly local?: string;
  /** The program that the implementation has to run as its child, or none. */
  readonly probe: string | undefined;
  readonly environment?: Environment;
  /** What is saved at the beginning of each case, by name, unless the implementation has other values for them. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Why an implementation has to be started for each case: one that is there already cannot be tested in the role. */
  readonly startedBecause?: string;
}
