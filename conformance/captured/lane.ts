/**
 * Who in a capture, or in any other trace, has a role, and what it did as a case.
 * Lacks: what several processes did together in one role.
 */
import type { TraceEvent } from '../../src/trace/event.ts';
import type { Case, Wiring } from '../case.ts';
import { CaseMaker } from './conversation.ts';
import { RoleChannels } from './role-channels.ts';

export interface ConversationOptions {
  readonly role: string;
  readonly wiring: Wiring;
  /** The lane of the implementation; absent: the one that has most of what the role has. */
  readonly process?: string;
  /** What whoever has the role is called in the simulator, where its workers are called otherwise. */
  readonly program?: string;
  /** The requirement that is broken where it does something else. */
  readonly requirement: string;
  readonly id: string;
  readonly title: string;
}

export interface Conversation {
  readonly testCase: Case;
  readonly process: string;
  /** Streams and messages of it that are in the case. */
  readonly streams: number;
  readonly messages: number;
  /** What is in the capture and not in the case, and why; a sentence each. */
  readonly left: readonly string[];
}

/** Throws an Error that says why there is none. */
export function conversationOf(events: readonly TraceEvent[], options: ConversationOptions): Conversation {
  const channels = new RoleChannels(options.wiring);
  const process = options.process ?? busiest(events, channels);
  if (process === undefined) throw new Error(`nobody in it ${channels.manner} as the role ${options.role} does`);
  if (!events.some(event => event.process === process))
    throw new Error(`no process ${process} is in it; there are ${lanes(events).join(', ')}`);
  const maker = new CaseMaker(options.wiring, channels, isWorker(events, process, options.program));
  for (const event of events) if (event.process === process) maker.see(event);
  const { steps, deadline, streams, messages, left } = maker.finish();
  if (streams === 0) throw new Error(`${process} has no connection in it that can be played; ${left.join('; ')}`);
  const { role, requirement, id, title } = options;
  return { testCase: { id, rev: 1, title, role, requirements: [requirement], steps, deadline }, process, streams, messages, left };
}

const lanes = (events: readonly TraceEvent[]): readonly string[] => [...new Set(events.map(({ process }) => process))].slice(0, 20);

/** Who has most of what the role has. */
function busiest(events: readonly TraceEvent[], channels: RoleChannels): string | undefined {
  const counts = new Map<string, number>();
  for (const event of events) if (channels.tells(event)) counts.set(event.process, (counts.get(event.process) ?? 0) + 1);
  return [...counts].reduce<readonly [string, number] | undefined>(
    (best, each) => (best === undefined || each[1] > best[1] ? each : best),
    undefined,
  )?.[0];
}

/** A process of the same program has started it: who is asked to end, and whose end is seen, is that one. */
function isWorker(events: readonly TraceEvent[], process: string, own: string | undefined): boolean {
  const [, machine, program, pid] = PROCESS.exec(process) ?? [];
  return events.some(({ kind, process: parent, data = {} }) => {
    if (kind !== 'spawn' || String(data['child']) !== pid) return false;
    const [, where, by] = PROCESS.exec(parent) ?? [];
    return where === machine && (by === program || by === own);
  });
}
/** `machine/program.pid` */
const PROCESS = /^(.*?)([^/]*)\.(\d+)$/;
