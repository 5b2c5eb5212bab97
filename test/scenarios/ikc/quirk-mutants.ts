/**
 * Daemons of the scenarios of one trap broken on purpose: each quirk by itself, which must be caught in its scenario; and what catches the
 * properties that such a scenario has beside.
 */

import { CLIENT, LITE, SERVER } from '../../../scenarios/ikc/parts/network.ts';
import { SHOWN, traps } from '../../../scenarios/ikc/traps.ts';
import { seconds } from '../../../src/host/time.ts';
import { breaking, hosted, idle, type Mutant, type Wrap, withQuirks } from '../mutant.ts';

const ours = breaking('kernel', SERVER, CLIENT, LITE);
/** `die` of Perl. */
const EXIT_DIED = 255;
/** Later than every client has connected, and before it has gone. */
const AGE = seconds(1);

const diesLikePerl: Wrap = daemon => host => {
  host.clock.setTimer(AGE, () => host.process.exit(EXIT_DIED));
  daemon(host);
};
/** It says what nobody has answered. */
const invents: Wrap = hosted(({ log }) => ({
  log: (severity, event, fields) =>
    log(severity, event, event === 'answer' || event === 'error' ? { ...fields, value: 'wrong', failure: 'wrong' } : fields),
}));

const quirks: readonly Mutant[] = SHOWN.map(({ quirk, violates }) => ({
  ...ours(`has --quirk=${quirk}`, withQuirks(quirk), ...failsOf(quirk, violates)),
  scenario: `ikc/${quirk}`,
}));

function failsOf(quirk: string, violates: string): readonly string[] {
  const expected = traps.find(({ name }) => name === `ikc/${quirk}`)?.expected['as-written'];
  return typeof expected === 'object' ? expected.fails : [violates];
}

export const quirkMutants: readonly Mutant[] = [
  ...quirks,
  ours('dies of something', diesLikePerl, 'kernels-survive'),
  ours('invents answers', invents, 'outcomes-are-own'),
  ours('does nothing', () => idle, 'all-finish', 'peers-finish', 'names-are-told'),
];
