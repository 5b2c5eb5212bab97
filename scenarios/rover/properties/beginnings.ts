/**
 * What comes of the log, and of the file of users, that a server or a client finds when it begins (parts/log-images.ts has what is due).
 */
import { type AlwaysProperty, always, type SometimesProperty, sometimes } from '../../../src/check/property.ts';
import { programOf } from '../../../src/check/world/housekeeping.ts';
import type { EventData } from '../../../src/host/event.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import { recordsIn } from '../model/segment.ts';
import { CLIENT_IMAGES, type Due, SERVER_IMAGES, USERS_FILES } from '../parts/log-images.ts';
import { CLIENT, DAEMON } from '../parts/network.ts';

const EXIT_USAGE = 2;

/** One process. */
class Beginning {
  readonly #folder: string;
  readonly #file: string;
  readonly #due: Due;
  readonly #problem: string | undefined;
  readonly #log: EventData[] = [];
  #checkpoint: readonly string[] | undefined;
  #exit: unknown;

  constructor({ process, data }: TraceEvent) {
    const args = String(data?.['args']);
    const [, folder = '', number = ''] = /--state=(\S*?-(\d+)-\d+)(?: |$)/.exec(args) ?? [];
    const image = (programOf(process) === CLIENT ? CLIENT_IMAGES : SERVER_IMAGES)[Number(number)];
    const [, users] = /--users=\S*-(\d+)(?: |$)/.exec(args) ?? [];
    this.#folder = folder;
    this.#file = `${folder}/log.${String(image?.number).padStart(8, '0')}`;
    this.#due = image?.due ?? {};
    this.#problem = users === undefined ? undefined : USERS_FILES[Number(users)]?.[1];
  }

  see({ kind, bytes, data }: TraceEvent): string | undefined {
    if (kind === 'log' && data !== undefined) this.#log.push(data);
    if (kind === 'exit') this.#exit = data?.['code'];
    if (kind === 'write' && bytes !== undefined && this.#checkpoint === undefined && String(data?.['path']).endsWith('.new')) {
      const { sequence, records, frames } = recordsIn(bytes);
      this.#checkpoint = records;
      if (this.#due.sequence !== undefined && sequence !== this.#due.sequence)
        return `goes on with frame ${sequence}, and not ${this.#due.sequence}`;
      if (frames.slice(0, -1).some(size => size < FRAME_FULL) || frames.some(size => size > 2 * FRAME_FULL))
        return `begins with frames of ${frames.join(', ')} bytes`;
    }
    return undefined;
  }

  #logs(event: string): readonly EventData[] {
    return this.#log.filter(each => each['event'] === event);
  }

  /** In the end. */
  wrong(): string | undefined {
    const { refused, cut, checkpoint } = this.#due;
    if (this.#problem !== undefined) return this.#ends('no-users', { problem: this.#problem }, EXIT_USAGE);
    if (refused !== undefined) {
      const { file, offset, what, status } = refused;
      return this.#ends('log-damaged', { file: file === 'log' ? this.#file : this.#folder, offset, what }, status);
    }
    if (this.#exit !== undefined && this.#exit !== 0 && this.#exit !== 1) return `ends with ${this.#exit}, and nothing was wrong`;
    const open = this.#logs('queue-open');
    const isCut =
      open.length > 0 || same(this.#logs('log-cut'), cut === undefined ? [] : [{ file: this.#file, offset: cut.offset, what: cut.what }]);
    if (!isCut) return `tells of a cut ${JSON.stringify(this.#logs('log-cut'))}, and due is ${JSON.stringify(cut)}`;
    if (checkpoint !== undefined && !sameRecords(this.#checkpoint, checkpoint))
      return `begins with ${this.#checkpoint?.join(', ').slice(0, 500)}`;
    return open.length > 0 ? this.#opened(open) : this.#restored();
  }

  #restored(): string | undefined {
    const { unfinished, streams, recovered = 0, finishes = [] } = this.#due;
    if (!same(this.#logs('restored'), [{ folder: this.#folder, unfinished, streams }]))
      return `tells ${JSON.stringify(this.#logs('restored'))}`;
    if (this.#logs('recovered').length !== recovered) return `recovers ${this.#logs('recovered').length}`;
    const statuses = this.#logs('finished').map(each => each['status']);
    return JSON.stringify(statuses) === JSON.stringify(finishes) ? undefined : `finishes with ${statuses.join(', ')}`;
  }

  #opened(open: readonly EventData[]): string | undefined {
    const { next, waiting, told = [], cut } = this.#due;
    if (!same(open, [{ user: 'ann', host: 'desk', epoch: 5, next, waiting, cut: cut?.bytes ?? 0 }])) return `tells ${JSON.stringify(open)}`;
    const numbers = this.#logs('answer').map(each => each['number']);
    return JSON.stringify(numbers) === JSON.stringify(told) ? undefined : `tells the answers to ${numbers.join(', ')}`;
  }

  #ends(event: string, fields: Readonly<Record<string, unknown>>, status: number): string | undefined {
    if (this.#exit !== status) return `ends with ${this.#exit}, and not ${status}`;
    return same(this.#logs(event), [fields])
      ? undefined
      : `tells ${JSON.stringify(this.#logs(event))}, and due is ${JSON.stringify(fields)}`;
  }
}

/** Bytes of records that share a frame of a checkpoint, and what is due at most of another. */
const FRAME_FULL = 65_536;

const same = (logged: readonly EventData[], due: readonly Readonly<Record<string, unknown>>[]): boolean =>
  logged.length === due.length && due.every((each, at) => Object.entries(each).every(([name, value]) => logged[at]?.[name] === value));

const sameRecords = (written: readonly string[] | undefined, due: readonly string[]): boolean =>
  written?.length === due.length &&
  due.every((each, at) => each === written[at] || each === written[at]?.replace(/^(10 \d+\|)[^|]+/, '$1*'));

export const beginsAsItShould: AlwaysProperty = always(
  'begins-as-it-should',
  'Who finds a log goes on with all that was promised in it, and says what was cut; who finds none of his, or a damaged one, says where, and ends.',
  () => {
    const beginnings = new Map<string, Beginning>();
    return {
      see: event => {
        const { kind, process } = event;
        const program = programOf(process);
        if (program !== DAEMON && program !== CLIENT) return undefined;
        if (kind === 'start') beginnings.set(process, new Beginning(event));
        const why = beginnings.get(process)?.see(event);
        return why === undefined ? undefined : `${process} ${why}`;
      },
      end: () => {
        for (const [process, each] of beginnings) {
          const why = each.wrong();
          if (why !== undefined) return `${process} ${why}`;
        }
        return undefined;
      },
    };
  },
  ['start', 'log', 'exit', 'write'],
);

export const damageMet: SometimesProperty = sometimes(
  'log-damaged',
  'A log is not used.',
  () => ({ see: ({ kind, data }) => kind === 'log' && data?.['event'] === 'log-damaged' }),
  ['log'],
);
