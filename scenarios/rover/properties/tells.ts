/**
 * What a log is promised to say, of all programs of Rover.
 */
import { type AlwaysProperty, always } from '../../../src/check/property.ts';
import { machineOf, programOf } from '../../../src/check/world/housekeeping.ts';
import type { EventKind, TraceEvent } from '../../../src/trace/event.ts';
import { Lives, TellingClient } from '../model/client-tells.ts';
import { Asked, lineWrong, TellingDaemon, TellingParent } from '../model/tells.ts';
import { CLIENT, DAEMON, PARENT, WORKER } from '../parts/network.ts';

type Telling = Pick<TellingParent, 'see'>;
type Judge = { readonly see: (event: TraceEvent) => string | undefined };
/** What is told of, and what may fail. */
const KINDS: readonly EventKind[] = [
  ...(['start', 'exit', 'log', 'spawn', 'wait', 'listen', 'accept', 'connect', 'open', 'recv', 'send', 'close', 'reset'] as const),
  ...(['pipe', 'attach', 'release', 'read', 'write', 'append', 'rename', 'unlink', 'mkdir', 'list', 'stat', 'sync', 'kill'] as const),
];
const OURS: readonly string[] = [PARENT, DAEMON, WORKER, CLIENT, 'rover-cgi'];

/** `whom`: the programs of which more is known than that each line has its level and its fields. */
const tells = (whom: readonly string[]) => (): Judge => {
  const processes = new Map<string, Telling>();
  const asked = new Map<string, Asked>();
  const lives = new Map<string, Lives>();
  const of = <Value>(all: Map<string, Value>, machine: string, make: () => Value): Value => {
    const found = all.get(machine) ?? make();
    all.set(machine, found);
    return found;
  };
  const begun = (event: TraceEvent): Telling | undefined => {
    const machine = machineOf(event.process);
    switch (whom.find(each => each === programOf(event.process))) {
      case PARENT:
        return new TellingParent();
      case DAEMON:
        return new TellingDaemon(
          event,
          of(asked, machine, () => new Asked()),
        );
      case CLIENT:
        return new TellingClient(
          event,
          of(lives, machine, () => new Lives()),
        );
      default:
        return undefined;
    }
  };
  return {
    see: event => {
      const { kind, process } = event;
      const program = programOf(process);
      if (!OURS.includes(program)) return undefined;
      const line = kind === 'log' ? lineWrong(event) : undefined;
      if (line !== undefined) return `${process} ${line}`;
      const telling = kind === 'start' ? begun(event) : processes.get(process);
      if (telling === undefined) return undefined;
      processes.set(process, telling);
      const why = telling.see(event);
      if (kind === 'exit') processes.delete(process);
      return why === undefined ? undefined : `${process} ${why}`;
    },
  };
};

export const tellsWhatHappens: AlwaysProperty = always(
  'tells-what-happens',
  'The programs of Rover tell each request that begins and ends, each try, each process that ends, and why they end.',
  tells([PARENT, DAEMON, CLIENT]),
  KINDS,
);
/** Of clients that nobody answers, and whose options are any. */
export const serverTells: AlwaysProperty = always(
  'tells-what-happens',
  'A server tells what it has begun with, and why it ends; each line of its own and of others has its level and its fields.',
  tells([PARENT, DAEMON]),
  KINDS,
);
/** Of a server and a client that begin with what was before. */
export const linesAreTold: AlwaysProperty = always('tells-what-happens', 'Each line has its level and its fields.', tells([]), ['log']);
