/**
 * What the published source and its clients decide instead, by trap (quirks.ts): the members of the rules that each replaces, and
 * the code of their mistakes. Of traps that replace the same member the last stands.
 */
import { concat } from '../../host/bytes.ts';
import type { Random } from '../../host/host.ts';
import { type Duration, micros } from '../../host/time.ts';
import { EXIT_FAILURE } from '../command-line/exit.ts';
import { rulesOf as applied } from '../command-line/traps.ts';
import type { Child } from './child.ts';
import type { Outgoing, Writes } from './outgoing.ts';
import { type Quirks, TRAPS } from './quirks.ts';
import { ChunkReader, ReaderPerMessage } from './readers.ts';
import { CORRECTED, type Rules } from './rules.ts';
import { type Message, P2P_ADDRESS, PAYLOAD_MAX, RPC_ADDRESS } from './wire.ts';
import { DRAIN } from './writer.ts';

/** How long it takes until the listener of shutdown requests waits for one (DC-04), in microseconds. */
const LISTENER_DELAY_MAX = 200;
/** How long it takes until reading a bad descriptor has failed (DC-14), in microseconds. */
const READ_FAILURE_DELAY_MAX = 500;
/** Where the copy of the control pipe's write end goes (DC-16). */
const CHILD_LEAK = 5;
/** The time between taking a message and writing it (DC-18), in microseconds: mostly short; one time in so many the writer is not scheduled for long. */
const HANDOVER_SHORT = 50;
const HANDOVER_LONG = 8_000;
const HANDOVER_RARE = 16;

export const AS_WRITTEN: Readonly<Record<string, Partial<Rules>>> = {
  'DC-01': { ids: 'comment' },
  'DC-03': {
    *stopsServer(announce, stop) {
      yield* stop;
      yield announce;
    },
  },
  'DC-04': { deafFor: random => micros(random.below(LISTENER_DELAY_MAX)) },
  'DC-05': { withoutWriter: { ...DRAIN, notify: () => {} } },
  'DC-06': { sender: 'waits', queueLimit: Number.POSITIVE_INFINITY },
  'DC-07': { losses: 'silent' },
  'DC-08': { writes: streamed },
  'DC-10': { typeMost: Number.POSITIVE_INFINITY },
  'DC-11': { declaredSize: 'believed' },
  'DC-12': { sharesLog: pipetx => pipetx === 1 || pipetx === 2 },
  'DC-13': { descriptor: number => (number === 0 ? undefined : number) },
  'DC-14': { badDescriptor: failsLater },
  'DC-16': { inherited: control => ({ [CHILD_LEAK]: control }) },
  'DC-18': { handover, exit: 'goes on' },
  'DC-19': { decodes: () => ({ payloadLimit: PAYLOAD_MAX }) },
  'DC-20': {
    decoder: () => new ChunkReader(),
    order: 'as it comes',
    overlooks: ({ detail }, host) => {
      host.log('error', 'chunk-lost', { detail });
      return true;
    },
  },
  'DC-21': { reader: decoder => new ReaderPerMessage(decoder), order: 'as it comes' },
  'DC-22': { content: bothAddresses, order: 'as it comes' },
  'DC-23': { interruptedStatus: EXIT_FAILURE },
  'DC-28': { sends: () => true },
  'DC-29': { listensEnough: ({ listeners, failures }) => failures.length === 0 || listeners.length > 0 },
};

export const rulesOf = (quirks: Quirks): Rules => applied(CORRECTED, AS_WRITTEN, TRAPS, quirks);

/** Reading a bad descriptor fails in another thread, somewhat later; without the other one all events are lost. */
function failsLater(child: Child, option: 'pipetx' | 'piperx'): void {
  if (option === 'pipetx') return;
  const delay = micros(child.host.random.below(READ_FAILURE_DELAY_MAX));
  child.host.clock.setTimer(delay, () => child.requestShutdown('control-failed'));
}

function handover(random: Random): Duration {
  const rare = random.below(HANDOVER_RARE) === 0;
  return micros(random.below(rare ? HANDOVER_LONG : HANDOVER_SHORT));
}

/** Who has both addresses has what it came for. */
function bothAddresses(): (message: Message) => boolean {
  const seen = new Set<string>();
  return message => {
    if (message.kind !== 'address') return false;
    seen.add(message.type);
    return seen.has(P2P_ADDRESS) && seen.has(RPC_ADDRESS);
  };
}

/** Through a buffer, while the payload is still being produced. DC-11 follows: its size is known too late to be checked. */
function streamed(head: Uint8Array, message: Outgoing): Writes {
  const buffer = new WriteBuffer();
  buffer.write(head);
  for (const piece of message.pieces) {
    const bytes = piece();
    if (!bytes.ok)
      return { calls: buffer.calls, refused: undefined, failure: `payload source failed: ${bytes.error.code} ${bytes.error.call}` };
    buffer.write(bytes.value);
  }
  buffer.flush();
  return { calls: buffer.calls, refused: undefined, failure: undefined };
}

/** C3: the size of the published writer's buffer. */
export const BUFFER_SIZE = 4_096;

/** A buffered writer as Go's bufio has it: full buffers go out as one call, and what is longer than an empty buffer goes out unbuffered. */
class WriteBuffer {
  readonly calls: Uint8Array[] = [];
  #parts: Uint8Array[] = [];
  #filled = 0;

  write(bytes: Uint8Array): void {
    let rest = bytes;
    while (rest.length > BUFFER_SIZE - this.#filled) {
      if (this.#filled === 0) {
        this.calls.push(rest);
        return;
      }
      const fits = BUFFER_SIZE - this.#filled;
      this.#parts.push(rest.subarray(0, fits));
      rest = rest.subarray(fits);
      this.#filled = BUFFER_SIZE;
      this.flush();
    }
    if (rest.length === 0) return;
    this.#parts.push(rest);
    this.#filled += rest.length;
  }

  flush(): void {
    if (this.#filled > 0) this.calls.push(concat(this.#parts));
    this.#parts = [];
    this.#filled = 0;
  }
}
