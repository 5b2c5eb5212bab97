/**
 * What is refused, as a log that a hostile network cannot fill: the first of each kind in an interval is a line, of the rest
 * only the count is told (RW-56).
 */
import type { Host, LogFields } from '../../host/host.ts';

/** What is refused of others, and what cannot be done. */
export type Complaint =
  | 'bad-port'
  | 'short'
  | 'bad-version'
  | 'bad-name'
  | 'own-name'
  | 'spool-full'
  | 'name-clash'
  | 'not-written'
  | 'not-sent'
  | 'no-way-out'
  | 'own-name-unusable';

export interface ComplaintRules {
  /** What the second of a kind in an interval is. */
  readonly repeated: 'counted' | 'logged';
}

export const CORRECTED_COMPLAINTS: ComplaintRules = {
  repeated: 'counted', // RW-56: a hostile network does not fill the log
};

export class Complaints {
  readonly #host: Host;
  readonly #counts: boolean;
  readonly #more: Map<Complaint, number> = new Map();

  constructor(host: Host, { repeated }: ComplaintRules) {
    this.#host = host;
    this.#counts = repeated === 'counted';
  }

  say(kind: Complaint, fields: LogFields): void {
    const more = this.#more.get(kind);
    if (more === undefined || !this.#counts) this.#host.log('warning', kind, fields);
    this.#more.set(kind, (more ?? -1) + 1);
  }

  /** An interval is over. */
  renew(): void {
    for (const [kind, more] of this.#more) if (more > 0 && this.#counts) this.#host.log('warning', kind, { more });
    this.#more.clear();
  }
}
