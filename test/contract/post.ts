/**
 * A bound socket for datagrams that keeps what it receives.
 */
import { textOf, utf8 } from '../../src/host/bytes.ts';
import type { DatagramAddress, DatagramOptions, DatagramSocket, Host } from '../../src/host/host.ts';
import type { Result } from '../../src/host/result.ts';
import { must } from './case.ts';
import { outcome } from './kit.ts';
import { answerOf, Condition, type Story } from './story.ts';

interface Message {
  readonly bytes: Uint8Array;
  readonly from: DatagramAddress;
}

export class Post {
  readonly socket: DatagramSocket;
  readonly messages: readonly Message[];
  readonly #arrived: Condition;

  constructor(socket: DatagramSocket, messages: readonly Message[], arrived: Condition) {
    this.socket = socket;
    this.messages = messages;
    this.#arrived = arrived;
  }

  get texts(): string {
    return this.messages.map(({ bytes }) => JSON.stringify(textOf(bytes))).join(' ') || 'nothing';
  }

  /** Each with its source, in the order of sources. */
  get heard(): string {
    const texts = this.messages.map(({ bytes, from }) => `${JSON.stringify(textOf(bytes))} from ${from.address}`);
    return texts.toSorted((one, other) => (one < other ? -1 : 1)).join(' ') || 'nothing';
  }

  *untilReceived(count: number): Story<void> {
    yield* this.#arrived.until(() => this.messages.length >= count);
  }

  /** What this machine's kernel thought of it. */
  *send(what: string | Uint8Array, to: DatagramAddress): Story<string> {
    const bytes = typeof what === 'string' ? utf8(what) : what;
    return outcome(yield* answerOf<Result<void>>(sent => this.socket.send(bytes, to, sent)));
  }
}

export const at = (address: string, port = 0): DatagramAddress => ({ address, port });

export function* bound(host: Host, where: DatagramAddress, options: DatagramOptions = {}): Story<Post> {
  const messages: Message[] = [];
  const arrived = new Condition();
  const message = (bytes: Uint8Array, from: DatagramAddress): void => {
    messages.push({ bytes, from });
    arrived.check();
  };
  const result = yield* answerOf<Result<DatagramSocket>>(opened => host.network.bind(where, options, { opened, message }));
  return new Post(must(result), messages, arrived);
}

export function* bindOutcome(host: Host, where: DatagramAddress): Story<string> {
  const result = yield* answerOf<Result<DatagramSocket>>(opened => host.network.bind(where, {}, { opened, message() {} }));
  if (result.ok) result.value.close();
  return outcome(result);
}
