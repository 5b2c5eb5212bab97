/**
 * What becomes of a request that has come (R2 to R4): it is decoded, it is asked who asks, it gets its place in the order, and what the
 * log has to know of it is committed before anybody is told.
 * Lacks: reading it (connection.ts), running it (runner.ts).
 */
import { concat, printable } from '../../host/bytes.ts';
import type { Fifo, Verdict } from '../fifo/fifo.ts';
import { busy, errorReply, refused } from './answer.ts';
import type { Answered } from './connection.ts';
import { type FormRules, formOf, type Place, type Request } from './form.ts';
import { type Header, isRefusal } from './header.ts';
import type { Journal } from './journal.ts';
import { decodePairs, type PairRules, type Pairs } from './pairs.ts';
import type { Entry } from './records.ts';
import type { Runner } from './runner.ts';
import type { State } from './state.ts';
import { knows, type Users } from './users.ts';
import type { Answer, Reply } from './wire.ts';

export interface IntakeRules extends PairRules, FormRules {
  /** RV-05: which host a request is of, by what it says and where it comes from. */
  readonly hostOf: (said: Uint8Array | undefined, from: string) => Uint8Array | undefined;
  /** RV-42: the pairs that the order is taken from. */
  readonly orderedBy: (body: Uint8Array, pairs: Pairs) => Pairs;
  /** RV-07: who asks is known before there is an order. */
  readonly authenticatesFirst: boolean;
  /** RV-20: nothing of an earlier request is in the answer of a later one. */
  readonly clearsOutput: boolean;
  /** RV-02, RV-38: who is told something: of a request that was run, or that is held. */
  readonly answersDuplicates: boolean;
  readonly answersHeld: boolean;
}

export interface IntakeParts {
  readonly state: State;
  readonly journal: () => Journal;
  readonly runner: Runner;
  readonly users: Users;
  readonly rules: IntakeRules;
  /** What the last request has said, where the traps are. */
  readonly stale: () => Uint8Array;
}

type Order = Fifo<Request, Reply>;

export class Intake {
  readonly #parts: IntakeParts;
  #stopping = false;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  /** Nothing is taken any more. */
  stop(): void {
    this.#stopping = true;
  }

  ask(header: Header, body: Uint8Array, from: string, answered: Answered): void {
    const { users, rules, journal, stale } = this.#parts;
    const asked = this.#decode(header, body, from);
    if ('status' in asked) {
      answered(asked);
      return;
    }
    const { request, place, auth } = asked;
    const known = knows(users, request.user, auth);
    const unknown = errorReply(401, `${printable(request.user)} has another secret, or is not known`);
    if (!known && rules.authenticatesFirst) {
      answered(rules.clearsOutput ? unknown : { ...unknown, body: concat([stale(), unknown.body]) });
      return;
    }
    if (this.#stopping || !journal().open) {
      answered(this.#located(place, busy(this.#stopping ? 'the server ends' : 'the log cannot be written')));
      return;
    }
    this.#order(request, place, known ? undefined : unknown, answered);
  }

  #decode(header: Header, body: Uint8Array, from: string): { request: Request; place: Place; auth: Uint8Array | undefined } | Answer {
    const { rules } = this.#parts;
    // A request that is not told to be a POST has nothing to read (RV-01).
    const decoded = header.method === 'POST' ? decodePairs(body, rules) : new Map<string, Uint8Array>();
    if ('problem' in decoded) return refused({ status: 400, why: `${decoded.problem}, at byte ${decoded.offset} of the body` });
    const pairs = new Map(decoded);
    const host = rules.hostOf(pairs.get('HOST'), from);
    if (host !== undefined) pairs.set('HOST', host);
    const request = formOf(pairs, true, rules);
    if (isRefusal(request)) return refused(request);
    const other = rules.orderedBy(body, pairs);
    const ordered = other === pairs ? request : formOf(other, true, rules);
    const place = isRefusal(ordered) ? request.place : ordered.place;
    if (place === undefined) return refused({ status: 400, why: 'HOST or MSGID is missing' });
    return { request: { ...request, place }, place, auth: pairs.get('AUTH') };
  }

  #order(request: Request, place: Place, denied: Reply | undefined, answered: Answered): void {
    const { state, runner } = this.#parts;
    const order: Order = state.order;
    const verdict = order.offer(place.stream, place, request);
    const acked: readonly Entry[] = this.#acked(request, place) ? [{ kind: 'acked', place: { ...place, number: request.acked ?? 0 } }] : [];
    const message: Entry = { kind: 'message', pairs: request.pairs };
    switch (verdict.is) {
      case 'now':
        runner.waiters.add(place, answered);
        this.#take([message, ...acked], place, durable => {
          if (durable) runner.run({ ...place, item: request }, { instead: denied });
          else runner.waiters.tell(place, busy(NOT_WRITTEN));
        });
        return;
      case 'held':
        this.#take(verdict.again ? acked : [message, ...acked], verdict.again ? undefined : place, durable =>
          this.#tell(place, verdict, durable, answered),
        );
        return;
      case 'running':
        runner.waiters.add(place, answered);
        return;
      default:
        this.#take(acked, undefined, durable => this.#tell(place, verdict, durable, answered));
    }
  }

  /** `taken`: what is withdrawn if it cannot be made durable. */
  #take(entries: readonly Entry[], taken: Place | undefined, then: (durable: boolean) => void): void {
    const { state, journal } = this.#parts;
    journal().commit(entries, durable => {
      if (!durable && taken !== undefined) state.order.withdraw(taken.stream, taken);
      then(durable);
    });
  }

  #acked({ acked }: Request, { stream, epoch }: Place): boolean {
    return acked !== undefined && this.#parts.state.order.acked(stream, { epoch, number: acked }) > 0;
  }

  #tell(place: Place, verdict: Verdict<Reply>, durable: boolean, answered: Answered): void {
    const { answersDuplicates, answersHeld } = this.#parts.rules;
    const duplicate = verdict.is === 'repeated' || verdict.is === 'done';
    if ((duplicate && !answersDuplicates) || (verdict.is === 'held' && !answersHeld)) answered(undefined);
    else if (!durable) answered(this.#located(place, busy(NOT_WRITTEN)));
    else if (verdict.is === 'repeated') answered({ ...this.#located(place, verdict.answer), replayed: true });
    else answered(this.#located(place, this.#replyFor(place, verdict)));
  }

  #replyFor({ stream, epoch, number }: Place, verdict: Verdict<Reply>): Reply {
    const awaited = this.#parts.state.order.awaited(stream);
    switch (verdict.is) {
      case 'held':
        return errorReply(202, `${number} is held; ${awaited?.number ?? 1} has not come`);
      case 'done':
        return errorReply(410, `${number} was done, and its answer is not kept`);
      case 'conflict':
        return errorReply(409, `${number} was another request`);
      case 'stale':
        return errorReply(409, `epoch ${epoch} is over; it is ${awaited?.epoch ?? 0}`);
      case 'full':
        return busy(`no room for ${number}`);
      case 'repeated':
        return verdict.answer;
      case 'now':
      case 'running':
        throw new Error(`'${verdict.is}' is answered when it has run`);
    }
  }

  #located({ stream, number }: Place, reply: Reply): Answer {
    const next = this.#parts.state.order.awaited(stream)?.number;
    return next === undefined ? reply : { ...reply, message: number, next };
  }
}

const NOT_WRITTEN = 'the log cannot be written';
