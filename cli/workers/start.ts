/**
 * What a worker and the process that started it have to agree on.
 */
import { pathToFileURL } from 'node:url';
import { bundled, packaged } from '../../src/node/package.ts';
import type { Beat } from './beat.ts';

/** Node reads TypeScript here; what it starts does so too. */
export const FROM_SOURCE: boolean = import.meta.url.endsWith('.ts');

/** The module of a worker, by its name in cli. */
export const workerModule = (name: string): URL => pathToFileURL((FROM_SOURCE ? packaged : bundled)(`cli/${name}.ts`));

/** What a worker is given when it starts, as JSON. */
export interface Start {
  /** The address of the module that has its `work`. */
  readonly entry: string;
  /** As Context has them. */
  readonly modules: readonly string[];
  /** Seconds without a sign of life after which it is ended; its work has to give some. Absent: it need not. */
  readonly patience: number | undefined;
}

/** What its work has beside the task. */
export interface Desk<Update> {
  readonly modules: readonly string[];
  readonly beat: Beat;
  /** Whether to stop at the next pause. */
  readonly stopped: () => boolean;
  readonly tell: (update: Update) => void;
}

/** What the module of a worker exports: called once, it gives what does one task after the other. */
export type Work<Task, Update> = (desk: Desk<Update>) => (task: Task) => Promise<void>;

/** What was thrown, as texts: between processes an Error does not always arrive as one. */
export interface Thrown {
  readonly message: string;
  readonly stack: string;
}

export type FromWorker<Update> = { readonly update: Update } | { readonly thrown: Thrown };

/**
 * The descriptor of the line between them, beside that of the tasks, which is not heard in the midst of one. Whatever comes on it asks a worker
 * to stop, and its end to be gone; the worker tells what it is at when nothing happens any more.
 */
export const LINE = 4;
