/**
 * THE PUBLISHED RESPONDER, trap by trap: which decisions of ours (CORRECTED_RESPONDER) each replaces, and by what.
 * Lacks: what the traps are about (quirks.ts, and README.md).
 */
import { rulesOf } from '../command-line/traps.ts';
import { type Quirks, TRAPS } from './quirks.ts';
import { CORRECTED_RESPONDER, type ResponderRules } from './responder-rules.ts';
import type { Sessions } from './sessions.ts';
import { isKernelName } from './specifier.ts';

/** Whoever comes first. */
const ANYBODY: object = {};

/** What is replaced, by the id of the trap. */
export const AS_WRITTEN_RESPONDER: Readonly<Record<string, Partial<ResponderRules>>> = {
  'B-T11': { mishap: 'ends the process' },
  'B-T12': { registers: isKernelName },
  'B-T13': { defaultKernel: 'nobody' },
  'B-T14': { everyKernel: 'this one too, then the peers' },
  'B-T15': { forgotten: 'all that it said' },
  'B-T16': { namesake: 'is closed' },
  'B-T17': { nothing: 'is no answer' },
  'B-T18': { permitted: () => ANYBODY, answers: 'to whoever is named' },
  'B-T19': { subscribing: 'ends the process' },
  'B-T28': { tells: allPublished, place: ' at POE/Component/IKC/Responder.pm line 317.' },
};

/** B-T28. */
function allPublished(sessions: Sessions): string {
  return `:\n${sessions.published.map(([session, states]) => `    ${session}=>[${states.join(', ')}]`).join('\n')}`;
}

export const responderRules = (quirks: Quirks): ResponderRules => rulesOf(CORRECTED_RESPONDER, AS_WRITTEN_RESPONDER, TRAPS, quirks);
