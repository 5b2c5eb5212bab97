/**
 * What the replay of a capture shows. The failure in a capture is the first thing at which ours, corrected, does something else than was captured;
 * that is found by a second play, and who was asked for is judged by it:
 *  - reproduced: all that was captured was done again.
 *  - reproduced-differently: the failure happens again, and what was captured does not: it differs behind it, or fails there in another way.
 *  - not-reproduced: where the failure was, it does what ours corrected does.
 *  - diverged: it does something else where nothing had failed: before the failure, or in a capture that has none.
 *  - unreplayable: it could not be tried.
 * Lacks: a second failure behind the first one; the order of things on two streams that nothing connects.
 */
import type { ReplayVerdict } from '../../src/check/replay.ts';
import type { Refutation } from '../case.ts';
import type { Graded } from '../run/grade.ts';

export interface CaptureReplay {
  readonly verdict: ReplayVerdict;
  /** What is to be said of who was asked for, behind its name. */
  readonly why: string;
  /** What ours corrected does in place of what was captured; absent: the same. */
  readonly failure: Refutation | undefined;
  /** What was done in place of what was captured; absent: the same. */
  readonly difference: Refutation | undefined;
}

/** `steps`: how many there are. `corrected`: what ours corrected made of the same. */
export function judgeReplay(played: Graded, corrected: Graded, steps: number): CaptureReplay {
  const failure = corrected.verdict === 'fail' ? corrected : undefined;
  if (played.verdict === 'pass') return { verdict: 'reproduced', why: 'does what was captured', failure, difference: undefined };
  if (played.verdict !== 'fail')
    return { verdict: 'unreplayable', why: `could not be tried: ${played.why}`, failure, difference: undefined };
  const [verdict, how] = comparison(played, failure);
  return { verdict, why: `does something else at step ${played.step + 1} of ${steps}${how}`, failure, difference: played };
}

function comparison(played: Refutation, failure: Refutation | undefined): readonly [ReplayVerdict, string] {
  if (failure === undefined) return ['diverged', ', and nothing had failed: ours corrected does all that was captured'];
  if (played.step < failure.step) return ['diverged', `, before the failure, which is step ${failure.step + 1}`];
  if (played.step > failure.step) return ['reproduced-differently', `; the failure, step ${failure.step + 1}, happens again`];
  if (played.received === failure.received) return ['not-reproduced', ', where the failure was'];
  return ['reproduced-differently', ', where the failure was, and fails in another way'];
}

/** Who has this verdict on the same does what is the failure, too. */
export const bringsAbout = (failure: Refutation, verdict: Graded): boolean =>
  verdict.verdict === 'pass' || (verdict.verdict === 'fail' && verdict.step > failure.step);
