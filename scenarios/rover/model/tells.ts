/**
 * WHAT THE SERVER TELLS OF ITSELF, a second time: what its parent and its daemon have to log of what crossed their Host, and what each name is
 * worth. A text that says more than the trace knows is compared as far as it is known.
 * Lacks: what a client tells (client-tells.ts).
 */
import { printable } from '../../../src/host/bytes.ts';
import type { EventData } from '../../../src/host/event.ts';
import type { LogForm, LogReader } from '../../../src/host/logs.ts';
import { type ExitStatus, formatExit, type Signal } from '../../../src/host/signal.ts';
import { type Instant, ORIGIN, seconds, since } from '../../../src/host/time.ts';
import { clientFailed, clientNoted, clientStep, clientWarned } from '../../../src/impl/rover/client-log.ts';
import { failed, noted, stepped, warned } from '../../../src/impl/rover/log.ts';
import { parentFailed, parentLog } from '../../../src/impl/rover/parent.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import { answerIn, Incoming, type Tokens, tokensIn } from '../parts/messages.ts';
import { DAEMON, WORKER } from '../parts/network.ts';

/** Whatever is logged, by how much it is worth. A server cannot go on without its log; to a client it is an error. */
const FORMS: Readonly<Record<string, readonly object[]>> = {
  critical: [failed, parentFailed],
  error: [clientFailed],
  warning: [warned, clientWarned],
  info: [noted, parentLog, clientNoted],
  debug: [stepped, clientStep],
};

/** What is logged is one of the lines that there are, with its fields and its severity. */
export function lineWrong(event: TraceEvent): string | undefined {
  const { severity, event: name } = event.data ?? {};
  if (name === 'usage') return severity === 'critical' ? undefined : `tells a usage as ${severity}`;
  const all = (FORMS[String(severity)] ?? []) as readonly Readonly<Record<string, LogReader<LogForm>>>[];
  const isLine = all.some(each => each[String(name)]?.of(event) !== undefined);
  return isLine ? undefined : `tells ${name} as ${severity} with ${Object.keys(event.data ?? {}).join(', ')}, which is no line of it`;
}

const statusOf = ({ data }: TraceEvent): ExitStatus =>
  data?.['code'] === undefined ? { signal: String(data?.['signal']) as Signal } : { code: Number(data['code']) };

/** Lines that have to be logged next, in order, before time goes on. */
export class Due {
  readonly #lines: string[] = [];
  #since: Instant = ORIGIN;

  add(line: string, now: Instant): void {
    if (this.#lines.length === 0) this.#since = now;
    this.#lines.push(line);
  }

  told(line: string): string | undefined {
    const due = this.#lines.shift();
    return due === line ? undefined : `tells '${line}', and '${due ?? 'nothing'}' was to be told`;
  }

  /** A process that stands still, or is killed, tells nothing. */
  late(now: Instant): string | undefined {
    return this.#lines.length > 0 && now > this.#since ? `has not told '${this.#lines[0]}'` : undefined;
  }
}

/** What may happen to a process while it stands still. */
const OF_KERNEL: readonly string[] = ['wait', 'accept', 'recv', 'eof', 'close', 'reset'];

const HEALTHY = seconds(10);

/** A parent: it says when it starts a daemon, how one has ended, and the how manyth short life another one follows. */
export class TellingParent {
  readonly #due: Due = new Due();
  readonly #born: Map<number, Instant> = new Map();
  #announced = false;
  #attempt = 0;
  #error = '';
  #told = false;

  see(event: TraceEvent): string | undefined {
    const { kind, data, time } = event;
    if (data?.['error'] !== undefined) this.#error = String(data['error']);
    if (kind === 'spawn' && data?.['program'] === DAEMON) {
      if (!this.#announced) return 'starts a daemon and has not told so';
      if (data['error'] === undefined) {
        this.#announced = false;
        this.#born.set(Number(data['child']), time);
      }
    }
    const born = kind === 'wait' ? this.#born.get(Number(data?.['child'])) : undefined;
    if (born !== undefined) {
      this.#due.add(`daemon-ended ${data?.['child']} ${formatExit(statusOf(event))}`, time);
      if (since(born, time) >= HEALTHY) this.#attempt = 0;
    }
    if (kind === 'log' && data !== undefined) return this.#tells(data);
    return OF_KERNEL.includes(kind) ? undefined : this.#due.late(time);
  }

  #tells(data: EventData): string | undefined {
    const event = String(data['event']);
    switch (event) {
      case 'daemon-starting':
        this.#announced = true;
        return undefined;
      case 'daemon-ended':
        return this.#due.told(`daemon-ended ${data['daemon']} ${data['status']}`);
      case 'daemon-restarting':
        // One that could not be started counts as well.
        this.#attempt += this.#announced && this.#attempt + 1 < Number(data['attempt']) ? 2 : 1;
        return data['attempt'] === this.#attempt ? undefined : `tells attempt ${data['attempt']}, which is ${this.#attempt}`;
      case 'not-started':
        this.#told = true;
        // That there was no pipe is in no event.
        return String(data['why']) === this.#error ||
          /^(EMFILE|ENOMEM|process \d+ has this folder|the pid file cannot be written: E[A-Z]+|--identity=system: no process of this one can become \w+)$/.test(
            String(data['why']),
          )
          ? undefined
          : `tells why it does not start: ${data['why']}`;
      default:
        return event === 'usage' || event === 'no-users' ? undefined : `tells ${event}, which no parent does`;
    }
  }

  /** Whether it has told why it was not started. */
  get refused(): boolean {
    return this.#told;
  }
}

const EXIT_FATAL = 70;
const EXIT_TEMPFAIL = 75;
const EXIT_LOG = 78;
/** What has to be told before a daemon ends with a status. */
const LAST: Readonly<Record<number, readonly string[]>> = {
  0: ['stopped'],
  2: ['usage', 'no-users'],
  [EXIT_FATAL]: ['fatal'],
  [EXIT_TEMPFAIL]: ['not-listening'],
  [EXIT_LOG]: ['log-damaged'],
};
const placeOf = (data: EventData | Tokens): string =>
  JSON.stringify(
    'USER' in data
      ? [data['USER'], data['HOST'], Number(data['EPOCH'] ?? 0), Number(data['MSGID'])]
      : [data['user'], data['host'], data['epoch'], data['number']],
  );

/** What is known of the server of a machine, over all lives of its daemon. */
export class Asked {
  /** By place: what came as it. */
  readonly tokens: Map<string, Tokens[]> = new Map();
  readonly attempts: Map<string, number> = new Map();
  readonly finished: Set<string> = new Set();
  /** What was begun before the one before it was told to be finished: a power cut may undo both. */
  readonly early: Set<string> = new Set();
  readonly files: Set<string> = new Set();
}

/** One life of a daemon. */
export class TellingDaemon {
  readonly #asked: Asked;
  readonly #args: string;
  readonly #due: Due = new Due();
  readonly #heard: Map<string, Incoming> = new Map();
  readonly #said: Map<string, Incoming> = new Map();
  /** Places that came in this life and in no other. */
  readonly #fresh: Set<string> = new Set();
  readonly #finished: Map<string, number> = new Map();
  readonly #handed: string[] = [];
  readonly #errors: Set<string> = new Set();
  readonly #last: Set<string> = new Set();
  #failing = false;
  #lost = false;
  #restored = 0;
  /** Where; empty: not yet. */
  #listens = '';
  /** Streams in which something was run before it listened. */
  readonly #left: Set<string> = new Set();

  constructor({ data }: TraceEvent, asked: Asked) {
    this.#asked = asked;
    this.#args = String(data?.['args']);
  }

  /** The last one given counts. */
  #given(name: string): string {
    return [...this.#args.matchAll(new RegExp(`--${name}=(\\S*)`, 'g'))].at(-1)?.[1] ?? '';
  }

  see(event: TraceEvent): string | undefined {
    const { kind, data, time } = event;
    if (data?.['error'] !== undefined) this.#errors.add(String(data['error']));
    if (kind === 'log' && data !== undefined) return this.#tells(data);
    const late = OF_KERNEL.includes(kind) ? undefined : this.#due.late(time);
    if (late !== undefined) return late;
    if (kind === 'listen' && data?.['error'] === undefined) this.#listens = String(data?.['at']);
    if (kind === 'spawn' && data?.['program'] === WORKER && data['error'] === undefined)
      this.#due.add(`worker-started ${data['child']} ${this.#handed.shift()}`, time);
    if (kind === 'wait' && data?.['code'] !== 0) {
      this.#lost = true;
      this.#due.add(`worker-ended ${data?.['child']} ${formatExit(statusOf(event))}`, time);
    }
    if (kind === 'recv' || kind === 'accept') this.#hears(event);
    if (kind === 'send') return this.#says(event);
    const last = kind === 'exit' ? LAST[Number(data?.['code'])] : undefined;
    return last === undefined || last.some(each => this.#last.has(each)) ? undefined : `ends with ${data?.['code']} and has not told why`;
  }

  #hears({ kind, channel, bytes }: TraceEvent): void {
    const key = channel.slice(0, -1);
    if (kind === 'accept') this.#heard.set(key, new Incoming());
    const incoming = this.#heard.get(key);
    if (incoming === undefined || bytes === undefined) return;
    const wasWhole = incoming.message !== undefined;
    incoming.take(bytes);
    const { message } = incoming;
    if (wasWhole || message === undefined) return;
    const tokens = tokensIn(message.body);
    const place = placeOf(tokens);
    const before = this.#asked.tokens.get(place);
    if (before === undefined) this.#fresh.add(place);
    this.#asked.tokens.set(place, [...(before ?? []), tokens]);
  }

  /** What has been run is told before its answer goes. */
  #says({ channel, bytes }: TraceEvent): string | undefined {
    const key = channel.slice(0, -1);
    const tokens = tokensIn(this.#heard.get(key)?.message?.body ?? '');
    const incoming = this.#said.get(key) ?? new Incoming();
    this.#said.set(key, incoming);
    if (bytes !== undefined) incoming.take(bytes);
    if (incoming.message === undefined) return undefined;
    const { status, result, replayed } = answerIn(incoming.message);
    if ((result !== 'done' && result !== 'failed') || status === 410 || replayed) return undefined;
    const told = this.#finished.get(placeOf(tokens));
    return told === status ? undefined : `answers ${status} to ${placeOf(tokens)}, and has told that it is ${told ?? 'not finished'}`;
  }

  #tells(data: EventData): string | undefined {
    const event = String(data['event']);
    this.#last.add(event);
    const place = placeOf(data);
    const state = this.#given('state').replace(/\/+$/, '');
    const code = String(data['error'] ?? '');
    switch (event) {
      case 'restored':
        this.#restored = Number(data['unfinished']);
        if (data['folder'] !== state) return `tells that ${data['folder']} was restored, which is ${state}`;
        return this.#restored <= Number(data['streams']) &&
          Number(data['streams']) <= new Set([...this.#asked.tokens.keys()].map(streamOf)).size
          ? undefined
          : `tells of ${data['streams']} streams and ${this.#restored} that were unfinished, and not so many came`;
      case 'listening':
        if (data['address'] !== this.#listens || !isAt(this.#listens, this.#given('listen')))
          return `tells that it listens at ${data['address']}, which is ${this.#listens}`;
        return this.#left.size <= this.#restored
          ? undefined
          : `tells of ${this.#restored} that were unfinished, and of ${this.#left.size} streams in which something was run again`;
      case 'running':
      case 'finished':
      case 'handed-over':
        if (!this.#asked.tokens.has(place)) return `tells that ${place} is ${event}, which never came`;
        // What was held behind it follows.
        if (this.#listens === '') this.#left.add(streamOf(place));
        return event === 'running' ? this.#runs(place, data) : this.#goesOn(event, place, data);
      case 'worker-started':
        return this.#due.told(`worker-started ${data['worker']} ${data['user']} ${data['number']}`);
      case 'worker-ended':
        return this.#due.told(`worker-ended ${data['worker']} ${data['status']}`);
      case 'printed':
        return this.#cameWith(tokens => data['text'] === `irolo_export ${printable(tokens['OBJECT'] ?? '', 80)}`)
          ? undefined
          : `prints '${data['text']}', and no such object was exported`;
      case 'recovered':
      case 'act-failed':
        if (data['module'] !== 'Agent__') return `tells that ${data['module']} is ${event}`;
        return event === 'act-failed' ? this.#hasFailed(code) : undefined;
      case 'log-failed':
        this.#failing = true;
        return this.#hasFailed(code);
      case 'log-again':
        return this.#failing ? undefined : 'tells that its log goes on, and not that it had failed';
      case 'no-worker':
        return code === 'a worker has ended without an outcome' || this.#isFatal(code) ? undefined : this.#hasFailed(code);
      case 'fatal':
        return this.#isFatal(String(data['text'])) ? undefined : `tells a fatal error '${data['text']}', and nobody asked for it`;
      case 'log-cut':
      case 'log-damaged':
        return String(data['file']).startsWith(state) ? undefined : `tells of ${data['file']}, which is not its log`;
      case 'not-listening':
        return isAt(String(data['address']), this.#given('listen'))
          ? this.#hasFailed(code)
          : `tells that it does not listen at ${data['address']}`;
      default:
        return ['stopped', 'usage', 'no-users'].includes(event) ? undefined : `tells ${event}, which no daemon does`;
    }
  }

  #runs(place: string, { attempt, command, logid }: EventData): string | undefined {
    const { attempts, finished, early } = this.#asked;
    const before = early.has(place) ? 0 : (attempts.get(place) ?? 0);
    attempts.set(place, Number(attempt));
    const last = previousOf(place);
    if (attempts.has(last) && !finished.has(last)) early.add(place);
    else early.delete(place);
    const isFirst = this.#fresh.has(place) && !this.#lost;
    if (isFirst ? attempt !== 1 : Number(attempt) <= (this.#finished.has(place) ? 0 : before) || Number(attempt) > 3)
      return `tells attempt ${attempt} of ${place} after ${before}`;
    const isAsked = (this.#asked.tokens.get(place) ?? []).some(
      ({ COMMAND = '', LOGID = '' }) => command === printable(COMMAND, 40) && logid === printable(LOGID, 80),
    );
    return isAsked ? undefined : `tells that ${place} is ${command} of ${logid}, and it was asked for something else`;
  }

  #goesOn(event: string, place: string, data: EventData): undefined {
    if (event === 'finished') {
      this.#finished.set(place, Number(data['status']));
      this.#asked.finished.add(place);
    } else this.#handed.push(`${data['user']} ${data['number']}`);
    return undefined;
  }

  #cameWith(is: (tokens: Tokens) => boolean): boolean {
    return [...this.#asked.tokens.values()].some(all => all.some(is));
  }

  #isFatal(text: string): boolean {
    return this.#cameWith(({ COMMAND, DATA = '' }) => COMMAND === 'TESTFATAL' && text === printable(DATA));
  }

  #hasFailed(code: string): string | undefined {
    return this.#errors.has(code) ? undefined : `tells the error ${code}, and nothing has failed so`;
  }
}

/** Whether that address was asked for: as a name, or with a port that was to be found. */
const isAt = (at: string, asked: string): boolean => {
  const given = asked === '' ? DEFAULT_ADDRESS : asked.replace(/^localhost:/, '127.0.0.1:');
  return at === given || (given.endsWith(':0') && at.startsWith(given.slice(0, -1)));
};
const DEFAULT_ADDRESS = '127.0.0.1:9090';

const previousOf = (place: string): string => {
  const [user, host, epoch, number] = JSON.parse(place);
  return JSON.stringify([user, host, epoch, number - 1]);
};
const streamOf = (place: string): string => JSON.stringify(JSON.parse(place).slice(0, 2));
