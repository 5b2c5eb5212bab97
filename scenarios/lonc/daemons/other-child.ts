/**
 * A child of a gateway, or of a lond, that is not ours, and serves nobody: each life is one of those that it is told, in turn, and the last one again
 * and again. How many there were for its host stands in a file, a byte each.
 */
import type { Daemon, Host, Stream, StreamHandler, Timer } from '../../../src/host/host.ts';
import { millis, ZERO } from '../../../src/host/time.ts';
import { bytesOf } from '../../../src/impl/lonc/latin1.ts';
import { Options } from '../../../src/impl/lonc/options.ts';
import { SOCKETS } from '../parts/places.ts';
import { NOT_OURS } from './names.ts';

/** How somebody is answered who connects to its socket: not at all, by the end of the connection, or after so many milliseconds. */
export type Answers = 'nobody' | 'never' | 'closes' | number;

export interface OtherLife {
  /** Milliseconds after which it ends; 0: it does not, of its own will. */
  readonly lasts: number;
  readonly status: number;
  /** What tells it to end it does not hear. */
  readonly deaf: boolean;
  readonly answers: Answers;
}

const LIFELINE = 3;
const NUMBER_MAX = 1_000_000;

export const otherChild =
  (lives: readonly OtherLife[]): Daemon =>
  host => {
    const options = new Options(host.process.args);
    const peer = options.text('peer') ?? 'lond';
    const { process, signals, clock, descriptors } = host;
    host.log('debug', NOT_OURS);
    const life = lives[Math.min(livesOf(host, peer), lives.length - 1)];
    if (life === undefined) return;
    const ends = (status: number) => (): never => {
      if (life.answers !== 'nobody') host.storage.unlink(`${SOCKETS}/${peer}`);
      return process.exit(status);
    };
    descriptors.attach(options.number('lifeline', NUMBER_MAX) ?? LIFELINE, 'read', { data: () => {}, end: ends(0), close: ends(0) });
    for (const signal of ['SIGUSR1', 'SIGPIPE'] as const) signals.handle(signal, 'ignore');
    signals.handle('SIGINT', life.deaf ? 'ignore' : ends(0));
    if (life.lasts > 0) clock.setTimer(millis(life.lasts), ends(life.status));
    if (life.answers !== 'nobody') listen(host, `${SOCKETS}/${peer}`, life.answers);
  };

/** How often it has lived before. */
function livesOf({ storage }: Host, peer: string): number {
  const path = `${SOCKETS}/lives.${peer}`;
  const before = storage.stat(path);
  storage.append(path, bytesOf('.'));
  return before.ok ? before.value.size : 0;
}

function listen({ network, storage, clock }: Host, path: string, answers: Answers): void {
  storage.unlink(path);
  const accept = (stream: Stream): StreamHandler => {
    let timer: Timer | undefined;
    const gone = (): void => {
      timer?.cancel();
      stream.close();
    };
    const answer = (): void => void stream.write(bytesOf('bye\n'));
    const data = (): void => {
      if (answers === 'closes') gone();
      if (typeof answers === 'number') timer ??= clock.setTimer(answers === 0 ? ZERO : millis(answers), answer);
    };
    return { data, end: gone, close: gone };
  };
  network.listen({ transport: 'unix', path }, { backlog: 1 }, { opened: () => {}, accept });
}
