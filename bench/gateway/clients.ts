/**
 * Local clients on the real kernel, over node:net alone and nothing of ours: each has one request outstanding, and asks the
 * next one when it is answered. Who is cut off, or told con_lost and then cut off, opens its socket again.
 */
import { createConnection, type Socket } from 'node:net';
import { CON_LOST, type Question, type Questions } from './requests.ts';

export interface ClientsOptions {
  readonly path: string;
  readonly clients: number;
  /** In all. */
  readonly requests: number;
  readonly questions: (client: number) => Questions;
  /** After that nothing new is asked. */
  readonly limitMs: number;
  /** Called after every answer. */
  readonly progress?: (answered: number) => void;
}

export interface Tally {
  /** Requests that were written. */
  asked: number;
  /** Answered as they should be. */
  own: number;
  /** con_lost, or cut off before the answer. */
  lost: number;
  /** Asked, and nothing was heard until the limit and UNANSWERED_MS more. */
  unanswered: number;
  /** Anything else that was heard: somebody else's answer, or an answer to nothing. The first few. */
  readonly strange: string[];
  seconds: number;
}

const RETRY_MS = 50;
/** A request may be held up by a kill; none waits that long. */
const UNANSWERED_MS = 20_000;
const STRANGE_MAX = 10;

/** Resolves when all is answered, or at the limit. */
export function runClients(options: ClientsOptions): Promise<Tally> {
  return new Promise(resolve => {
    const run = new Run(options, resolve);
    for (let index = 0; index < options.clients; index++) new Client(run, index).open();
  });
}

/** What the clients have in common: how many questions are left, and the tally. */
class Run {
  readonly options: ClientsOptions;
  readonly tally: Tally = { asked: 0, own: 0, lost: 0, unanswered: 0, strange: [], seconds: 0 };
  over = false;
  readonly #clients = new Set<Client>();
  readonly #begun = performance.now();
  readonly #done: (tally: Tally) => void;
  readonly #limit: NodeJS.Timeout;

  constructor(options: ClientsOptions, done: (tally: Tally) => void) {
    this.options = options;
    this.#done = done;
    this.#limit = setTimeout(() => {
      this.over = true;
      for (const client of this.#clients) client.leaveIfIdle();
      setTimeout(() => this.#giveUp(), UNANSWERED_MS).unref();
    }, options.limitMs);
  }

  enter(client: Client): void {
    this.#clients.add(client);
  }

  /** False when there is nothing left to ask. */
  take(): boolean {
    if (this.over || this.tally.asked >= this.options.requests) return false;
    this.tally.asked += 1;
    return true;
  }

  heard(line: string, question: Question | undefined): void {
    const { tally } = this;
    if (question !== undefined && line === question.answer) tally.own += 1;
    else if (question !== undefined && line === CON_LOST) tally.lost += 1;
    else this.#strange(`'${line}' to ${question === undefined ? 'nothing' : `'${question.request}'`}`);
    if (question !== undefined) this.#progress();
  }

  cutOff(): void {
    this.tally.lost += 1;
    this.#progress();
  }

  leave(client: Client): void {
    this.#clients.delete(client);
    if (this.#clients.size === 0) this.#finish();
  }

  #progress(): void {
    const { own, lost } = this.tally;
    this.options.progress?.(own + lost);
  }

  #strange(text: string): void {
    if (this.tally.strange.length < STRANGE_MAX) this.tally.strange.push(text);
  }

  #giveUp(): void {
    this.tally.unanswered += this.#clients.size;
    for (const client of this.#clients) client.destroy();
    this.#finish();
  }

  #finish(): void {
    clearTimeout(this.#limit);
    this.over = true;
    this.tally.seconds = (performance.now() - this.#begun) / 1_000;
    this.#done(this.tally);
  }
}

class Client {
  readonly #run: Run;
  readonly #questions: Questions;
  #socket: Socket | undefined;
  #question: Question | undefined;
  #next = 0;
  #text = '';
  #left = false;

  constructor(run: Run, index: number) {
    this.#run = run;
    this.#questions = run.options.questions(index);
    run.enter(this);
  }

  open(): void {
    if (this.#run.over) this.#leave();
    if (this.#left) return;
    this.#text = '';
    const socket = createConnection(this.#run.options.path);
    this.#socket = socket;
    socket.setEncoding('latin1');
    socket.on('connect', () => this.#ask()).on('data', text => this.#read(String(text)));
    // `close` follows, and says the same.
    socket.on('error', () => {});
    socket.on('close', () => this.#closed());
  }

  leaveIfIdle(): void {
    if (this.#question === undefined) this.#leave();
  }

  destroy(): void {
    this.#left = true;
    this.#socket?.destroy();
  }

  #ask(): void {
    if (this.#run.take()) {
      this.#question = this.#questions(this.#next++);
      this.#socket?.write(`${this.#question.request}\n`);
    } else this.#leave();
  }

  #read(text: string): void {
    const parts = (this.#text + text).split('\n');
    this.#text = parts.pop() ?? '';
    for (const line of parts) {
      const question = this.#question;
      this.#question = undefined;
      this.#run.heard(line, question);
      if (question !== undefined && !this.#left) this.#ask();
    }
  }

  #closed(): void {
    if (this.#left) return;
    if (this.#question !== undefined) this.#run.cutOff();
    this.#question = undefined;
    setTimeout(() => this.open(), RETRY_MS);
  }

  #leave(): void {
    if (this.#left) return;
    this.#left = true;
    this.#socket?.destroy();
    this.#run.leave(this);
  }
}
