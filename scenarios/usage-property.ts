/**
 * What is promised of command lines: who cannot take its options says one that is wrong, as critical, and ends with 2; who can does not complain.
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
      const told = new Set<string>();
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
            told.add(process);
            if (data?.['severity'] !== 'critical') return `${process} complains '${problem}' as ${String(data?.['severity'])}`;
            if (words === undefined) return `${process} complains '${problem}', and nothing is wrong`;
            return words.some(each => isNamed(problem, each))
              ? undefined
              : `${process} complains '${problem}', and wrong is ${words.join(' ')}`;
          }
          if (words === undefined) return undefined;
          if (kind !== 'exit' || data?.['code'] !== EXIT_USAGE) return `${process} goes on with ${words.join(' ')}`;
          wrong.delete(process);
          return told.has(process) ? undefined : `${process} ends, and does not say that wrong is ${words.join(' ')}`;
        },
        end: () => {
          const [left] = wrong;
          return left === undefined ? undefined : `${left[0]} does not end, and wrong is ${left[1].join(' ')}`;
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

/** Of programs whose complaints somebody else judges. */
export const refusedEnd = (isWrong: (program: string, args: string) => boolean): AlwaysProperty =>
  always(
    'refused-ends',
    'A program that cannot take its options ends with 2.',
    () => {
      const wrong = new Set<string>();
      return {
        see: ({ kind, process, data }) => {
          if (kind === 'start' && isWrong(programOf(process), String(data?.['args']))) wrong.add(process);
          return kind === 'exit' && wrong.delete(process) && data?.['code'] !== EXIT_USAGE
            ? `${process} ends otherwise than with ${EXIT_USAGE}, and cannot take its options`
            : undefined;
        },
        end: () => {
          const [left] = wrong;
          return left === undefined ? undefined : `${left} does not end, and cannot take its options`;
        },
      };
    },
    ['start', 'exit'],
  );
