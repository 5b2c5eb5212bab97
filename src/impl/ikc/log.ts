/**
 * What links log. The slugs never change. `link` is the number of the link in its process; text of a peer is made printable before.
 * Lacks: what the responder and the programs say.
 */
import { type Logs, logs } from '../../host/logs.ts';

const STEPS = { phase: { link: 'number', from: 'string', to: 'string' } } as const;
const FORMS = {
  'link-open': { link: 'number', peer: 'string', aliases: 'number', serializer: 'string' },
  'link-closed': { link: 'number', why: 'string' },
} as const;
const WARNINGS = {
  /** A line that has no meaning in its phase. */
  nonsense: { link: 'number', phase: 'string', line: 'string' },
  'negotiation-timeout': { link: 'number', phase: 'string' },
  /** Bytes that are no line and no frame, and where they are in all that the peer has sent. */
  violation: { link: 'number', why: 'string', offset: 'number' },
  /** A frame that could not be thawed. */
  unreadable: { link: 'number', why: 'string' },
  /** A request that could not be frozen, or is too large. */
  unsendable: { link: 'number', why: 'string' },
} as const;

export const linkStep: Logs<typeof STEPS> = logs(STEPS, 'debug');
export const linkNoted: Logs<typeof FORMS> = logs(FORMS);
export const linkWarned: Logs<typeof WARNINGS> = logs(WARNINGS, 'warning');
