/**
 * How a child of ours ends, and what it does when something it needs is missing.
 */

import { type AlwaysProperty, always } from '../../../src/check/property.ts';
import type { EventData } from '../../../src/host/event.ts';
import { EXIT_USAGE } from '../../../src/impl/command-line/exit.ts';
import type { EventKind, TraceEvent } from '../../../src/trace/event.ts';
import { FAMILY_KINDS, Families } from '../family.ts';
import { WIRE_KINDS, Wire } from '../wire.ts';

/** What a child did before it ended, as far as these properties ask. */
interface Life {
  readonly logged: Set<string>;
  badDescriptor: boolean;
  sent: number;
}

/** A property of a whole life, judged when the child ends. */
function atExit(name: string, text: string, judge: (life: Life, exit: EventData, who: string) => string | undefined): AlwaysProperty {
  return always(
    name,
    text,
    () => {
      const families = new Families();
      const lives = new Map<string, Life>();
      return {
        see: event => {
          families.see(event);
          const life = lives.get(event.process) ?? { logged: new Set(), badDescriptor: false, sent: 0 };
          lives.set(event.process, life);
          live(life, event);
          const ended = event.kind === 'exit' && families.ofChild(event.process) !== undefined;
          return ended && event.data !== undefined ? judge(life, event.data, event.process) : undefined;
        },
      };
    },
    LIFE_KINDS,
  );
}

const LIFE_KINDS: readonly EventKind[] = [...FAMILY_KINDS, 'log', 'attach', 'send'];

function live(life: Life, { kind, data }: TraceEvent): void {
  if (kind === 'log') life.logged.add(String(data?.['event']));
  if (kind === 'send') life.sent += 1;
  if (kind === 'attach' && data?.['error'] !== undefined) life.badDescriptor = true;
}

const FAILURES = ['listen-failed', 'database-open-failed', 'database-close-failed'];

export const askedIsSuccess: AlwaysProperty = atExit(
  'asked-is-success',
  'A shutdown that was asked for is status 0, whenever it comes (DC-23).',
  ({ logged }, exit, who) => {
    const failed = exit['code'] !== undefined && exit['code'] !== 0 && !FAILURES.some(each => logged.has(each));
    return failed && logged.has('shutdown-requested')
      ? `${who} was asked to stop and exited with status ${String(exit['code'])}`
      : undefined;
  },
);

export const badDescriptorIsUsage: AlwaysProperty = atExit(
  'bad-descriptor-is-usage',
  'A child with a bad descriptor ends with status 2 and has sent nothing (DC-14).',
  ({ badDescriptor, sent }, exit, who) => {
    if (!badDescriptor || (exit['code'] === EXIT_USAGE && sent === 0)) return undefined;
    return `${who} went on with a bad descriptor: status ${String(exit['code'] ?? exit['signal'])}, ${sent} writes`;
  },
);

export const survivesItsReader: AlwaysProperty = atExit(
  'survives-its-reader',
  'A reader that is gone does not kill the child (DC-12).',
  (_life, exit, who) => (exit['signal'] === 'SIGPIPE' ? `${who} was killed by SIGPIPE` : undefined),
);

/** After 1,0 a parent knows that everything asked for is bound. */
export const listenersAllBound: AlwaysProperty = always(
  'listeners-all-bound',
  'A child one of whose listeners failed does not say 1,0 (DC-29).',
  () => {
    const wire = new Wire();
    const failed = new Set<string>();
    return {
      see: event => {
        if (event.kind === 'log' && event.data?.['event'] === 'listen-failed') failed.add(event.process);
        const writing = wire.see(event);
        return writing?.tap.letters.endsWith('C') === true && failed.has(event.process)
          ? `${event.process} said 1,0 although a listener had failed`
          : undefined;
      },
    };
  },
  [...WIRE_KINDS, 'log'],
);
