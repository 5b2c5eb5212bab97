/**
 * A child of a gateway, or of a lond, that is not ours, and serves nobody: each life is one of those that it is told, in turn, and the last one again
 * and again. How many there were for its host stands in a file, a byte each.
 */
import type { Daemon, Host } from '../../../src/host/host.ts';
import { millis } from '../../../src/host/time.ts';
import { bytesOf } from '../../../src/impl/lonc/latin1.ts';
import { Options } from '../../../src/impl/lonc/options.ts';
import { SOCKETS } from '../parts/places.ts';
import { type Answers, answer } from './answering.ts';
import { NOT_OURS } from './names.ts';

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

/** `ahead`: so many of the lives a child of that host has not. */
export const otherChild =
  (lives: readonly OtherLife[], ahead: (peer: string) => number = () => 0): Daemon =>
  host => {
    const options = new Options(host.process.args);
    const peer = options.text('peer') ?? 'lond';
    const { process, signals, clock, descriptors } = host;
    host.log('debug', NOT_OURS);
    const life = lives[Math.min(ahead(peer) + livesOf(host, peer), lives.length - 1)];
    if (life === undefined) return;
    const ends = (status: number) => (): never => {
      if (life.answers !== 'nobody') host.storage.unlink(`${SOCKETS}/${peer}`);
      return process.exit(status);
    };
    descriptors.attach(options.number('lifeline', NUMBER_MAX) ?? LIFELINE, 'read', { data: () => {}, end: ends(0), close: ends(0) });
    for (const signal of ['SIGUSR1', 'SIGPIPE'] as const) signals.handle(signal, 'ignore');
    signals.handle('SIGINT', life.deaf ? 'ignore' : ends(0));
    if (life.lasts > 0) clock.setTimer(millis(life.lasts), ends(life.status));
    answer(host, `${SOCKETS}/${peer}`, [life.answers], 'bye');
  };

/** How often it has lived before. */
function livesOf({ storage }: Host, peer: string): number {
  const path = `${SOCKETS}/lives.${peer}`;
  const before = storage.stat(path);
  storage.append(path, bytesOf('.'));
  return before.ok ? before.value.size : 0;
}
