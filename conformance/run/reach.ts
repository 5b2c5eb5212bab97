/**
 * Whether a case can be played against an implementation that the tester did not start: it has no hold on its options, its files,
 * its descriptors and its end. Follows from the verbs of its steps, so a new case needs no entry anywhere.
 * What a case does only to tidy up (SIGKILL, and then any end) is left undone.
 */
import type { Case, Step, Wiring } from '../case.ts';

/** Why not; undefined when it can. */
export function outOfReach(testCase: Case, wiring: Wiring): string | undefined {
  const starts = testCase.steps.filter(each => each.verb === 'start').length;
  if (starts !== 1) return `${BEGIN} starts it ${starts} times`;
  for (const [index, step] of testCase.steps.entries()) {
    const why = faultOf(step, wiring) ?? (isLate(step) ? undefined : afterKill(testCase.steps, index));
    if (why !== undefined) return `${BEGIN} ${why}`;
  }
  return undefined;
}

const BEGIN = 'the implementation is not ours to start, and the case';

function faultOf(step: Step, wiring: Wiring): string | undefined {
  switch (step.verb) {
    case 'start':
      if (step.environment !== undefined) return 'starts it with an environment of its own';
      return step.options === undefined && step.script === undefined ? undefined : 'starts it with options of its own';
    case 'signal':
      return step.signal === 'SIGKILL' ? undefined : `sends it ${step.signal}`;
    case 'expect-exit':
      return step.codes === undefined && step.signals === undefined ? undefined : 'wants to see how it ends';
    case 'place':
    case 'expect-file':
    case 'expect-content':
      return `needs its file ${step.path}`;
    case 'close-listener':
    case 'listen':
      return 'needs it to begin when nobody listens';
    case 'ask':
      return `needs its ${step.reader}`;
    case 'fill':
    case 'collect':
      return 'needs to be its parent';
    default:
      return pipesOf(step, wiring);
  }
}

function pipesOf(step: Step, wiring: Wiring): string | undefined {
  const channels = 'channel' in step ? [step.channel] : 'channels' in step ? step.channels : [];
  const pipe = channels.find(channel => wiring.channels[channel]?.direction !== 'both');
  return pipe === undefined ? undefined : `needs its pipe ${pipe}`;
}

const isLate = (step: Step): boolean => step.verb === 'signal' || step.verb === 'expect-exit';

/** Something is still asked after it was killed: then the kill is the point. */
const afterKill = (steps: readonly Step[], index: number): string | undefined =>
  steps.slice(0, index).some(isLate) ? 'goes on after its end' : undefined;
