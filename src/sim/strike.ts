/**
 * A fault at one Host call: what it does to the process that makes the call, or to its machine, before the call has an effect.
 * Lacks: which call it is, and who counts what fired (nemesis.ts).
 */
import { NO_CAUSE } from '../trace/event.ts';
import type { RefusalCode } from './core/refusals.ts';
import type { StrikeFault } from './fault.ts';
import type { Machine } from './machine.ts';
import type { SimProcess } from './process/process.ts';

/** Whom it strikes. */
export interface Struck {
  readonly machine: Machine;
  readonly process: SimProcess;
}

/** Does it, and returns how to end it. */
export function strike({ what, draw }: StrikeFault, { machine, process }: Struck, fired: () => void): () => void {
  const power = (unsynced: 'kept' | 'lost' | 'torn'): (() => void) => {
    machine.powerOff(unsynced, draw);
    fired();
    return () => machine.powerOn();
  };
  const refuse = (code: RefusalCode): (() => void) => {
    process.refuse(code, fired);
    return NOTHING;
  };
  switch (what) {
    case 'kill':
      process.end({ signal: 'SIGKILL' }, NO_CAUSE);
      fired();
      return NOTHING;
    case 'pause':
      process.signals.post('SIGSTOP', NO_CAUSE);
      fired();
      return () => void process.signals.post('SIGCONT', NO_CAUSE);
    case 'reset':
    case 'half-open':
      for (const stream of [...process.streams]) {
        if (what === 'half-open' ? !stream.silence() : stream.kind !== 'tcp') continue;
        if (what === 'reset') stream.breakDown();
        fired();
      }
      return NOTHING;
    case 'power-kept':
      return power('kept');
    case 'power-lost':
      return power('lost');
    case 'power-torn':
      return power('torn');
    case 'EIO':
    case 'ENOSPC':
    case 'EMFILE':
    case 'EAGAIN':
    case 'ENOMEM':
      return refuse(what);
    default:
      return what satisfies never;
  }
}

const NOTHING = (): void => {};
