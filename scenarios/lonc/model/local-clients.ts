/**
 * The local clients of a gateway child: who is connected, what each has asked and has not been answered, and what each is owed.
 * Lacks: when a request is sent to lond, and what is answered (gateway-child.ts).
 */
import type { Instant } from '../../../src/host/time.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import type { Duties } from './duties.ts';
import { CLIENTS_MAX, CON_LOST, KERNEL_MAX, QUEUE_MAX, REQUEST_MAX, UNTAKEN_MAX } from './facts.ts';
import { Lines } from './lines.ts';
import { shown } from './shown.ts';

export interface Client {
  readonly stream: string;
  readonly lines: Lines;
  waiting: number;
  gone: boolean;
  /** Lines that it is owed now. */
  readonly owed: string[];
  /** Characters that it was sent, or is about to be, and has not read. */
  untaken: number;
}

export interface Request {
  readonly client: Client;
  readonly text: string;
}

export class LocalClientsModel {
  readonly #process: string;
  readonly #duties: Duties;
  readonly #emptied: () => void;
  readonly #clients = new Map<string, Client>();
  #queue: Request[] = [];

  /** `emptied`: nobody waits any more who may be asked for, because somebody left. */
  constructor(process: string, duties: Duties, emptied: () => void) {
    this.#process = process;
    this.#duties = duties;
    this.#emptied = emptied;
  }

  /** The request that is next: who has too much to read is passed over, and keeps nobody waiting. */
  get next(): Request | undefined {
    return this.#queue.find(({ client }) => client.untaken <= UNTAKEN_MAX);
  }

  /** Whether that one is next for sure, since nobody is passed over who may not have to be. */
  isFirst(request: Request): boolean {
    return this.#queue[0] === request;
  }

  /**
   * The request that is asked in this form now. It is the first of all; where somebody has not read too much of his answers, and is passed over,
   * the first of each client. Of two who have asked the same, it is that of the one who may.
   */
  whose(isForm: (text: string) => boolean): Request | undefined {
    const inTurn = this.#queue.every(({ client }) => client.untaken <= UNTAKEN_MAX);
    const right = this.#queue.filter(
      (each, index) => isForm(each.text) && index === (inTurn ? 0 : this.#queue.findIndex(({ client }) => client === each.client)),
    );
    return right.find(({ client }) => client.untaken <= UNTAKEN_MAX) ?? right[0];
  }

  /** A request to close the connection is not sent, and leaves its place to nobody. */
  drop(request: Request): void {
    this.#queue = this.#queue.filter(each => each !== request);
  }

  /** A request is being sent: another of its client may wait. */
  take(request: Request, time: Instant): void {
    this.drop(request);
    request.client.waiting -= 1;
    this.#enqueue(request.client, time);
  }

  accepts(stream: string, time: Instant): undefined {
    const client: Client = { stream, lines: new Lines(), waiting: 0, gone: false, owed: [], untaken: 0 };
    if (this.#clients.size < CLIENTS_MAX) this.#clients.set(stream, client);
    else this.#owe(`close ${stream}`, time, `keeps ${stream}, one client too many`);
  }

  /** Whether it came from a client; or what is wrong with that it is read. */
  hears(stream: string, text: string, time: Instant): boolean | string {
    const client = this.#clients.get(stream);
    if (client === undefined || client.gone) return false;
    if (client.waiting >= QUEUE_MAX) return `reads on from ${stream}, of whom ${client.waiting} requests wait`;
    client.lines.feed(text);
    this.#enqueue(client, time);
    return true;
  }

  /** The other end of a connection within the machine has read so much. */
  taken(stream: string, length: number): void {
    const client = this.#clients.get(stream);
    if (client !== undefined) client.untaken -= length;
  }

  /** The kernel has all that it was answered. Whether it is a client. */
  drained(stream: string): boolean {
    const client = this.#clients.get(stream);
    if (client !== undefined) client.untaken = Math.min(client.untaken, KERNEL_MAX);
    return client !== undefined;
  }

  /** It was sent more than the kernel has room for, and reads nothing. */
  isDeaf({ untaken }: Client): boolean {
    return untaken > UNTAKEN_MAX + KERNEL_MAX;
  }

  tell(client: Client, line: string, time: Instant): void {
    if (client.gone) return;
    client.owed.push(line);
    client.untaken += line.length + 1;
    this.#owe(`answer ${client.stream}`, time, `owes ${client.stream} the answer '${shown(line)}'`);
  }

  answers(stream: string, text: string): string | undefined {
    const client = this.#clients.get(stream);
    if (client === undefined) return stream.startsWith('unix') ? `says '${shown(text)}' to ${stream}, who is nobody` : undefined;
    const line = client.owed.shift();
    if (line === undefined) return `says '${shown(text)}' to ${stream}, which has asked nothing`;
    if (text !== `${line}\n`) return `says '${shown(text)}' to ${stream} instead of '${shown(line)}'`;
    if (client.owed.length === 0) this.#duties.done(this.#process, `answer ${stream}`);
    return undefined;
  }

  ends({ kind, time, data }: TraceEvent, stream: string): string | undefined {
    const owed = this.#duties.done(this.#process, `close ${stream}`);
    const client = this.#clients.get(stream);
    if (client === undefined || owed) {
      if (client !== undefined) this.#clients.delete(stream);
      return undefined;
    }
    this.#forget(client);
    if (kind === 'eof') {
      this.#owe(`close ${stream}`, time, `keeps ${stream}, which has left`);
      return undefined;
    }
    return data?.['error'] === undefined ? `closes ${stream}, and has no reason` : undefined;
  }

  /** Everybody who waits is told con_lost, and is disconnected. */
  refuseAll(time: Instant): void {
    for (const { client } of this.#queue) this.tell(client, CON_LOST, time);
    this.#queue = [];
    for (const client of this.#clients.values()) this.#owe(`close ${client.stream}`, time, `does not let ${client.stream} go`);
  }

  /** Of each client so many requests wait at most. */
  #enqueue(client: Client, time: Instant): void {
    while (client.waiting < QUEUE_MAX) {
      const { line, tooLong } = client.lines.next(REQUEST_MAX);
      if (tooLong === true) this.#owe(`close ${client.stream}`, time, `keeps ${client.stream}, whose line is too long`);
      if (tooLong === true) this.#forget(client);
      if (line === undefined) return;
      client.waiting += 1;
      this.#queue.push({ client, text: line });
    }
  }

  #forget(client: Client): void {
    client.gone = true;
    this.#clients.delete(client.stream);
    this.#queue = this.#queue.filter(each => each.client !== client);
    this.#duties.done(this.#process, `answer ${client.stream}`);
    if (this.next === undefined) this.#emptied();
  }

  #owe(key: string, at: Instant, what: string): void {
    this.#duties.owe(this.#process, key, at, what);
  }
}
