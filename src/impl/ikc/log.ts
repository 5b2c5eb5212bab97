/**
 * What a link says in the log: the slugs, which never change, with how bad each is. Whatever a peer has said is shown as `printable`
 * has it.
 * Lacks: what the responder and the programs say.
 */
import { printable } from '../../host/bytes.ts';
import type { Host, LogFields, Severity } from '../../host/host.ts';

export type LinkEvent =
  | 'phase'
  | 'link-open'
  | 'link-closed'
  | 'nonsense'
  | 'unreadable'
  | 'unsendable'
  | 'violation'
  | 'negotiation-timeout';

export const LINK_EVENTS: Readonly<Record<LinkEvent, Severity>> = {
  /** The negotiation goes on: `from`, `to`. */
  phase: 'debug',
  /** `peer`, the number of its `aliases`, and the `serializer`. */
  'link-open': 'info',
  /** `why`. */
  'link-closed': 'info',
  /** A line that has no meaning in its `phase`. */
  nonsense: 'warning',
  /** A frame that could not be thawed: `why`. */
  unreadable: 'warning',
  /** A request that could not be sent: `why`. */
  unsendable: 'error',
  /** Bytes that are none of the protocol: `why`. */
  violation: 'warning',
  /** The negotiation took too long, in `phase`. */
  'negotiation-timeout': 'warning',
};

/** The log of the link of this number. */
export const linkLog =
  (host: Host, link: number) =>
  (event: LinkEvent, fields: LogFields = {}): void => {
    const shown = Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? printable(value) : value] as const);
    host.log(LINK_EVENTS[event], event, { link, ...Object.fromEntries(shown) });
  };
