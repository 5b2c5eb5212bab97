/**
 * Daemons do what their configuration files say, and say of these what is wrong: the files are those that a machine was set up with.
 */
import { type AlwaysProperty, always } from '../../../src/check/property.ts';
import { type Instant, since } from '../../../src/host/time.ts';
import { latin1Of } from '../../../src/impl/lonc/latin1.ts';
import type { EventKind, TraceEvent } from '../../../src/trace/event.ts';
import { SETUP } from '../daemons/names.ts';
import { type Configuration, configurationIn, type Known, knownIn, type Wrong } from '../model/settings.ts';
import { CONF } from '../parts/places.ts';
import { isLog, machineOf, optionOf, programOf } from '../parts/processes.ts';

const KINDS: readonly EventKind[] = ['start', 'write', 'log', 'spawn', 'listen', 'exit', 'kill', 'mkdir', 'sync', 'send'];
const OURS = ['gateway', 'lond', 'lond-child'];
const BYTES_MAX = 4_194_304;
const TABLE = '/hosts.tab';
const SWEEP_PAUSE = 1_000_000;
/** What is said of files, and how grave it is. */
const USAGES: Readonly<Record<string, string>> = { configuration: 'warning', 'hosts-table': 'warning', unreadable: 'error' };

interface Reader {
  readonly program: string;
  readonly configuration: Configuration;
  readonly hosts: readonly Known[];
  /** What it has to say, in this order, before it does anything. */
  readonly says: Wrong[];
  /** It cannot begin. */
  readonly ends: boolean;
  started: Known[];
  begun: boolean;
  /** When it began to ask its children, for the first time; over: when it has. */
  swept: Instant | 'over' | undefined;
}

class Readers {
  readonly #files = new Map<string, string>();
  readonly #readers = new Map<string, Reader>();

  see(event: TraceEvent): string | undefined {
    const { kind, process, data, bytes } = event;
    const program = programOf(process);
    if (kind === 'write' && program === SETUP) this.#files.set(`${machineOf(process)} ${String(data?.['path'])}`, latin1Of(bytes ?? NONE));
    if (kind === 'start' && OURS.includes(program)) this.#begins(event, program);
    const reader = this.#readers.get(process);
    const wrong = reader === undefined ? undefined : this.#wrong(reader, event);
    return wrong === undefined ? undefined : `${process} ${wrong}`;
  }

  #begins(event: TraceEvent, program: string): void {
    const { process, data } = event;
    const machine = machineOf(process);
    const paths = [...String(data?.['args']).matchAll(/--conf=(\S+)/g)].map(([, path = CONF]) => path);
    const texts = paths.map(path => [path, this.#files.get(`${machine} ${path}`)] as const);
    const unread = texts
      .filter(([, text]) => text === undefined || text.length > BYTES_MAX)
      .map(([path]): Wrong => ({ path, line: 0, word: '' }));
    const configuration = configurationIn(texts.map(([path, text = '']) => [path, text]));
    const table = `${configuration.values?.get('lonTabDir')}${TABLE}`;
    const text = this.#files.get(`${machine} ${table}`);
    // A lond has no use for the table; its child has.
    const noTable = program !== 'lond' && (text === undefined || text.length > BYTES_MAX);
    const { hosts, wrong } = noTable || program === 'lond' ? { hosts: [], wrong: [] } : knownIn(text ?? '');
    const [firstUnread] = unread;
    const says =
      firstUnread !== undefined
        ? [firstUnread]
        : [...configuration.wrong, ...(configuration.values === undefined ? [] : noTable ? [{ path: table, line: 0, word: '' }] : wrong)];
    const ends = firstUnread !== undefined || configuration.values === undefined || noTable;
    this.#readers.set(process, { program, configuration, hosts, says: [...says], ends, started: [], begun: false, swept: undefined });
  }

  #wrong(reader: Reader, event: TraceEvent): string | undefined {
    const { kind, time, data } = event;
    if (isLog(event, ...Object.keys(USAGES))) return this.#said(reader, event);
    if (isLog(event, 'starting', 'listening')) return this.#begun(reader);
    if (kind === 'exit' && !reader.begun)
      return reader.ends && data?.['code'] === 1 ? unsaid(reader) : `ends with status ${String(data?.['code'])}, and has no reason`;
    if (kind === 'spawn' && reader.program === 'gateway') {
      reader.started.push({ id: optionOf(event, 'peer') ?? '', address: optionOf(event, 'address') ?? '' });
      return undefined;
    }
    if (isLog(event, 'started') && reader.program === 'gateway') return this.#startedWrong(reader);
    if (kind === 'listen') return this.#listensWrong(reader, String(data?.['at']));
    if (isLog(event, 'sweep')) reader.swept ??= time;
    if (kind === 'kill' && data?.['signal'] === 'SIGUSR1' && reader.program === 'gateway') return this.#sweptWrong(reader, time);
    return kind === 'mkdir' || kind === 'write' || kind === 'sync' ? this.#storesWrong(reader, kind, String(data?.['path'])) : undefined;
  }

  #said(reader: Reader, { data }: TraceEvent): string | undefined {
    const [path, line, text] = [data?.['path'], data?.['line'] ?? 0, String(data?.['text'])];
    const next = reader.says.shift();
    const grave = USAGES[String(data?.['event'])];
    if (data?.['severity'] !== grave) return `says '${text}' as ${String(data?.['severity'])} instead of ${grave}`;
    if (next !== undefined && next.path === path && next.line === line && text.includes(next.word)) return undefined;
    return `says '${text}' of line ${String(line)} of ${String(path)} instead of ${JSON.stringify(next)}`;
  }

  #begun(reader: Reader): string | undefined {
    reader.begun = true;
    return reader.ends ? 'begins, and what it needs is not in its files' : unsaid(reader);
  }

  #startedWrong({ started, hosts }: Reader): string | undefined {
    const [is, right] = [JSON.stringify(started), JSON.stringify(hosts)];
    return is === right ? undefined : `starts children for ${is} instead of ${right}`;
  }

  #listensWrong({ configuration: { values } }: Reader, at: string): string | undefined {
    const right = `0.0.0.0:${Number(values?.get('londPort') ?? 5_663)}`;
    return at === right ? undefined : `listens at ${at} instead of ${right}`;
  }

  /** The pause before the first one is asked. */
  #sweptWrong(reader: Reader, time: Instant): string | undefined {
    const { swept } = reader;
    reader.swept = 'over';
    if (swept === undefined || swept === 'over') return undefined;
    const percent = Number(reader.configuration.values?.get('lonTimePercent') ?? 100);
    const [is, right] = [since(swept, time), Math.ceil((SWEEP_PAUSE * percent) / 100)];
    return is < right || is > right + TOLERANCE ? `pauses for ${is} us instead of ${right}` : undefined;
  }

  /** What the root is in is synced, too, once that has been made. */
  #storesWrong({ program, configuration: { values } }: Reader, kind: EventKind, path: string): string | undefined {
    const root = values?.get('lonUsersDir') ?? `${values?.get('lonDaemons')}/users`;
    const store = program === 'lond-child' && !path.includes('lon-status');
    const within = path === root || path.startsWith(`${root}/`) || (kind === 'sync' && path === root.slice(0, root.lastIndexOf('/')));
    return store && !within ? `stores ${path}, which is not in ${root}` : undefined;
  }
}

const unsaid = ({ says: [next] }: Reader): string | undefined => (next === undefined ? undefined : `does not say ${JSON.stringify(next)}`);
const TOLERANCE = 50_000;
const NONE = new Uint8Array(0);

export const asConfigured: AlwaysProperty = always(
  'as-configured',
  'Daemons do what their configuration files say, say what is wrong in which line of which file, and do not begin without what they need (L7).',
  () => new Readers(),
  KINDS,
);
