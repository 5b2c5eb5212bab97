/**
 * A server that is not ours, for the client that is: `--port=N`, `--moods=WORD,…` (one for each request that comes, again from the beginning
 * when they are used up), `--calm=MS` (from then on it only answers), `--refuse=N,…` (it takes TESTNULL alone for these numbers),
 * `--stuck=N,…` (not even that), `--fail=N,…`. It does each number of a stream once, in order, and knows R4 and R5 from reading them.
 * Lacks: a log: it must not be killed. Answers that are not kept.
 */
import type { Daemon, Host, Stream, StreamHandler } from '../../../src/host/host.ts';
import { type Logs, logs } from '../../../src/host/logs.ts';
import { type Duration, millis, seconds } from '../../../src/host/time.ts';
import { type Answer, answerOf, Incoming, octets, type Tokens, tokensIn } from '../parts/messages.ts';

export const MOODS = [
  'answer',
  /** Closes and has done nothing. */
  'close',
  /** Does it, and closes without an answer, or in the middle of it. */
  'drop',
  'half',
  /** Does it, and answers later, or never. */
  'slow',
  'silent',
  /** Does nothing, and says so. */
  'busy',
  'late',
  /** Does it, and says something else. */
  'garbage',
  'other',
] as const;
export type Mood = (typeof MOODS)[number];

const FORMS = {
  /** A number of a stream has been consumed. */
  did: { user: 'string', host: 'string', epoch: 'number', number: 'number', request: 'string', status: 'number', body: 'string' },
} as const;
export const foreignLog: Logs<typeof FORMS> = logs(FORMS);

const LATER: Duration = seconds(5);

interface Done {
  readonly request: string;
  readonly answer: Answer;
}
interface Line {
  next: number;
  readonly held: Map<number, Tokens>;
  readonly done: Map<number, Done>;
}

export const foreign: Daemon = host => {
  const server = new Foreign(host);
  host.signals.handle('SIGPIPE', 'ignore');
  host.network.listen(
    { transport: 'tcp', address: '0.0.0.0', port: Number(server.given('port')) },
    { backlog: 64 },
    { opened: () => {}, accept: stream => server.accept(stream) },
  );
};

class Foreign {
  readonly #host: Host;
  readonly #moods: readonly string[];
  readonly #lines: Map<string, Line> = new Map();
  #count = 0;

  constructor(host: Host) {
    this.#host = host;
    this.#moods = this.given('moods').split(',');
  }

  given(name: string): string {
    const start = `--${name}=`;
    return this.#host.process.args.find(each => each.startsWith(start))?.slice(start.length) ?? '';
  }

  accept(stream: Stream): StreamHandler {
    const incoming = new Incoming();
    let over = false;
    let isOpen = true;
    return {
      data: bytes => {
        incoming.take(bytes);
        const { message } = incoming;
        if (over || message === undefined) return;
        over = true;
        this.#asked(stream, tokensIn(message.body), () => isOpen);
      },
      end: () => {
        isOpen = false;
        stream.close();
      },
      close: () => {
        isOpen = false;
      },
    };
  }

  #asked(stream: Stream, tokens: Tokens, isOpen: () => boolean): void {
    const isCalm = this.#host.clock.monotonic() >= millis(Number(this.given('calm')));
    const mood = isCalm ? 'answer' : this.#moods[this.#count++ % this.#moods.length];
    const say = (text: string): void => {
      if (!isOpen()) return;
      stream.write(octets(text));
      stream.close();
    };
    const number = Number(tokens['MSGID']);
    const plain = { number, next: undefined, replayed: false, body: '' };
    if (mood === 'close') stream.close();
    else if (mood === 'busy') say(answerOf({ ...plain, status: 503, result: 'busy' }));
    else if (mood === 'late') say(answerOf({ ...plain, status: 408, result: 'refused', number: undefined }));
    else {
      const answer = answerOf(this.#answerTo(tokens, number));
      if (mood === 'answer') say(answer);
      else if (mood === 'drop') stream.reset();
      else if (mood === 'half') say(answer.slice(0, answer.length / 2));
      else if (mood === 'slow') this.#host.clock.setTimer(LATER, () => say(answer));
      else if (mood === 'garbage') say('HTTP/1.0 200 OK\r\n\r\nRover-Result: done');
      else if (mood === 'other') say(answerOf({ ...plain, status: 200, result: 'done', number: number + 1 }));
    }
  }

  #answerTo(tokens: Tokens, number: number): Answer {
    const line = this.#lineOf(tokens);
    const request = sameAs(tokens);
    const next = (): number => line.next;
    const refused = (): Answer => ({ status: 409, result: 'refused', number, next: next(), replayed: false, body: 'no\n' });
    const isNull = tokens['COMMAND'] === 'TESTNULL';
    if (this.#is('stuck', number) || (this.#is('refuse', number) && !isNull)) return refused();
    const before = line.done.get(number);
    if (before !== undefined) return before.request === request ? { ...before.answer, next: next(), replayed: true } : refused();
    line.held.set(number, tokens);
    for (let each = line.held.get(line.next); each !== undefined; each = line.held.get(line.next)) this.#do(line, each);
    return line.done.get(number)?.answer ?? { status: 202, result: 'held', number, next: next(), replayed: false, body: '' };
  }

  #do(line: Line, tokens: Tokens): void {
    const number = line.next++;
    const request = sameAs(tokens);
    const failed = this.#is('fail', number);
    const body = `${number} of ${request}`;
    const status = failed ? 422 : 200;
    line.held.delete(number);
    line.done.set(number, {
      request,
      answer: { status, result: failed ? 'failed' : 'done', number, next: line.next, replayed: false, body },
    });
    const { USER: user = '', HOST: host = '', EPOCH: epoch = '' } = tokens;
    foreignLog(this.#host).did({ user, host, epoch: Number(epoch), number, request, status, body });
  }

  #lineOf({ USER = '', HOST = '', EPOCH = '0' }: Tokens): Line {
    const key = JSON.stringify([USER, HOST, EPOCH]);
    const line = this.#lines.get(key) ?? { next: 1, held: new Map(), done: new Map() };
    this.#lines.set(key, line);
    return line;
  }

  readonly #is = (name: string, number: number): boolean => this.given(name).split(',').includes(String(number));
}

/** What makes two requests the same. */
export const sameAs = ({ COMMAND = '', OBJECT = '', DATA = '' }: Tokens): string => [COMMAND, OBJECT, DATA].join(' ');
