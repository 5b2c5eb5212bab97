/**
 * What is said where a trace, or a capture, was looked at only in part: on standard error, so that it is said with --json as well.
 */
import { DECODED_LIMIT } from '../src/trace/decoded.ts';
import { formatProblem, type Problem } from '../src/trace/problem.ts';
import { count, plural, type Screen } from './screen.ts';

/** `dropped`: streams. */
export function noteDropped(dropped: number, screen: Screen): void {
  if (dropped > 0)
    screen.note(
      `${plural(dropped, 'stream')} decoded only in part: more than ${count(DECODED_LIMIT)} were open, and these were silent longest; slipway grep FILE channel:NAME decodes one`,
    );
}

/** What is wrong with a file of which something is made. */
export function noteProblems(file: string, [first, ...more]: readonly Problem[], screen: Screen): void {
  if (first !== undefined)
    screen.note(`${file}: ${formatProblem(first)}${more.length === 0 ? '' : `; and ${plural(more.length, 'more problem')}`}`);
}
