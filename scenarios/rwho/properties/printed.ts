/**
 * What ruptime and rwho print, byte for byte, of the files that were put into the spool before.
 */
import { type AlwaysProperty, always, type SometimesProperty, sometimes } from '../../../src/check/property.ts';
import { concat, equalBytes, utf8 } from '../../../src/host/bytes.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import { EDITIONS } from '../model/editions.ts';
import { SPOOL_PATH } from '../model/placing.ts';
import { type Asked, ruptimeSays, rwhoSays, type Said, type SpoolFile } from '../model/shown.ts';
import { machineOf } from './places.ts';

const COMMANDS = { ruptime: ruptimeSays, rwho: rwhoSays } as const;
type Command = keyof typeof COMMANDS;

const commandOf = ({ process }: TraceEvent): Command | undefined =>
  process.includes('/ruptime.') ? 'ruptime' : process.includes('/rwho.') ? 'rwho' : undefined;

/** One command that runs, by what it does. */
class Run {
  readonly #command: Command;
  readonly #args: readonly string[];
  readonly #descriptors: Map<string, number> = new Map();
  readonly #printed: Readonly<Record<number, Uint8Array[]>> = { 1: [], 2: [] };
  readonly #read: SpoolFile[] = [];
  #attached = 0;
  #unlisted: string | undefined;
  #usage: string | undefined;
  #started = 0;

  constructor(command: Command, { data }: TraceEvent) {
    this.#command = command;
    this.#args = String(data?.['args'])
      .split(' ')
      .filter(each => each !== '');
  }

  /** `files`: by path, all that there are. */
  does({ kind, data, bytes, channel, time }: TraceEvent, files: ReadonlyMap<string, Uint8Array>): void {
    if (kind === 'attach') this.#attached += 1;
    if (kind === 'attach' && data?.['error'] === undefined) this.#descriptors.set(channel, Number(data?.['fd']));
    if (kind === 'send' && bytes !== undefined) this.#printed[this.#descriptors.get(channel) ?? 0]?.push(bytes);
    if (kind === 'list') {
      this.#started = time;
      this.#unlisted = data?.['error'] === undefined ? undefined : String(data['error']);
    }
    if (kind === 'log') this.#usage = `${String(data?.['severity'])} ${String(data?.['event'])} ${String(data?.['problem'])}`;
    if (kind !== 'read') return;
    const path = String(data?.['path']);
    const content = data?.['error'] === undefined ? files.get(path) : undefined;
    const name = path.slice(path.lastIndexOf('/') + 1);
    this.#read.push(content === undefined ? { name } : { name, bytes: content });
  }

  /** `ahead`: microseconds of the clock beyond true time. */
  ends({ data }: TraceEvent, ahead: number): string | undefined {
    const option = (name: string): string | undefined => this.#args.find(each => each.startsWith(`--${name}=`))?.slice(name.length + 3);
    const edition = option('format') ?? 'corrected';
    if (EDITIONS[edition] === undefined) return this.#refused(data?.['code'], edition);
    if (this.#usage !== undefined) return `it logs ${this.#usage}`;
    const args = this.#args.filter(each => !each.startsWith('--') || each === '--');
    const asked = { args, edition, spool: option('spool') ?? SPOOL_PATH, now: Math.floor((this.#started + ahead) / 1_000_000) };
    const said = this.#expected(asked);
    const expected = [bytesOf(said.out, edition === 'corrected'), bytesOf(said.err, true)];
    const printed = [1, 2].map(descriptor => concat(this.#printed[descriptor] ?? []));
    // Who has nobody to print for prints nothing.
    const unread = this.#descriptors.size === 0 && this.#attached > 0;
    const odd = unread ? -1 : printed.findIndex((bytes, index) => !equalBytes(bytes, expected[index] ?? new Uint8Array(0)));
    if (odd >= 0) return `prints ${quoted(printed[odd])} and not ${quoted(expected[odd])}`;
    return data?.['code'] === said.status ? undefined : `ends with status ${String(data?.['code'])} and not ${said.status}`;
  }

  #refused(code: unknown, edition: string): string | undefined {
    const isSaid = this.#usage?.startsWith('critical usage ') === true && this.#usage.includes(`--format=${edition}`);
    return isSaid && code === 2 ? undefined : `there is no edition ${edition}, and it says ${this.#usage} and ends with ${String(code)}`;
  }

  #expected(asked: Asked): Said {
    const said = COMMANDS[this.#command](this.#read, asked);
    const text = TEXTS[this.#unlisted ?? ''];
    if (text === undefined || said.err.some(each => each.startsWith('usage'))) return said;
    return { out: [], err: [`${this.#command}: ${asked.spool}: ${text}`], status: 1 };
  }
}

/** strerror(3). */
const TEXTS: Readonly<Record<string, string>> = { ENOENT: 'No such file or directory', ENOTDIR: 'Not a directory' };

const quoted = (bytes: Uint8Array | undefined): string => JSON.stringify(String.fromCharCode(...(bytes ?? []).slice(0, 2_000)));

/** Ours is text; what was published is bytes. */
const bytesOf = (lines: readonly string[], isText: boolean): Uint8Array => {
  const text = lines.map(line => `${line}\n`).join('');
  return isText ? utf8(text) : Uint8Array.from(text, each => each.charCodeAt(0));
};

export const printsAsItsEdition: AlwaysProperty = always(
  'prints-as-its-edition',
  'ruptime and rwho print what the edition prints whose form was asked for, and end as it does.',
  () => {
    const files = new Map<string, Uint8Array>();
    const ahead = new Map<string, number>();
    const runs = new Map<string, Run>();
    return {
      see: event => {
        const { kind, data, bytes, process, time } = event;
        const command = commandOf(event);
        if (command === undefined) {
          if (kind === 'write' && bytes !== undefined && data?.['error'] === undefined) files.set(String(data?.['path']), bytes);
          if (data?.['event'] === 'clock') ahead.set(machineOf(event), Number(data['wall']) - time);
          return undefined;
        }
        if (kind === 'start') runs.set(process, new Run(command, event));
        if (kind !== 'exit') runs.get(process)?.does(event, files);
        const why = kind === 'exit' ? runs.get(process)?.ends(event, ahead.get(machineOf(event)) ?? 0) : undefined;
        return why === undefined ? undefined : `${process} ${why}`;
      },
    };
  },
  ['write', 'log', 'start', 'attach', 'list', 'read', 'send', 'exit'],
);

/** A command has printed this. */
const printed = (name: string, text: string, pattern: RegExp): SometimesProperty =>
  sometimes(
    name,
    text,
    () => ({ see: event => commandOf(event) !== undefined && pattern.test(String.fromCharCode(...(event.bytes ?? []).slice(0, 4_000))) }),
    ['send'],
  );
export const downShown: SometimesProperty = printed('down-is-shown', 'A host is shown that is down.', /down +\d/);
export const nobodyShown: SometimesProperty = printed('nobody-is-shown', 'There is no host to show.', /no hosts in/);
export const usageShown: SometimesProperty = printed('usage-is-shown', 'A command does not know a flag.', /^usage: /);
