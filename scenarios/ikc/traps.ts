/**
 * The traps of the published source, one row each, in the order of their numbers (src/impl/ikc/quirks.ts). Who is ours has the quirk that
 * a row is about; who is not (daemons/peer.ts) keeps to the protocol, unless the row is about one that does not.
 */
import type { Scenario } from '../../src/check/scenario.ts';
import type { Quirk } from '../../src/impl/ikc/quirks.ts';
import { type IkcTrap, trap } from './parts/trap.ts';
import { NEGOTIATION_TRAPS } from './traps/negotiation.ts';
import { OTHER_TRAPS } from './traps/others.ts';
import { REQUEST_TRAPS } from './traps/requests.ts';

const TABLE: readonly IkcTrap[] = [...NEGOTIATION_TRAPS, ...REQUEST_TRAPS, ...OTHER_TRAPS];

export const traps: readonly Scenario[] = TABLE.map(trap);

/** Which property each quirk breaks in its scenario, which has its name. A run of it is kept in traces/ikc/. */
export const SHOWN: readonly { readonly quirk: Quirk; readonly violates: string }[] = TABLE.map(({ quirk, fails = [], properties }) => ({
  quirk,
  violates: fails[0] ?? properties[0]?.name ?? '',
}));
