/**
 * How a tester meets an implementation in one role: channels with their decoders, options, and the files around it.
 * Lacks: arms: what is a real process and what a simulated one (conformance/arms).
 */
import type { Decoder, Message } from '../src/trace/message.ts';
import type { Varying } from '../src/trace/varying.ts';
import type { ChannelName } from './verbs.ts';

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

/** How a tester meets an implementation in one role. */
export interface Wiring {
  /** Of messages that are compared with a capture: the first row that fits counts. */
  readonly varies?: readonly Varying[];
  readonly channels: Readonly<Record<ChannelName, ChannelWiring>>;
  readonly options: readonly string[];
  /** The options with which ours says what one has said in a capture; absent: `options`. */
  readonly startOf?: (said: readonly Message[]) => readonly string[];
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
