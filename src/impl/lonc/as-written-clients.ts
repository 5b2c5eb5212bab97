/**
 * The local side of a gateway child as published: a select loop, in which reads come before writes, and in which con_lost in the output
 * of a client is how the loss of the connection is found. Each trap is played only if its rule is on.
 */
import type { Host, Stream, StreamHandler } from '../../host/host.ts';
import { ZERO } from '../../host/time.ts';
import { bytesOf } from './latin1.ts';
import type { AnswerKind, LocalClient, LocalHooks, LocalRequest } from './local-clients.ts';
import { LocalClients } from './local-clients.ts';
import { CON_LOST } from './wire.ts';

export interface LoopRules {
  /** A-B03: who was told con_lost is told again after every reconnect. */
  readonly repeatsLoss: boolean;
  /** A-B04: a reply con_lost is taken for the loss of the connection. */
  readonly lossInBand: boolean;
  /** A-B05: a loss is found only in the output of a client. */
  readonly defersLoss: boolean;
  /** A-B15: a write to a client that has left kills. */
  readonly diesOfClients: boolean;
  /** A-B32: answers wait until all that was asked is processed. */
  readonly holdsAnswers: boolean;
}

/** Whoever holds the connection of these clients. */
export interface Holder {
  /** Nothing is outstanding. */
  readonly free: () => boolean;
  /** The connection counts as lost. */
  readonly lose: () => void;
}

export class LoopClients extends LocalClients {
  readonly #rules: LoopRules;
  readonly #holder: Holder;
  /** Answers that wait for the write phase, and what the last of each is. */
  readonly #output: Map<LocalClient, readonly [text: string, last: AnswerKind]> = new Map();
  /** Requests of the present turn of the loop, and who had output when it began. */
  #batch: LocalRequest[] = [];
  #writable: readonly LocalClient[] = [];
  /** Clients that were told con_lost when the connection was lost. */
  readonly #notified: Set<LocalClient> = new Set();
  /** A-B12: nobody is served, and what came meanwhile. */
  #hung = false;
  readonly #unread: Map<LocalClient, Uint8Array[]> = new Map();
  /** A-B15: of these clients a request was begun and its answer is not written; these requests were read at such a time. */
  readonly #asking: WeakSet<LocalClient> = new WeakSet();
  readonly #late: WeakSet<LocalRequest> = new WeakSet();
  /** A-B15: they have left, and nobody will notice before they are written to. */
  readonly #doomed: WeakSet<LocalClient> = new WeakSet();

  constructor(host: Host, hooks: LocalHooks, holder: Holder, rules: LoopRules) {
    super(host, hooks);
    this.#rules = rules;
    this.#holder = holder;
  }

  override take(): LocalRequest | undefined {
    if (this.#hung) return undefined;
    return this.#byTurns ? this.#takeByTurns() : super.take();
  }

  override answer(client: LocalClient, text: string, kind: AnswerKind): void {
    if (this.#doomed.has(client) && client.waiting === 0) this.host.process.kill(this.host.process.pid, 'SIGPIPE');
    if (!client.gone) this.#give(client, kind === 'cut' ? text : `${text}\n`, kind);
    if (kind !== 'lost' && text === CON_LOST && this.#rules.lossInBand) this.#declareLost([client]);
  }

  #give(client: LocalClient, line: string, kind: AnswerKind): void {
    // By turns it is the write phase that knows whose output was the marker.
    if (kind === 'lost' && !this.#rules.defersLoss) this.#notified.add(client);
    if (this.#byTurns) {
      this.#output.set(client, [`${this.#output.get(client)?.[0] ?? ''}${line}`, kind]);
      return;
    }
    this.#asking.delete(client);
    client.stream.write(bytesOf(line));
  }

  // ── the marker: A-B03, A-B04, A-B05 ───────────────────────────────────────────────────────────────────────────────

  /** The connection is there again. */
  served(): void {
    const notified = [...this.#notified];
    this.#notified.clear();
    if (!this.#rules.repeatsLoss) return;
    for (const client of notified) this.answer(client, CON_LOST, 'lost');
    if (notified.some(client => !client.gone)) this.#declareLost(notified);
  }

  /** The connection is lost: what is held back is given, since nobody will be asked for a while. A-B05: as written it waits for that as well. */
  release(): void {
    if (!this.#rules.defersLoss) for (const client of this.clients) this.#write(client);
  }

  /** Where answers are written at once it is here that the marker is seen; by turns the write phase sees it. */
  #declareLost(notified: readonly LocalClient[]): void {
    if (this.#rules.defersLoss) return;
    for (const client of notified) this.#notified.add(client);
    this.host.clock.setTimer(ZERO, () => this.#holder.free() && this.#holder.lose());
  }

  // ── the loop: A-B05, A-B32 ────────────────────────────────────────────────────────────────────────────────────────

  get #byTurns(): boolean {
    return this.#rules.defersLoss || this.#rules.holdsAnswers;
  }

  /** Everything asked is processed, then what had output when the turn began is written. */
  #takeByTurns(): LocalRequest | undefined {
    for (;;) {
      const request = this.#batch.shift();
      if (request !== undefined) return this.begun(request);
      for (const client of this.#writable) {
        if (!this.#write(client)) continue;
        this.#notified.add(client);
        this.#holder.lose();
        return undefined;
      }
      this.#writable = [...this.clients].filter(client => (this.#output.get(client)?.[0] ?? '') !== '');
      this.#batch = this.queue;
      this.queue = [];
      if (this.#batch.length === 0 && this.#writable.length === 0) return undefined;
    }
  }

  /** True if what was written is the marker of a lost connection, and nothing else; A-B04: whoever said it. */
  #write(client: LocalClient): boolean {
    const [output = '', last] = this.#output.get(client) ?? [];
    this.#output.delete(client);
    this.#asking.delete(client);
    if (client.gone || output === '') return false;
    client.stream.write(bytesOf(output));
    return this.#rules.defersLoss && output === `${CON_LOST}\n` && (last === 'lost' || this.#rules.lossInBand);
  }

  protected override refuseAll(): void {
    this.queue = [...this.#batch, ...this.queue];
    this.#batch = [];
    super.refuseAll();
    this.release();
  }

  // ── the process hangs in accept: A-B12 ────────────────────────────────────────────────────────────────────────────

  /** As if select had said that a connection is there to be accepted. */
  hang(): void {
    if (this.#holder.free()) this.#hung = this.listening;
  }

  protected override accept(stream: Stream): StreamHandler {
    if (this.#hung) this.#wake();
    return super.accept(stream);
  }

  protected override read(client: LocalClient, bytes: Uint8Array): void {
    if (!this.#hung || client.gone) {
      super.read(client, bytes);
      return;
    }
    this.#unread.set(client, [...(this.#unread.get(client) ?? []), bytes]);
    this.pause(client);
  }

  /** Who has said nothing meanwhile is taken for one who has left. */
  #wake(): void {
    this.#hung = false;
    for (const client of [...this.clients]) {
      const unread = this.#unread.get(client);
      this.#unread.delete(client);
      if (unread === undefined) this.drop(client, 'nothing to read');
      for (const bytes of unread ?? []) this.read(client, bytes);
    }
  }

  // ── clients that have left: A-B15 ─────────────────────────────────────────────────────────────────────────────────

  protected override queued(request: LocalRequest): void {
    const { client } = request;
    if (this.#asking.has(client) || this.#batch.some(each => each.client === client)) this.#late.add(request);
    super.queued(request);
  }

  protected override begun(request: LocalRequest): LocalRequest {
    this.#asking.add(request.client);
    return super.begun(request);
  }

  /** What is read next is a request and not the end; with its answer the one before is written. By turns it is read, and begun, before the end is met. */
  protected override forget(client: LocalClient): void {
    if (client.gone) return;
    const { queue } = this;
    super.forget(client);
    const late = [...this.#batch, ...queue].some(each => each.client === client && this.#late.has(each));
    if (late && this.#rules.diesOfClients) this.#doomed.add(client);
    if (this.#doomed.has(client) || this.#byTurns) this.queue = queue;
    this.#unread.delete(client);
    this.#output.delete(client);
  }
}
