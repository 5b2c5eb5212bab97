/**
 * What a program does that uses the library, one command after the other: it asks, and if it loses that, pings, pokes the gateway, waits for
 * the socket, pongs, and asks once more (README.md of lonc, L5). Each connection has one line each way, and its limit.
 */
import { type AlwaysProperty, always } from '../../../src/check/property.ts';
import { after, type Duration, type Instant, ORIGIN, seconds } from '../../../src/host/time.ts';
import { latin1Of } from '../../../src/impl/lonc/latin1.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import { LIBRARY } from '../daemons/names.ts';
import { Duties } from '../model/duties.ts';
import { CON_LOST } from '../model/facts.ts';
import { PidFiles } from '../model/pid-files.ts';
import { Spool } from '../model/spool.ts';
import { GATEWAY_PID } from '../parts/places.ts';
import { isLog, machineOf, programOf } from '../parts/processes.ts';

const REPLY_TIMEOUT = seconds(310);
const POKE_WAIT = seconds(5);
const POKE_WAIT_LONGER = seconds(10);
const NOW = 0 as Duration;
const STEPS = ['command', 'ping', 'pong', 'again'] as const;
type Step = (typeof STEPS)[number];

class Steps {
  readonly #duties = new Duties();
  readonly #spool = new Spool();
  readonly #pidFiles = new PidFiles();
  /** The connection that it is, or the next one. */
  #step: Step = 'command';
  /** When that may be opened. */
  #from: Instant = ORIGIN;
  #stream = '';
  /** The one before, which it has to close. */
  #used = '';
  #command = '';
  #reply = '';
  /** What it is to be told when all is over. */
  #answer: string | undefined;
  /** It has to look whether there is a socket. */
  #looks = false;

  see(event: TraceEvent): string | undefined {
    const { kind, process, time, bytes } = event;
    const text = bytes === undefined ? '' : latin1Of(bytes);
    const late = this.#duties.overdue(time);
    if (late !== undefined) return late;
    if (process === '') return undefined;
    this.#spool.see(event, machineOf(process), text);
    this.#pidFiles.see(event, text);
    if (programOf(process) !== LIBRARY || kind === 'start') return undefined;
    const wrong = this.#wrong(event, text);
    return wrong === undefined ? undefined : `${process} ${wrong}`;
  }

  #wrong(event: TraceEvent, text: string): string | undefined {
    const { kind, channel, time, data } = event;
    const own = channel.slice(0, -1) === this.#stream;
    switch (kind) {
      case 'connect':
        return this.#connects(String(data?.['to']), time);
      case 'open':
        if (data?.['error'] !== undefined) return this.#over(CON_LOST, time);
        this.#stream = channel.slice(0, -1);
        this.#owe('say', time, 'says nothing on its connection');
        this.#owe('over', after(time, REPLY_TIMEOUT), 'waits for a reply for longer than 310 s');
        return undefined;
      case 'send':
        return this.#says(text);
      case 'recv':
        return own ? this.#hears(text, time) : undefined;
      case 'eof':
        return own && this.#answer === undefined ? this.#over(CON_LOST, time) : undefined;
      case 'close':
        return this.#closes(event, channel.slice(0, -1));
      case 'fire':
        return this.#times(time);
      case 'stat':
        return data?.['path'] === '/s/h2' ? this.#looked(data['error'] === undefined, time) : undefined;
      case 'kill':
        return this.#pokes(String(data?.['target']), time);
      case 'log':
        return this.#told(event);
      default:
        return undefined;
    }
  }

  // ── one connection ────────────────────────────────────────────────────────────────────────────────────────────────

  #connects(to: string, time: Instant): string | undefined {
    if (to !== 'unix:/s/h2' || this.#stream !== '' || this.#looks) return `connects to ${to} while it does something else`;
    if (time < this.#from) return `goes on to ${this.#step} before its time`;
    this.#owe('go-on', time, '');
    this.#duties.done(LIBRARY, 'go-on');
    this.#reply = '';
    this.#answer = undefined;
    this.#owe('over', after(time, REPLY_TIMEOUT), 'waits for a connection for longer than 310 s');
    return undefined;
  }

  #says(text: string): string | undefined {
    if (!this.#duties.done(LIBRARY, 'say')) return `says '${shown(text)}' on a connection of which it has used its line`;
    if (this.#step === 'command') this.#command = text;
    const right = { command: this.#command, ping: 'ping\n', pong: 'pong\n', again: this.#command }[this.#step];
    return text === right && /^[^\n]*\n$/.test(text) ? undefined : `says '${shown(text)}' instead of '${shown(right)}'`;
  }

  #hears(text: string, time: Instant): string | undefined {
    if (this.#answer !== undefined) return undefined;
    this.#reply += text;
    const end = this.#reply.indexOf('\n');
    return end < 0 ? undefined : this.#over(this.#reply.slice(0, end), time);
  }

  /** Its limit has passed. */
  #times(time: Instant): string | undefined {
    const due = this.#duties.due(LIBRARY, 'over');
    return due !== undefined && due <= time && this.#answer === undefined ? this.#over(CON_LOST, time) : undefined;
  }

  #closes({ time, data }: TraceEvent, stream: string): string | undefined {
    const broken = data?.['error'] !== undefined;
    if (stream === this.#used) this.#duties.done(LIBRARY, 'close');
    if (stream !== this.#stream) return undefined;
    this.#stream = '';
    return broken ? this.#over(CON_LOST, time) : 'closes its connection before its time';
  }

  /** The connection has come to this. */
  #over(answer: string, time: Instant): undefined {
    for (const key of ['over', 'say']) this.#duties.done(LIBRARY, key);
    if (this.#stream !== '') this.#owe('close', time, 'keeps a connection of which it has the reply');
    this.#answer = answer;
    this.#used = this.#stream;
    this.#stream = '';
    if (this.#step === 'ping') {
      const target = this.#pidFiles.textOf(GATEWAY_PID).trimEnd();
      const there = this.#pidFiles.claim(GATEWAY_PID, '') === 'must not';
      this.#owe('poke', time, there ? `does not poke ${target}` : 'does not say that there is no gateway');
      this.#from = time;
    } else if ((this.#step === 'command' || this.#step === 'again') && (answer !== CON_LOST || this.#step === 'again')) {
      this.#owe('tell', time, 'does not tell its program what came of its command');
    } else this.#next(this.#step === 'command' ? 'ping' : 'again', time);
  }

  #next(step: Step, at: Instant): void {
    this.#step = step;
    this.#from = at;
    this.#owe('go-on', at, `does not go on to ${step}`);
  }

  // ── between two of them ───────────────────────────────────────────────────────────────────────────────────────────

  #pokes(target: string, time: Instant): string | undefined {
    const right = this.#pidFiles.textOf(GATEWAY_PID).trimEnd();
    if (!this.#duties.done(LIBRARY, 'poke') || target !== right) return `pokes process ${target}, and the gateway is ${right}`;
    if (this.#pidFiles.claim(GATEWAY_PID, '') !== 'must not') return undefined;
    this.#looks = true;
    this.#from = after(time, POKE_WAIT);
    this.#owe('look', this.#from, 'does not look whether there is a socket');
    return undefined;
  }

  #looked(there: boolean, time: Instant): string | undefined {
    if (!this.#duties.done(LIBRARY, 'look') || time < this.#from) return 'looks for a socket, and it is not the time';
    this.#looks = false;
    this.#next('pong', after(time, there ? NOW : POKE_WAIT_LONGER));
    return undefined;
  }

  #told(event: TraceEvent): string | undefined {
    const { process, time, data } = event;
    if (isLog(event, 'no-gateway')) {
      const there = this.#pidFiles.claim(GATEWAY_PID, '') === 'must not';
      this.#duties.done(LIBRARY, 'poke');
      this.#next('pong', time);
      return there ? 'says that there is no gateway' : undefined;
    }
    if (!isLog(event, 'answered')) return undefined;
    const [peer, answer] = [String(data?.['peer']), String(data?.['answer'])];
    if (peer !== 'h2') return answer === 'no_such_host' ? undefined : `is told '${answer}' by a host that there is not`;
    if (!this.#duties.done(LIBRARY, 'tell')) return `is told '${answer}' before all is over`;
    this.#command = `${String(data?.['command'])}\n`;
    const kept = this.#spool.find(machineOf(process), peer, each => `${each}\n` === this.#command);
    const last = this.#answer === CON_LOST ? this.#keeps(kept) : this.#answer;
    this.#step = 'command';
    this.#from = time;
    return answer === last ? undefined : `is told '${shown(answer)}' instead of '${shown(last ?? '')}'`;
  }

  /** What is too long, or nothing, is not kept; and the name of the file tells no secret. */
  #keeps(path: string | undefined): string {
    const command = this.#command.slice(0, -1);
    if (command === '' || command.length > REQUEST_MAX) return path === undefined ? 'con_failed' : `nothing, and ${path} is there`;
    const [, secret] = /^(encrypt|currentauth|auth|passwd|makeuser|changeuserauth):/.exec(command) ?? [];
    const part = secret ?? command.slice(0, 16).replace(/\W/g, '');
    return path?.endsWith(`.${part}.h2`) === true ? 'con_delayed' : `a file with '${part}' in its name, and it is ${path}`;
  }

  #owe(key: string, at: Instant, what: string): void {
    this.#duties.owe(LIBRARY, key, at, what);
  }
}

const REQUEST_MAX = 1_048_576;
const SHOWN = 60;
const shown = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}… of ${text.length}` : text.trimEnd());

export const stepByStep: AlwaysProperty = always(
  'step-by-step',
  'What has to get there is asked for, and once more when the gateway was poked, each time for as long as that may take; then it is kept.',
  () => new Steps(),
  [
    'start',
    'spawn',
    'exit',
    'connect',
    'open',
    'send',
    'recv',
    'eof',
    'close',
    'fire',
    'stat',
    'kill',
    'log',
    'write',
    'rename',
    'unlink',
    'phase',
  ],
);
