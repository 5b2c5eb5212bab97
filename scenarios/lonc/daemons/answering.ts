/**
 * A local socket in the place of a gateway child's, whose owner is not ours: `--at=HOST --answers=HOW --says=TEXT`, as a program of its own, which
 * answers every connection once.
 */
import type { Daemon, Host, Stream, StreamHandler, Timer } from '../../../src/host/host.ts';
import { millis, ZERO } from '../../../src/host/time.ts';
import { bytesOf } from '../../../src/impl/lonc/latin1.ts';
import { Options } from '../../../src/impl/lonc/options.ts';
import { filled } from '../parts/asks.ts';
import { SOCKETS } from '../parts/places.ts';

/** How somebody is answered who says something: not at all, by the end of the connection, or after so many milliseconds. */
export type Answers = 'nobody' | 'never' | 'closes' | 'half' | number;

export function answer({ network, storage, clock }: Host, path: string, answers: Answers, text: string): void {
  if (answers === 'nobody') return;
  storage.unlink(path);
  const accept = (stream: Stream): StreamHandler => {
    let timer: Timer | undefined;
    const gone = (): void => {
      timer?.cancel();
      stream.close();
    };
    const say = (): void => void stream.write(bytesOf(`${text}\n`));
    const data = (): void => {
      if (answers === 'half') stream.write(bytesOf(text));
      if (answers === 'closes' || answers === 'half') gone();
      if (typeof answers === 'number') timer ??= clock.setTimer(answers === 0 ? ZERO : millis(answers), say);
    };
    return { data, end: gone, close: gone };
  };
  network.listen({ transport: 'unix', path }, { backlog: 1 }, { opened: () => {}, accept });
}

export const answering: Daemon = host => {
  const options = new Options(host.process.args);
  const how = options.required('answers');
  host.signals.handle('SIGPIPE', 'ignore');
  answer(
    host,
    `${SOCKETS}/${options.required('at')}`,
    /^[0-9]+$/.test(how) ? Number(how) : (how as Answers),
    filled(options.required('says')),
  );
};
