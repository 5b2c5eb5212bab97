/**
 * A hook of Node's loader: one module is another text. Node runs it in a thread of its own.
 */
import type { LoadHook } from 'node:module';

export interface Overlay {
  readonly url: string;
  readonly module: string;
}

let overlay: Overlay | undefined;

export function initialize(given: Overlay): void {
  overlay = given;
}

export const load: LoadHook = (url, context, next) =>
  url === overlay?.url ? { format: 'module', source: overlay.module, shortCircuit: true } : next(url, context);
