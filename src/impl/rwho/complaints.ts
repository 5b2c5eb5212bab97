/**
 * What is refused, as a log that a hostile network cannot fill: the first of each kind in an interval is a line, of the rest
 * only the count is told (RW-56).
 * May import: host.
 */
import type { Host, LogFields } from '../../host/host.ts';

export class Complaints {
  readonly #host: Host;
  readonly #everything: boolean;
  readonly #more: Map<string, number> = new Map();

  constructor(host: Host, everything: boolean) {
    this.#host = host;
    this.#everything = everything;
  }

  /** `kind` is a slug of a table, not of the network. */
  say(kind: string, fields: LogFields): void {
    const more = this.#more.get(kind);
    if (more === undefined || this.#everything) this.#host.log('warning', kind, fields);
    this.#more.set(kind, (more ?? -1) + 1);
  }

  /** An interval is over. */
  renew(): void {
    for (const [kind, more] of this.#more) if (more > 0 && !this.#everything) this.#host.log('warning', kind, { more });
    this.#more.clear();
  }
}
