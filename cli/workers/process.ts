/**
 * The process of a worker: it loads the module that does its tasks, and hands one after the other to it.
 */
import { inspect } from 'node:util';
import { Worker } from 'node:worker_threads';
import { TYPED_THREAD } from '../../src/node/load.ts';
import { Beat } from './beat.ts';
import { FROM_SOURCE, type FromWorker, type Start, type Work, workerModule } from './start.ts';
import type { Watched } from './watch.ts';

// Ctrl-C is the matter of whoever started it: it is asked to stop.
process.on('SIGINT', () => {});

// Given by workers.ts.
const { entry, modules, patience } = JSON.parse(process.argv[2] ?? '') as Start;
const say = (message: FromWorker<unknown>, said?: () => void): boolean | undefined => process.send?.(message, undefined, undefined, said);
process.on('uncaughtException', (thrown: unknown) => {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  say({ thrown: { message, stack: inspect(thrown) } }, () => process.exit(1));
});

const beat = new Beat();
const stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
const watched: Watched = { beat: beat.memory, stop, patience };
const entryOfWatch = workerModule('workers/watch');
const workerData = { ...watched, entry: entryOfWatch.href };
new Worker(FROM_SOURCE ? TYPED_THREAD : entryOfWatch, { eval: FROM_SOURCE, workerData }).unref();

async function begin(): Promise<(task: unknown) => Promise<void>> {
  // The modules of workers are those of this package.
  const { work } = (await import(entry)) as { readonly work: Work<unknown, unknown> };
  return work({ modules, beat, stopped: () => Atomics.load(stop, 0) !== 0, tell: update => say({ update }) });
}

const begun = begin();
process.on('message', async task => (await begun)(task));
