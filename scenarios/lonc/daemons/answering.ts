/**
 * A local socket in the place of a gateway child's, whose owner is not ours: `--at=HOST --answers=HOW,… --says=TEXT`. As a program of its own it
 * answers each connection once, in the next of these ways, and the last of them again and again; and it may be poked.
 */
import type { Daemon, Host, Stream, StreamHandler, Timer } from '../../../src/host/host.ts';
import { millis, ZERO } from '../../../src/host/time.ts';
import { bytesOf } from '../../../src/impl/lonc/latin1.ts';
import { Options } from '../../../src/impl/lonc/options.ts';
import { filled } from '../parts/asks.ts';
import { SOCKETS } from '../parts/places.ts';

/**
 * How somebody is answered who says something: not at all, since there is no socket; never; by the end of the connection, before or amid a line; with
 * two lines; by the word con_lost; or after so many milliseconds.
 */
export type Answers = 'nobody' | 'never' | 'closes' | 'half' | 'two' | 'lost' | number;

export function answer({ network, storage, clock }: Host, path: string, ways: readonly Answers[], text: string): void {
  if (ways.includes('nobody')) return;
  storage.unlink(path);
  let count = 0;
  const accept = (stream: Stream): StreamHandler => {
    const how = ways[Math.min(count, ways.length - 1)] ?? 'never';
    count += 1;
    let timer: Timer | undefined;
    let asked = false;
    const say =
      (...lines: readonly string[]) =>
      (): void =>
        void stream.write(bytesOf(lines.join('\n')));
    const gone = (): void => {
      timer?.cancel();
      stream.close();
    };
    const data = (): void => {
      if (asked) return;
      asked = true;
      if (how === 'half') say(text)();
      if (how === 'closes' || how === 'half') gone();
      if (how === 'two') say(text, 'more', '')();
      if (how === 'lost') say('con_lost', '')();
      if (typeof how === 'number') timer = clock.setTimer(how === 0 ? ZERO : millis(how), say(text, ''));
    };
    return { data, end: gone, close: gone };
  };
  network.listen({ transport: 'unix', path }, { backlog: 10 }, { opened: () => {}, accept });
}

export const answering: Daemon = host => {
  const options = new Options(host.process.args);
  const ways = options
    .required('answers')
    .split(',')
    .map(how => (/^[0-9]+$/.test(how) ? Number(how) : (how as Answers)));
  host.signals.handle('SIGPIPE', 'ignore');
  host.signals.handle('SIGUSR1', () => host.log('debug', 'poked'));
  answer(host, `${SOCKETS}/${options.required('at')}`, ways, filled(options.required('says')));
};
