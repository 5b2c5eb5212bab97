/**
 * The decisions of a link. A member says what is decided and by which trap it can be replaced; what the traps decide instead is in
 * as-written-link.ts.
 */
import { isAddressable, unixText } from './names.ts';

export type Role = 'server' | 'client';

export interface LinkRules {
  /** B-T01: a negotiation has an end, whatever the peer does. */
  readonly bounded: boolean;
  /** B-T02: of a terminator that two reads have between them, the second half begins no line. */
  readonly joinsLines: boolean;
  /** B-T03: nor does it begin a frame. */
  readonly joinsAtSwitch: boolean;
  /** B-T03: what becomes of a link whose peer sends what is no frame. */
  readonly noFrame: 'is closed' | 'is deaf';
  /** B-T04: the peer is told names that it would refuse for ever. */
  readonly saysBadNames: boolean;
  /** B-T05: whether the list of names goes on with this one. */
  readonly isName: (name: string | undefined) => boolean;
  /** B-T06: a client offers a serializer that it does not have when it comes last in its list. */
  readonly offersUnknown: boolean;
  /** B-T06b: when all serializers are refused, the default is used. */
  readonly guesses: boolean;
  /** B-T06c: the list of what is offered is used up by the first negotiation. */
  readonly usesUpList: boolean;
  /** B-T07: what a client calls the server at the end of a Unix-domain socket. */
  readonly unixServer: (path: string) => string;
  /** B-T09: when requests that came with the end of the negotiation are passed on. */
  readonly earlyRequests: 'when it is open' | 'before it is open';
  /** B-T10: a shutdown is heard in a negotiation, too, when something is unsent. */
  readonly endsNegotiation: boolean;
  /** B-T12: a name of a kernel that can be written in a specifier. */
  readonly isAddressable: (name: string) => boolean;
  /** B-T12: a path as a part of a name. */
  readonly unixText: (path: string) => string;
  /** B-T20: the first line of a later version is refused, so that the peer goes on with this one. */
  readonly refusesSetup: boolean;
  /** B-T25: whose table a role follows. */
  readonly follows: (role: Role) => Role;
  /** B-T26: what is sent on a link that is not open counts as sent. */
  readonly countsUnsent: boolean;
  /** B-T29: what a phase begins with is said before any more is read. */
  readonly entersAtOnce: boolean;
  /** B-T29: an answer too many leaves in doubt what was agreed, so the link is not opened. */
  readonly doubts: boolean;
}

export const CORRECTED_LINK: LinkRules = {
  bounded: true,
  joinsLines: true,
  joinsAtSwitch: true,
  noFrame: 'is closed',
  saysBadNames: false,
  isName: name => name !== undefined,
  offersUnknown: false,
  guesses: false,
  usesUpList: false,
  unixServer: path => `unix:${unixText(path)}`,
  earlyRequests: 'when it is open',
  endsNegotiation: true,
  isAddressable,
  unixText,
  refusesSetup: true,
  follows: role => role,
  countsUnsent: false,
  entersAtOnce: true,
  doubts: true,
};
