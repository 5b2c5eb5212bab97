/**
 * Who belongs together in a trace: a parent, its child, and the two pipes between them. Read off the events alone, so that
 * it holds for any parent that makes the event pipe first and the control pipe second.
 * Lacks: a parent with several children at once; processes that help a parent (HELPERS) are passed over.
 */
import type { EventData } from '../../src/host/event.ts';
import type { EventKind, TraceEvent } from '../../src/trace/event.ts';
import { FILLER, OBSERVER } from './daemons/names.ts';

export interface Family {
  /** `machine/program.pid`. */
  readonly parent: string;
  /** '' until it is spawned. */
  child: string;
  /** Channels. */
  events: string;
  control: string;
  /** The parent's number for its end of the control pipe. */
  controlEnd: number;
  /** Set by their `exit`, to its data. */
  childExit: EventData | undefined;
  parentExit: EventData | undefined;
}

export const FAMILY_KINDS: readonly EventKind[] = ['pipe', 'spawn', 'release', 'attach', 'exit'];

const HELPERS: readonly unknown[] = [FILLER];
/** Makes a pipe, and is no parent of this protocol. */
const OTHERS = `/${OBSERVER}.`;

export class Families {
  readonly #byParent = new Map<string, Family>();
  readonly #byChild = new Map<string, Family>();

  /** By process, the channel of its standard output, where that is a pipe. */
  readonly #outputs = new Map<string, string>();

  /** Whether something is written to the standard output of its process. */
  isOutput({ process, channel }: TraceEvent): boolean {
    return channel.startsWith('out') || (channel !== '' && this.#outputs.get(process) === channel);
  }

  see(event: TraceEvent): void {
    if (event.kind === 'attach' && event.data?.['fd'] === 1) this.#outputs.set(event.process, event.channel);
    if (event.kind === 'pipe') this.#pipe(event);
    else if (event.kind === 'spawn') this.#spawn(event);
    else if (event.kind === 'exit') this.#exit(event);
  }

  ofParent(label: string): Family | undefined {
    return this.#byParent.get(label);
  }

  ofChild(label: string): Family | undefined {
    return this.#byChild.get(label);
  }

  /** Of a child that can still do something: its family, when this event is the parent letting go of the control pipe. */
  controlClosed(event: TraceEvent): Family | undefined {
    const family = event.kind === 'release' ? this.#byParent.get(event.process) : undefined;
    if (family === undefined || event.channel !== family.control || event.data?.['fd'] !== family.controlEnd) return undefined;
    return family.child !== '' && family.childExit === undefined ? family : undefined;
  }

  #pipe({ process, channel, data }: TraceEvent): void {
    if (process.includes(OTHERS)) return;
    const family = this.#byParent.get(process);
    if (family === undefined) {
      const made = {
        parent: process,
        child: '',
        events: channel,
        control: '',
        controlEnd: -1,
        childExit: undefined,
        parentExit: undefined,
      };
      this.#byParent.set(process, made);
    } else if (family.control === '') {
      family.control = channel;
      family.controlEnd = Number(data?.['write']);
    }
  }

  #spawn({ process, data }: TraceEvent): void {
    const family = this.#byParent.get(process);
    if (family === undefined || data?.['child'] === undefined || HELPERS.includes(data['program'])) return;
    const machine = process.slice(0, process.indexOf('/'));
    family.child = `${machine}/${String(data['program'])}.${String(data['child'])}`;
    this.#byChild.set(family.child, family);
  }

  #exit({ process, data }: TraceEvent): void {
    const asChild = this.#byChild.get(process);
    if (asChild !== undefined) asChild.childExit = data;
    const asParent = this.#byParent.get(process);
    if (asParent !== undefined) asParent.parentExit = data;
  }
}
