/**
 * The thread of a worker that hears what its work, which is one long call, does not: that it is to stop; that whoever started it is gone,
 * and it ends at once; and that it shows no sign of life any more, which is told.
 */
import { Socket } from 'node:net';
import { workerData } from 'node:worker_threads';
import { Beat } from './beat.ts';
import { LINE } from './start.ts';

export interface Watched {
  readonly beat: SharedArrayBuffer;
  /** One, which is not zero when it is to stop. */
  readonly stop: Int32Array;
  readonly patience: number | undefined;
}

/** Looks are counted, and no time: a computer that slept, or had no time for us, has not looked either. */
const LOOK_MS = 1_000;

// Given by process.ts.
const { beat: memory, stop, patience } = workerData as Watched;
const beat = new Beat(memory);
const line = new Socket({ fd: LINE });
line.on('data', () => Atomics.store(stop, 0, 1));
line.on('close', () => process.kill(process.pid, 'SIGKILL'));
// It is closed then.
line.on('error', () => {});

if (patience !== undefined) {
  /** Signs at the last look, and looks since which there was none. */
  let [count, silent] = [0, 0];
  const look = setInterval(() => {
    const now = beat.count;
    silent = now === 0 || now !== count ? 0 : silent + 1;
    count = now;
    if (silent < patience) return;
    clearInterval(look);
    line.write(String(beat.at));
  }, LOOK_MS);
}
