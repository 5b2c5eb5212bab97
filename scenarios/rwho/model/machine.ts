/**
 * What is known of a machine, whoever runs there: its clock, what is on its disk, and what a witness says of its people
 * (daemons/witness.ts).
 */
import type { EventData } from '../../../src/host/event.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import { Disk } from './disk.ts';
import { bytesOf, type Person, type Report } from './layout.ts';
import { SPOOL_PATH } from './placing.ts';
import { ruptimeSays, rwhoSays } from './shown.ts';
import { Wall } from './wall.ts';
import type { Interface } from './ways.ts';

/** Somebody who is logged in, in microseconds of the clock. */
interface Session {
  readonly line: string;
  readonly user: string;
  readonly since: number;
  /** Of the last input; absent where there is no terminal. */
  readonly typed: number | undefined;
}

const SECOND = 1_000_000;

export class MachineModel {
  readonly wall: Wall = new Wall();
  readonly disk: Disk = new Disk();
  #unreadable = false;
  /** What its reader prints at the present look. */
  readonly #printed: Record<'ruptime' | 'rwho', string[]> = { ruptime: [], rwho: [] };
  /** Absent: nobody has said who is logged in. */
  #sessions: Session[] | undefined;
  #interfaces: readonly Interface[] | undefined;

  power(time: number): void {
    this.wall.power(time);
    this.disk.lose();
    this.#forget();
  }

  /** Somebody who looks on could not read a file: nobody knows what it prints. */
  unreadable(): void {
    this.#unreadable = true;
  }

  /** A line of the log of somebody who looks on. */
  look({ data }: TraceEvent): string | undefined {
    const { event, text } = data ?? {};
    if (event === 'people') this.#sessions = [];
    if (event === 'person') this.#person(data ?? {});
    if (event === 'interface') this.#interface(data ?? {});
    if (event === 'ruptime' || event === 'rwho') this.#printed[event].push(String(text));
    return event === 'printed' ? this.#shown(String(data?.['flags']), Number(data?.['now'])) : undefined;
  }

  #shown(flags: string, now: number): string | undefined {
    const { spool, sure } = this.disk;
    const { ruptime, rwho } = this.#printed;
    const asked = { spool: SPOOL_PATH, edition: 'corrected', now };
    const expected = [
      ruptimeSays(spool, { ...asked, args: [flags] }),
      rwhoSays(spool, { ...asked, args: [flags === '-a' ? flags : '-'] }),
    ].map(({ out }) => out);
    const odd = [ruptime, rwho].findIndex((lines, index) => lines.join('\n') !== expected[index]?.join('\n'));
    const why = `${odd === 0 ? 'ruptime' : 'rwho'} ${flags} prints\n${(odd === 0 ? ruptime : rwho).join('\n')}\nand not\n${expected[odd]?.join('\n')}`;
    const readable = !this.#unreadable;
    this.#forget();
    return sure && readable && odd >= 0 ? why : undefined;
  }

  #forget(): void {
    this.#printed.ruptime = [];
    this.#printed.rwho = [];
    this.#unreadable = false;
  }

  /** Of all that its machine has; undefined where nobody says. */
  get interfaces(): readonly Interface[] | undefined {
    return this.#interfaces;
  }

  #interface({ name, address, netmask, loopback, broadcast, peer }: EventData): void {
    this.#interfaces = [
      ...(this.#interfaces ?? []),
      {
        ...{ name: String(name), address: String(address), netmask: String(netmask), loopback: loopback === true },
        ...(broadcast === undefined ? {} : { broadcast: String(broadcast) }),
        ...(peer === undefined ? {} : { peer: String(peer) }),
      },
    ];
  }

  #person({ line, user, since, typed }: EventData): void {
    this.#sessions?.push({
      line: String(line),
      user: String(user),
      since: Number(since),
      typed: typed === undefined ? undefined : Number(typed),
    });
  }

  /** Those that a report has to tell of, at a moment of the clock; `undefined` where nobody knows. */
  people(count: number, now: number): readonly Person[] | undefined {
    if (this.#sessions?.length !== count) return count === 0 ? [] : undefined;
    return this.#sessions.map(({ line, user, since, typed }) => ({
      line,
      user,
      since: Math.floor(since / SECOND) | 0,
      idle: typed === undefined ? 0 : Math.floor((now - typed) / SECOND) | 0,
    }));
  }
}

export const fileOf = (report: Report, stamp: number): Uint8Array => bytesOf({ ...report, stamp }, 'file');
