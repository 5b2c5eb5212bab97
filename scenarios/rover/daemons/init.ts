/**
 * Starts a program, and after a second again when a signal has ended it, or a status other than 0 and 1: a client ends with 1 when an answer
 * was not what its user wanted. `[--after=MS] PROGRAM ARG…`.
 */
import type { Daemon } from '../../../src/host/host.ts';
import { millis, seconds } from '../../../src/host/time.ts';

const AGAIN = seconds(1);

export const init: Daemon = ({ clock, process }) => {
  const [first = '', ...rest] = process.args;
  const [, after] = /^--after=(\d+)$/.exec(first) ?? [];
  const [program = '', ...args] = after === undefined ? [first, ...rest] : rest;
  const start = (): void => {
    if (!process.spawn(program, args).ok) {
      clock.setTimer(AGAIN, start);
      return;
    }
    process.wait(result => {
      const isOver = result.ok && 'code' in result.value.status && result.value.status.code <= 1;
      if (!isOver) clock.setTimer(AGAIN, start);
    });
  };
  if (after === undefined) start();
  else clock.setTimer(millis(Number(after)), start);
};
