/**
 * The paths between machines: who can reach whom, which paths are cut and by whom, how long a segment takes, and what
 * the loss of packets means to a stream.
 * Lacks: routers between networks (route.ts has what one machine knows of its own), and the retransmission timeout of a sender
 * whose data arrives while only the acknowledgements are lost.
 */

import type { Duration } from '../../host/time.ts';
import { millis } from '../../host/time.ts';
import type { Channel, Transit } from '../channel/channel.ts';
import type { Core } from '../core/core.ts';
import type { Prng } from '../core/prng.ts';
import { owns, type RoutingTable } from './route.ts';

/** TCP_RTO_MIN of Linux: a lost segment comes again after this, then after twice as long, and so on, this often. */
const RETRANSMIT_DELAY: Duration = millis(200);
const RETRANSMIT_DOUBLINGS = 8;

/** A machine, as the cables see it. */
export interface Station extends RoutingTable {
  /** Of all in the world, from 0 in the order in which they were made. */
  readonly number: number;
  readonly name: string;
  /** It has power. */
  readonly up: boolean;
}

export class Network<Member extends Station> {
  readonly #core: Core;
  readonly #machines: Member[] = [];
  /** By address, the machine that was made first; by broadcast address, all that are on that network. Neither ever changes again. */
  readonly #byAddress = new Map<string, Member>();
  readonly #domains = new Map<string, Member[]>();
  /** By the numbers of two machines. */
  readonly #links: (Prng | undefined)[][] = [];
  /** `a>b` -> who cut it, to be told whenever it held something back. */
  readonly #cuts = new Map<string, (() => void)[]>();
  /** Channels that hold something back, and the machine that would send it. */
  readonly #held = new Map<Channel, Member>();

  constructor(core: Core) {
    this.#core = core;
  }

  /** A machine is made. Its number: how many there were before it. */
  join(machine: Member): number {
    this.#links.push([]);
    for (const { address, broadcast } of machine.interfaces) {
      if (!this.#byAddress.has(address)) this.#byAddress.set(address, machine);
      if (broadcast === undefined) continue;
      const domain = this.#domains.get(broadcast);
      if (domain === undefined) this.#domains.set(broadcast, [machine]);
      else if (domain.at(-1) !== machine) domain.push(machine);
    }
    return this.#machines.push(machine) - 1;
  }

  cut(from: string, to: string, fired: () => void): void {
    const path = `${from}>${to}`;
    this.#cuts.set(path, [...(this.#cuts.get(path) ?? []), fired]);
  }

  /** Takes back the cut that was made with `fired`; another one may still hold. */
  mend(from: string, to: string, fired: () => void): void {
    const path = `${from}>${to}`;
    const left = (this.#cuts.get(path) ?? []).filter(other => other !== fired);
    if (left.length > 0) this.#cuts.set(path, left);
    else this.#cuts.delete(path);
    this.release();
  }

  open(from: Member, to: Member): boolean {
    if (!from.up || !to.up) return false;
    const cut = this.#cuts.size === 0 ? undefined : this.#cuts.get(`${from.name}>${to.name}`);
    if (cut === undefined) return true;
    for (const fired of cut) fired();
    return false;
  }

  /** Lets what was held try its path again. */
  release(): void {
    const held = [...this.#held.keys()];
    this.#held.clear();
    for (const channel of held) channel.release();
  }

  /** A machine lost power: what it held for another try is gone. */
  discard(machine: Member): void {
    for (const [channel, sender] of [...this.#held]) {
      if (sender !== machine) continue;
      this.#held.delete(channel);
      channel.discard();
    }
  }

  /** Whose address it is, as seen from a machine. */
  machineAt(address: string, from: Member): Member | undefined {
    return owns(from, address) ? from : this.#byAddress.get(address);
  }

  /** In the order in which they were made. */
  all(): readonly Member[] {
    return this.#machines;
  }

  /** Those with an interface of that broadcast address, in the same order. */
  domain(broadcast: string): readonly Member[] {
    return this.#domains.get(broadcast) ?? [];
  }

  delay(from: Member, to: Member, prng: Prng = this.link(from, to)): Duration {
    const { latencyMin, latencyMax } = from === to ? this.#core.local : this.#core.link;
    const base = prng.between(latencyMin, latencyMax);
    return (base + (this.#core.conditions.latency?.pick(prng) ?? 0)) as Duration;
  }

  /** Where the delays and the fate of what goes from one machine to another are drawn. */
  link(from: Member, to: Member): Prng {
    const links = this.#links[from.number] ?? [];
    let link = links[to.number];
    if (link === undefined) {
      link = this.#core.chance.separate(`link/${from.name}>${to.name}`);
      links[to.number] = link;
    }
    return link;
  }

  /** How the bytes of a connection travel in one direction. */
  transit(from: Member, to: Member): Transit {
    const prng = this.link(from, to);
    return {
      inside: from === to,
      prng: this.#core.chance.stream(`read/${to.name}<${from.name}`),
      readMax: this.#core.link.readMax,
      delay: () => (this.open(from, to) ? ((this.delay(from, to, prng) + this.#retransmission(from, to, prng)) as Duration) : undefined),
      held: channel => this.#held.set(channel, from),
    };
  }

  /** What the loss of packets means to a stream: a segment comes later. */
  #retransmission(from: Member, to: Member, prng: Prng): number {
    const { loss } = this.#core.conditions;
    const base = this.#core.link.loss;
    if (from === to || (base === 0 && loss === undefined)) return 0;
    let delay = 0;
    for (let doubling = 0; doubling < RETRANSMIT_DOUBLINGS; doubling++) {
      const hit = loss !== undefined && prng.chance(loss.chance);
      if (hit) loss.fired();
      else if (!prng.chance(base)) break;
      delay += RETRANSMIT_DELAY * 2 ** doubling;
    }
    return delay;
  }
}
