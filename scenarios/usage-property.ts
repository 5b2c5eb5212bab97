/**
 * What is promised of command lines: who cannot take its options says one that is wrong, and ends with 2; who can does not complain.
 * Lacks: which options there are (model/usage.ts of a protocol).
 */
import { type AlwaysProperty, always, type SometimesProperty, sometimes } from '../src/check/property.ts';
import { programOf } from '../src/check/world/housekeeping.ts';
import type { TraceEvent } from '../src/trace/event.ts';

const EXIT_USAGE = 2;
const isUsage = ({ kind, data }: TraceEvent): boolean => kind === 'log' && data?.['event'] === 'usage';

/** Of a `start` event. No argument has ` --` in it. */
export const argsIn = ({ data }: TraceEvent): readonly string[] => String(data?.['args']).split(/ (?=--)/);

export interface Usage {
  /** Words of which whoever complains has to name one; none where nothing is wrong. */
  readonly wrongFor: (program: string, args: readonly string[]) => readonly string[];
  /** Whether a complaint is about that word. */
  readonly isNamed: (problem: string, word: string) => boolean;
}

export const refusesUsage = ({ wrongFor, isNamed }: Usage): AlwaysProperty =>
  always(
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
