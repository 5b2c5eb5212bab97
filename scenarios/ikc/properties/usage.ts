/**
 * What is promised of command lines: who cannot take its options says one that is wrong, and ends with 2; who can does not complain.
 */
import { type AlwaysProperty, always, type SometimesProperty, sometimes } from '../../../src/check/property.ts';
import { programOf } from '../../../src/check/world/housekeeping.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import { wrongFor } from '../model/usage.ts';
import { argsIn } from '../parts/steps.ts';

const EXIT_USAGE = 2;
/** Of a long value. */
const SHOWN = 150;
const isUsage = ({ kind, data }: TraceEvent): boolean => kind === 'log' && data?.['event'] === 'usage';

/** The name of a kernel, or a step, is named by its value. */
const isNamed = (problem: string, word: string): boolean => {
  const value = word.slice(word.indexOf('=') + 1);
  return problem.includes(word.split('=')[0] ?? '') || problem.includes(`'${value.length > SHOWN ? value.slice(0, SHOWN) : `${value}'`}`);
};

export const refusesUsage: AlwaysProperty = always(
  'refuses-what-it-cannot-take',
  'A program that cannot take its options says which, and ends; one that can goes on.',
  () => {
    const wrong = new Map<string, readonly string[]>();
    return {
      see: event => {
        const { kind, process, data } = event;
        if (kind === 'start') {
          const words = wrongFor(
            programOf(process),
            argsIn(event).filter(each => each !== ''),
          );
          if (words.length > 0) wrong.set(process, words);
          return undefined;
        }
        const words = wrong.get(process);
        if (isUsage(event)) {
          const problem = String(data?.['problem']);
          if (words === undefined) return `${process} complains '${problem}', and nothing is wrong`;
          return words.some(each => isNamed(problem, each))
            ? undefined
            : `${process} complains '${problem}', and wrong is ${words.join(' ')}`;
        }
        if (words === undefined) return undefined;
        return kind === 'exit' && data?.['code'] === EXIT_USAGE ? undefined : `${process} goes on with ${words.join(' ')}`;
      },
    };
  },
  ['start', 'log', 'exit', 'listen', 'connect', 'timer', 'spawn'],
);

export const usageMet: SometimesProperty = sometimes(
  'option-refused',
  'Somebody cannot take the options that it was started with.',
  () => ({ see: isUsage }),
  ['log'],
);
