/**
 * Starts a program, and after a second again when it has failed: `[--over=1] [--after=MS] [--file=PATH CONTENT] PROGRAM ARG…`. With `--over=1`
 * that status is no failure: a client has it when an answer was not what its user wanted. The file has to be there before.
 */
import { utf8 } from '../../../src/host/bytes.ts';
import type { Daemon } from '../../../src/host/host.ts';
import { millis, seconds } from '../../../src/host/time.ts';

const AGAIN = seconds(1);

export const init: Daemon = ({ clock, process, storage }) => {
  const words = [...process.args];
  const option = (name: string): string | undefined => {
    const found = words[0]?.startsWith(`--${name}=`) === true ? words.shift() : undefined;
    return found?.slice(name.length + 3);
  };
  const over = Number(option('over') ?? 0);
  const after = Number(option('after') ?? 0);
  const path = option('file');
  const content = path === undefined ? '' : (words.shift() ?? '');
  const [program = '', ...args] = words;
  const later = (): void => void clock.setTimer(AGAIN, start);
  const start = (): void => {
    // A disk that fails is tried again, as all else is.
    const ready = path === undefined || storage.write(path, utf8(content)).ok;
    if (!ready || !process.spawn(program, args).ok) {
      later();
      return;
    }
    process.wait(result => {
      const isOver = result.ok && 'code' in result.value.status && result.value.status.code <= over;
      if (!isOver) later();
    });
  };
  clock.setTimer(millis(after), start);
};
