/**
 * The steps of a case, as data: what the tester does, and what it then waits for.
 * Lacks: what a step means (judge/expectations.ts), and short forms to write them (steps.ts).
 */
import type { Signal } from '../src/host/signal.ts';
import type { Duration } from '../src/host/time.ts';
import type { Fault as Disturbance } from '../src/impl/proxy/fault.ts';
import type { JsonValue } from '../src/trace/event.ts';
import type { ExpectedMessage, Pattern } from './pattern.ts';

export type { Disturbance };

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
