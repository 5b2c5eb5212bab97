/**
 * Delayed messages: which were kept, which of them each child has sent and had answered, and what reached a lond.
 */

import { latin1Of } from '../../../src/impl/lonc/latin1.ts';
import type { EventKind, TraceEvent } from '../../../src/trace/event.ts';
import { KEEPER, LIBRARY } from '../daemons/names.ts';
import { SPOOL } from './places.ts';
import { isLog, machineOf, programOf, streamOf } from './processes.ts';

export const DELIVERY_KINDS: readonly EventKind[] = ['log', 'send', 'recv', 'unlink', 'rename'];
/** Who keeps messages for later. */
const KEEPERS = [KEEPER, LIBRARY];
const LONDS = ['lond-child', 'other-lond'];

export interface Delivery {
  /** The text of the message; those of all machines differ. */
  readonly command: string;
  /** The link that it is for, as `h1 for h2`. */
  readonly link: string;
  /** The message has had an answer. */
  answered: boolean;
  /** A lond has read it. */
  arrived: boolean;
}

interface Wire {
  /** Lines that have no answer yet. */
  readonly open: string[];
  sending: string;
  reading: string;
}

export class Deliveries {
  /** All messages in the order in which they were kept. */
  readonly kept: Delivery[] = [];
  readonly #files = new Map<string, Delivery>();
  readonly #wires = new Map<string, Wire>();
  readonly #incoming = new Map<string, string>();

  /** The commands that are answered with this event. */
  see(event: TraceEvent): readonly string[] {
    const program = programOf(event.process);
    if (KEEPERS.includes(program) && isLog(event, 'kept')) this.#keep(event);
    const { channel, bytes, kind } = event;
    if (bytes === undefined || !channel.startsWith('tcp')) return [];
    if (LONDS.includes(program) && kind === 'recv') this.#arrive(event, latin1Of(bytes));
    return program === 'gateway-child' ? this.#wire(event, latin1Of(bytes)) : [];
  }

  /** The message in a file that is unlinked or renamed. */
  inFile({ data, process }: TraceEvent): Delivery | undefined {
    const path = String(data?.['path'] ?? data?.['from'] ?? '');
    const [, count = '', pid = ''] = path.slice(SPOOL.length + 1).split('.');
    return this.#files.get(fileKey(process, count, pid));
  }

  #keep({ data, process }: TraceEvent): void {
    const link = `${machineOf(process)} for ${String(data?.['peer'])}`;
    const kept = { command: String(data?.['command']), link, answered: false, arrived: false };
    this.kept.push(kept);
    this.#files.set(fileKey(process, String(data?.['count']), process.slice(process.lastIndexOf('.') + 1)), kept);
  }

  #arrive(event: TraceEvent, text: string): void {
    const lines = ((this.#incoming.get(streamOf(event)) ?? '') + text).split('\n');
    this.#incoming.set(streamOf(event), lines.pop() ?? '');
    for (const kept of this.kept) if (lines.includes(kept.command)) kept.arrived = true;
  }

  #wire(event: TraceEvent, text: string): readonly string[] {
    const wire = this.#wires.get(streamOf(event)) ?? { open: [], sending: '', reading: '' };
    this.#wires.set(streamOf(event), wire);
    const side = event.kind === 'send' ? 'sending' : 'reading';
    const lines = (wire[side] + text).split('\n');
    wire[side] = lines.pop() ?? '';
    if (event.kind === 'send') wire.open.push(...lines);
    return event.kind === 'send' ? [] : lines.map(() => wire.open.shift() ?? '');
  }
}

const fileKey = (process: string, count: string, pid: string): string => `${machineOf(process)} ${count}.${pid}`;
