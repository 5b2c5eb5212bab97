/**
 * Which report stands of each host, and whether there is room for another host (R4, R6).
 * Lacks: what was on a disk after a power cut, or was stamped by a clock that nobody knows: `unclear`.
 */
import { seconds } from '../../../src/host/time.ts';
import { between, type Report } from './layout.ts';

const STANDS = seconds(450);
const DOWN = seconds(660);
const SAME_START = 5;
/** By a second or so a clock is off that runs fast or slow. */
const DRIFTED = seconds(1);

export interface Known {
  readonly host: string;
  readonly sent: number;
  readonly booted: number;
  /** Absent: nobody knows when, or from which report. */
  readonly heard: number | undefined;
}

/** Taken of a newcomer, taken, refused by a line of the log, passed over without one; or nobody can say. */
export type Fate = 'newcomer' | 'newer' | 'name-clash' | 'spool-full' | 'passed over' | 'unclear';

export class Standing {
  /** In the order in which they were heard. */
  readonly known: Map<string, Known> = new Map();
  readonly #room: number;
  /** There may be hosts of which nothing is known here. */
  unclear = false;

  constructor(room: number) {
    this.#room = room;
  }

  fate({ host, sent, booted }: Report, time: number, exact: boolean): Fate {
    const known = this.known.get(host);
    if (known === undefined) return this.#newHost(time);
    if (known.heard === undefined) return 'unclear';
    if (known.sent === sent && known.booted === booted) return 'passed over';
    const silent = time - known.heard;
    if (!exact && (isNear(silent, STANDS) || isNear(silent, DOWN))) return 'unclear';
    if (silent >= STANDS) return silent > DOWN ? 'newcomer' : 'newer';
    const later = between(known.sent, sent);
    if (later === 0) return 'passed over';
    const started = between(known.booted, booted);
    if (Math.abs(started) <= SAME_START) return later > 0 ? 'newer' : 'passed over';
    return started > 0 && later > 0 ? 'newcomer' : 'name-clash';
  }

  #newHost(time: number): Fate {
    if (this.unclear) return 'unclear';
    return this.isFull && this.evicted(time) === undefined ? 'spool-full' : 'newcomer';
  }

  get isFull(): boolean {
    return this.known.size >= this.#room;
  }

  /** Who makes room for another: the one that has been silent for the longest time, if it is down. */
  evicted(time: number, least: number = DOWN): string | undefined {
    const [first] = this.known.values();
    return first?.heard !== undefined && time - first.heard >= least ? first.host : undefined;
  }

  /** A report is taken, or found at the start. */
  hears(known: Known): void {
    this.known.delete(known.host);
    this.known.set(known.host, known);
  }
}

const isNear = (silent: number, limit: number): boolean => Math.abs(silent - limit) < DRIFTED;
