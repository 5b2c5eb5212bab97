/**
 * Whom a server sends to (R5, N1, N2, N4). Where somebody says what interfaces its machine has (daemons/ways.ts), all of it is known;
 * otherwise its networks are seen in its first report, and never change here. Who was told of is always talked to; who was learned, until
 * it has been silent for 660 s.
 */
import { seconds } from '../../../src/host/time.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import type { Options } from './options.ts';

/** As a machine has it. */
export interface Interface {
  readonly name: string;
  readonly address: string;
  readonly netmask: string;
  readonly loopback: boolean;
  readonly broadcast?: string;
  readonly peer?: string;
}

const SILENCE = seconds(660);
/** Reports of one host that are passed on in an interval (N6). */
const PASSED = 4;
const LEARNED_MOST = 256;
const GROUP = '224.0.1.3';

/** Where every network of a scenario ends whose interfaces nobody says: each is a /24. */
const BROADCAST = '.255:';

const prefixOf = (address: string): string => address.slice(0, address.lastIndexOf('.'));

/** Whether what is sent to the one comes to the other: a network to all that are on it. */
const covers = (to: string, address: string): boolean => to === address || (to.includes(BROADCAST) && prefixOf(to) === prefixOf(address));

const toOf = ({ data }: TraceEvent): string => String(data?.['to']);

const bits = (address: string): number => address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
/** Whether an address is on the network of an interface. */
const isOn = ({ address, netmask }: Interface, other: string): boolean => ((bits(address) ^ bits(other)) & bits(netmask)) === 0;
/** Whether it comes from there: from the other end, or from the network. */
const leadsTo = (each: Interface, host: string): boolean => (each.peer === undefined ? isOn(each, host) : each.peer === host);

export class Ways {
  readonly #options: Options;
  readonly #interfaces: () => readonly Interface[] | undefined;
  readonly #learned: Map<string, number> = new Map();
  /** Networks and links; absent before the first report. */
  #networks: readonly string[] | undefined;
  #all: ReadonlySet<string> = new Set();
  readonly #passed: Map<string, number[]> = new Map();
  /** How many reports of each host were passed on since the last timer: an interval begins with one. */
  readonly #passedNow: Map<string, number> = new Map();

  /** `interfaces`: undefined as long as nobody has said them. */
  constructor(options: Options, interfaces: () => readonly Interface[] | undefined) {
    this.#options = options;
    this.#interfaces = interfaces;
  }

  // ── what is known of interfaces ───────────────────────────────────────────────────────────────────────────────────

  get #used(): readonly Interface[] | undefined {
    const { interfaces } = this.#options;
    return this.#interfaces()?.filter(({ loopback, name }) => !loopback && (interfaces.length === 0 || interfaces.includes(name)));
  }

  /** What an interface reaches by itself. */
  #waysOf({ broadcast, peer }: Interface): readonly string[] {
    const { broadcasts, links, port } = this.#options;
    const found = [broadcasts ? broadcast : undefined, links ? peer : undefined];
    return found.flatMap(each => (each === undefined ? [] : [`${each}:${port}`]));
  }

  get #group(): readonly string[] {
    return this.#options.multicasts ? [`${GROUP}:${this.#options.port}`] : [];
  }

  /** Whether somebody is reached without having been learned, or is the machine itself. */
  #isReached(address: string, used: readonly Interface[]): boolean {
    const [host = ''] = address.split(':');
    const isOwn = host.startsWith('127.') || this.#interfaces()?.some(each => each.address === host) === true;
    return isOwn || this.#options.neighbours.includes(address) || used.some(each => this.#waysOf(each).length > 0 && leadsTo(each, host));
  }

  // ── who is learned ────────────────────────────────────────────────────────────────────────────────────────────────

  /** What is wrong with learning of somebody (N2). */
  learned(address: string, time: number): string | undefined {
    const others = [...this.#learned].filter(([other, heard]) => other !== address && time - heard <= SILENCE).length;
    this.#learned.set(address, time);
    const used = this.#used;
    if (others >= LEARNED_MOST) return `${address} is learned beside ${others} others`;
    if (!this.#options.learns) return `${address} is learned, and nobody is to be`;
    if (used !== undefined) return this.#isReached(address, used) ? `${address} is learned, and is reached already` : undefined;
    const reached = [...this.#options.neighbours, ...(this.#networks ?? [])].find(each => covers(each, address));
    return reached === undefined ? undefined : `${address} is learned, and is reached by ${reached}`;
  }

  /** What is wrong with not having learned of somebody who was heard. */
  heard(address: string, time: number): string | undefined {
    const used = this.#used;
    if (this.#learned.has(address)) this.#learned.set(address, time);
    else if (used !== undefined && this.#options.learns && this.#learned.size < LEARNED_MOST && !this.#isReached(address, used))
      return `${address} is not learned`;
    return undefined;
  }

  // ── whom is sent to ───────────────────────────────────────────────────────────────────────────────────────────────

  /** Who has to be sent to, apart from networks. */
  #due(time: number): readonly string[] {
    const learned = [...this.#learned].filter(([, heard]) => time - heard <= SILENCE).map(([address]) => address);
    return [...this.#options.neighbours, ...learned];
  }

  /** What is wrong with whom an own report is sent to. */
  told(sent: readonly TraceEvent[], time: number): string | undefined {
    const to = sent.map(toOf);
    const all = new Set(to);
    if (all.size < to.length) return 'a report is sent twice to one address';
    const networks = this.#used?.flatMap(each => this.#waysOf(each));
    const missing = [...this.#due(time), ...(networks ?? []), ...this.#group].find(each => !all.has(each));
    if (missing !== undefined) return `a report is not sent to ${missing}`;
    for (const [address, heard] of this.#learned) {
      if (time - heard <= SILENCE + this.#options.interval) continue;
      if (all.has(address) && !this.#options.neighbours.includes(address)) return `${address} is not forgotten`;
      this.#learned.delete(address);
    }
    const known = [...this.#options.neighbours, ...this.#learned.keys(), ...this.#group];
    this.#all = all;
    return this.#changed(
      to.filter(each => !known.includes(each) || networks?.includes(each) === true),
      networks,
    );
  }

  /** `expected`: where it is known. */
  #changed(networks: readonly string[], expected: readonly string[] | undefined): string | undefined {
    const before = expected === undefined ? (this.#networks ?? networks) : [...new Set(expected)];
    this.#networks = networks;
    const [now, then] = [networks, before].map(each => [...each].sort((one, other) => (one < other ? -1 : 1)).join(' '));
    return now === then ? undefined : `a report is sent to '${now}', and not to '${then}'`;
  }

  /** A timer has fired. */
  fired(): void {
    this.#passedNow.clear();
  }

  /** What is wrong with whom the report of another is passed on to. */
  passedOn(host: string, from: string, sent: readonly TraceEvent[], time: number): string | undefined {
    const to = sent.map(toOf);
    const count = (this.#passedNow.get(host) ?? 0) + (to.length > 0 ? 1 : 0);
    this.#passedNow.set(host, count);
    if (count > PASSED) return `${count} reports of ${host} are passed on in one interval`;
    if (new Set(to).size < to.length) return `a report of ${host} is passed on twice to one address`;
    const used = this.#used;
    const back = (each: string): boolean => each === from || (used === undefined && covers(each, from));
    const onwards = used?.filter(each => !leadsTo(each, from.split(':')[0] ?? '')).flatMap(each => this.#waysOf(each));
    const networks = onwards ?? this.#networks;
    const others = [...this.#options.neighbours, ...this.#learned.keys(), ...this.#group];
    const known = networks === undefined ? to : [...others, ...(onwards ?? this.#all)];
    const odd = to.find(each => back(each) || !known.includes(each));
    if (odd !== undefined) return `a report of ${host} is passed on to ${odd}`;
    const recent = (this.#passed.get(host) ?? []).filter(each => time - each <= this.#options.interval);
    this.#passed.set(host, [...recent, time]);
    if (recent.length >= PASSED) return undefined;
    const missing = [...this.#due(time), ...(networks ?? []), ...this.#group].find(each => !back(each) && !to.includes(each));
    return missing === undefined ? undefined : `a report of ${host} is not passed on to ${missing}`;
  }
}
