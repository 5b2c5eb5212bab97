/**
 * THE PUBLISHED CHANNEL, trap by trap: which decisions of a link (CORRECTED_LINK) each replaces, and by what.
 * Lacks: what the traps are about (quirks.ts, and README.md).
 */
import { rulesOf } from '../command-line/traps.ts';
import { CORRECTED_LINK, type LinkRules } from './link-rules.ts';
import { type Quirks, TRAPS } from './quirks.ts';

/** What is replaced, by the id of the trap. */
export const AS_WRITTEN_LINK: Readonly<Record<string, Partial<LinkRules>>> = {
  'B-T01': { bounded: false },
  'B-T02': { joinsLines: false },
  'B-T03': { joinsAtSwitch: false, noFrame: 'is deaf' },
  'B-T04': { saysBadNames: true },
  // False in the language that it was written in.
  'B-T05': { isName: name => name !== undefined && name !== '' && name !== '0' },
  'B-T06': { offersUnknown: true },
  'B-T06b': { guesses: true },
  'B-T06c': { usesUpList: true },
  'B-T07': { unixServer: () => 'unix:n' },
  'B-T09': { earlyRequests: 'before it is open' },
  'B-T10': { endsNegotiation: false },
  // A colon is no character to take out, and the name passes for one.
  'B-T12': { unixText: path => path.replace(/[^-:.\w]+/g, '_'), isAddressable: name => /^[-:.\w]+$/.test(name) },
  'B-T20': { refusesSetup: false },
  'B-T25': { follows: () => 'server' },
  'B-T26': { countsUnsent: true },
  'B-T29': { entersAtOnce: false, doubts: false },
};

export const linkRules = (quirks: Quirks): LinkRules => rulesOf(CORRECTED_LINK, AS_WRITTEN_LINK, TRAPS, quirks);
