/**
 * Whom a server sends to (R5, N1, N2, N4). Its networks are seen in its first report, and never change here; who was told of is always
 * talked to; who was learned, until it has been silent for 660 s.
 */
import { seconds } from '../../../src/host/time.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';

const SILENCE = seconds(660);
/** Reports of one host that are passed on in an interval (N6). */
const PASSED = 4;

/** Where every network of a scenario ends: each is a /24. */
const BROADCAST = '.255:';

const prefixOf = (address: string): string => address.slice(0, address.lastIndexOf('.'));

/** Whether what is sent to the one comes to the other: a network to all that are on it. */
const covers = (to: string, address: string): boolean => to === address || (to.includes(BROADCAST) && prefixOf(to) === prefixOf(address));

const toOf = ({ data }: TraceEvent): string => String(data?.['to']);

export class Ways {
  readonly #neighbours: readonly string[];
  readonly #interval: number;
  readonly #learned: Map<string, number> = new Map();
  /** Networks and links; absent before the first report. */
  #networks: readonly string[] | undefined;
  #all: ReadonlySet<string> = new Set();
  readonly #passed: Map<string, number[]> = new Map();

  constructor(neighbours: readonly string[], interval: number) {
    this.#neighbours = neighbours;
    this.#interval = interval;
  }

  /** What is wrong with learning of somebody (N2). */
  learned(address: string, time: number): string | undefined {
    this.#learned.set(address, time);
    const reached = [...this.#neighbours, ...(this.#networks ?? [])].find(each => covers(each, address));
    return reached === undefined ? undefined : `${address} is learned, and is reached by ${reached}`;
  }

  heard(address: string, time: number): void {
    if (this.#learned.has(address)) this.#learned.set(address, time);
  }

  /** Who has to be sent to, apart from networks. */
  #due(time: number): readonly string[] {
    return [...this.#neighbours, ...[...this.#learned].filter(([, heard]) => time - heard <= SILENCE).map(([address]) => address)];
  }

  /** What is wrong with whom an own report is sent to. */
  told(sent: readonly TraceEvent[], time: number): string | undefined {
    const to = sent.map(toOf);
    const all = new Set(to);
    if (all.size < to.length) return 'a report is sent twice to one address';
    const missing = this.#due(time).find(each => !all.has(each));
    if (missing !== undefined) return `a report is not sent to ${missing}`;
    for (const [address, heard] of this.#learned) {
      if (time - heard <= SILENCE + this.#interval) continue;
      if (all.has(address) && !this.#neighbours.includes(address)) return `${address} is not forgotten`;
      this.#learned.delete(address);
    }
    const networks = to.filter(each => !this.#neighbours.includes(each) && !this.#learned.has(each));
    const before = this.#networks ?? networks;
    this.#networks = networks;
    this.#all = all;
    const [now, then] = [networks.join(' '), before.join(' ')];
    return now === then ? undefined : `a report is sent to '${now}', and the one before to '${then}'`;
  }

  /** What is wrong with whom the report of another is passed on to. */
  passedOn(host: string, from: string, sent: readonly TraceEvent[], time: number): string | undefined {
    const to = sent.map(toOf);
    if (new Set(to).size < to.length) return `a report of ${host} is passed on twice to one address`;
    const known = this.#networks === undefined ? to : [...this.#all, ...this.#learned.keys()];
    const odd = to.find(each => covers(each, from) || !known.includes(each));
    if (odd !== undefined) return `a report of ${host} is passed on to ${odd}`;
    const recent = (this.#passed.get(host) ?? []).filter(each => time - each <= this.#interval);
    this.#passed.set(host, [...recent, time]);
    if (recent.length >= PASSED) return undefined;
    const missing = [...this.#due(time), ...(this.#networks ?? [])].find(each => !covers(each, from) && !to.includes(each));
    return missing === undefined ? undefined : `a report of ${host} is not passed on to ${missing}`;
  }
}
