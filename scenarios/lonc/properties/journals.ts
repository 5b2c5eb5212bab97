/**
 * What daemons say of themselves, in their logs, status files and the permanent log: the models of model/*-tells.ts, each beside a process.
 */
import { type AlwaysProperty, always } from '../../../src/check/property.ts';
import { latin1Of } from '../../../src/impl/lonc/latin1.ts';
import type { EventKind, TraceEvent } from '../../../src/trace/event.ts';
import { LIBRARY, NOT_OURS, SETUP } from '../daemons/names.ts';
import { ChildTells } from '../model/child-tells.ts';
import { hostsIn } from '../model/hosts.ts';
import { JournalModel } from '../model/journal.ts';
import { LibraryTells } from '../model/library-tells.ts';
import { CATALOGUES } from '../model/log-facts.ts';
import { LondTells } from '../model/lond-tells.ts';
import { ParentTells } from '../model/parent-tells.ts';
import { isLog, machineOf, optionOf, programOf } from '../parts/processes.ts';

const KINDS: readonly EventKind[] = [
  'start',
  'spawn',
  'wait',
  'exec',
  'exit',
  'kill',
  'signal',
  'fire',
  'listen',
  'accept',
  'connect',
  'open',
  'send',
  'recv',
  'end',
  'eof',
  'close',
  'write',
  'append',
  'unlink',
  'list',
  'log',
  'fault',
  'power',
];

interface Tells {
  readonly doing: string;
  see(event: TraceEvent): string | undefined;
  said?(slug: string): void;
}

interface Told {
  readonly journal: JournalModel;
  readonly tells: Tells | undefined;
}

class Journals {
  readonly #told = new Map<string, Told>();
  /** Host ids by address, of each machine. */
  readonly #hosts = new Map<string, ReadonlyMap<string, string>>();
  #inTime = true;

  see(event: TraceEvent): string | undefined {
    const { kind, process, data } = event;
    if (kind === 'fault' && String(data?.['kind']).startsWith('clock-')) this.#inTime = false;
    if (kind === 'power') this.#cut(String(data?.['machine']));
    if (process === '') return undefined;
    if (kind === 'start') this.#begins(event);
    const told = this.#told.get(process);
    if (told === undefined) return undefined;
    if (kind === 'exit' || isLog(event, NOT_OURS)) this.#told.delete(process);
    if (isLog(event, NOT_OURS)) return undefined;
    const wrong = this.#wrong(told, event);
    return wrong === undefined ? undefined : `${process} ${wrong}`;
  }

  /** What it owes by now, and only then what this event makes it owe; but an entry is owed before it is said. */
  #wrong({ journal, tells }: Told, event: TraceEvent): string | undefined {
    const { kind, bytes } = event;
    const text = bytes === undefined ? '' : latin1Of(bytes);
    if (kind === 'log') return tells?.see(event) ?? journal.see(event, text);
    const wrong = journal.see(event, text) ?? tells?.see(event);
    if (kind === 'append') tells?.said?.(journal.last);
    return wrong;
  }

  #begins(event: TraceEvent): void {
    const { process } = event;
    const machine = machineOf(process);
    const program = programOf(process);
    if (program === SETUP) this.#hosts.set(machine, hostsIn(String(event.data?.['args'])));
    const catalogue = CATALOGUES[program];
    if (catalogue === undefined) return;
    const peer = optionOf(event, 'peer') ?? machine;
    const writer = { pid: process.slice(process.lastIndexOf('.') + 1), peer, catalogue };
    const shell = program === 'gateway' || program === 'lond' || program === LIBRARY;
    let tells: Tells | undefined;
    const journal = new JournalModel(
      writer,
      shell ? 'SHELL' : peer,
      () => this.#inTime,
      () => tells?.doing,
    );
    if (program === 'gateway' || program === 'lond') tells = new ParentTells(journal, process, program === 'gateway');
    if (program === 'gateway-child') tells = new ChildTells(journal, peer);
    if (program === LIBRARY) tells = new LibraryTells(journal);
    if (program === 'lond-child') tells = new LondTells(journal, this.#hosts.get(machine) ?? new Map());
    this.#told.set(process, { journal, tells });
  }

  #cut(machine: string): void {
    for (const process of [...this.#told.keys()]) if (machineOf(process) === machine) this.#told.delete(process);
  }
}

export const tellsWhatHappens: AlwaysProperty = always(
  'tells-what-happens',
  'Logs, status files and the permanent log say what happens, in their form and when it does, and nothing else (L8).',
  () => new Journals(),
  KINDS,
);
