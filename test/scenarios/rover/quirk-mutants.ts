/**
 * Daemons of the scenarios of one trap broken on purpose: each quirk by itself, which must be caught in its scenario.
 */
import { DAEMON, PARENT, WORKER } from '../../../scenarios/rover/parts/network.ts';
import { SHOWN } from '../../../scenarios/rover/traps.ts';
import { breaking, type Mutant, withQuirks } from '../mutant.ts';

const ours = breaking('server', DAEMON, PARENT, WORKER, 'rover-cgi');

export const quirkMutants: readonly Mutant[] = SHOWN.map(({ quirk, violates }) => ({
  ...ours(`has --quirk=${quirk}`, withQuirks(quirk), violates),
  scenario: `rover/${quirk}`,
}));
