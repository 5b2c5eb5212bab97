/**
 * THE SERVICE AS IT SHOULD BE, run beside the daemons on every trace: whatever a gateway, its children and a lond see, the model sees as
 * well, and what they do must be what it says, at its time. A part of it for each daemon is in model/; none has anything of
 * src/impl, and each reads only what crossed the Host of its process.
 * Lacks: logs and status files (properties/journals.ts); programs that are not ours.
 */

import { type AlwaysProperty, always } from '../../src/check/property.ts';
import { defineScenario, type ExpectedOutcomes, type Scenario } from '../../src/check/scenario.ts';
import { after, seconds } from '../../src/host/time.ts';
import { latin1Of } from '../../src/impl/lonc/latin1.ts';
import type { EventKind, TraceEvent } from '../../src/trace/event.ts';
import { STANDSTILLS } from '../standstill.ts';
import { NOT_OURS, REFUSED, SETUP } from './daemons/names.ts';
import { Duties } from './model/duties.ts';
import { ORPHANED } from './model/facts.ts';
import { GatewayChildModel } from './model/gateway-child.ts';
import { hostsIn } from './model/hosts.ts';
import { LondModel } from './model/lond.ts';
import { ParentModel } from './model/parent.ts';
import { PidFiles } from './model/pid-files.ts';
import { Spool } from './model/spool.ts';
import { StoreModel } from './model/store.ts';
import { isLog, machineOf, optionOf, programOf } from './parts/processes.ts';
import { tellsWhatHappens } from './properties/journals.ts';

const KINDS: readonly EventKind[] = [
  'start',
  'spawn',
  'wait',
  'exec',
  'exit',
  'kill',
  'signal',
  'timer',
  'fire',
  'listen',
  'accept',
  'connect',
  'open',
  'send',
  'recv',
  'drain',
  'end',
  'eof',
  'close',
  'read',
  'write',
  'append',
  'rename',
  'unlink',
  'list',
  'mkdir',
  'stat',
  'sync',
  'log',
  'fault',
  'power',
  'phase',
];
const FILE_KINDS: readonly EventKind[] = ['write', 'rename', 'unlink'];

/** Of the other signals none may end one of ours; undefined: it has ended by itself. */
const MAY_KILL = ['SIGKILL', 'undefined'];

/** Why a file cannot be read now, and may be later. */
const MAY_PASS: readonly unknown[] = ['EMFILE', 'ENOMEM', 'EIO'];
/** How a call fails that is not to blame for it. */
const STARVED: readonly unknown[] = [...MAY_PASS, 'ENOSPC'];
/** The status of whoever is to be started again after a while, and not for good. */
const EXIT_TEMPFAIL = 75;
/** How long a call may stall that was begun before a slow disk became fast again. */
const STALL = seconds(10);

class Service {
  readonly #duties = new Duties();
  readonly #spool = new Spool();
  readonly #stores = new Map<string, StoreModel>();
  /** Host ids by address, of each machine. */
  readonly #hosts = new Map<string, Map<string, string>>();
  readonly #children = new Map<string, GatewayChildModel>();
  readonly #londs = new Map<string, LondModel>();
  readonly #parents = new Map<string, ParentModel>();
  /** Who has accepted a stream. */
  readonly #servers = new Map<string, { readonly process: string; readonly model: GatewayChildModel | LondModel }>();
  readonly #pidFiles = new Map<string, PidFiles>();
  #sick = 0;
  /** Of whom the disk has refused a call, until it has said what came of it. */
  readonly #refused = new Set<string>();
  /** By process, why it could not read the file that it wanted last. */
  readonly #unread = new Map<string, string>();

  see(event: TraceEvent): string | undefined {
    const { kind, process, time } = event;
    const late = this.#duties.overdue(time);
    if (late !== undefined) return late;
    if (kind === 'fault') this.#strikes(event);
    if (kind === 'power') this.#cut(String(event.data?.['machine']), String(event.data?.['state']));
    if (process === '') return undefined;
    const wrong = this.#wrong(event);
    if (kind === 'send') this.#refused.delete(process);
    if (kind === 'exit') this.#exits(event);
    return wrong === undefined ? undefined : `${process} ${wrong}`;
  }

  #wrong(event: TraceEvent): string | undefined {
    const { kind, process, channel, bytes } = event;
    const text = bytes === undefined ? '' : latin1Of(bytes);
    this.#pidFilesOf(machineOf(process)).see(event, text);
    const lost = FILE_KINDS.includes(kind) ? this.#stored(event) : undefined;
    if (lost !== undefined) return lost;
    if (kind === 'start') this.#begins(event);
    if (kind === 'recv') this.#taken(event);
    if (isLog(event, NOT_OURS)) this.#forget(process);
    if (isLog(event, REFUSED) || STARVED.includes(event.data?.['error'])) this.#refused.add(process);
    // Who has not begun has no handlers.
    const known = this.#parents.has(process) || this.#children.has(process) || this.#londs.has(process);
    const signal = String(event.data?.['signal']);
    if (kind === 'exit' && known && !MAY_KILL.includes(signal)) return `dies of ${signal}`;
    const hasty = known ? this.#hasty(event) : undefined;
    if (hasty !== undefined) return hasty;
    const parent = this.#parents.get(process);
    if (parent !== undefined) return parent.see(event, text);
    const child = this.#children.get(process);
    if (child !== undefined && kind === 'eof' && channel.startsWith('pipe')) child.orphaned();
    const model = child ?? this.#londs.get(process);
    if (model === undefined) return undefined;
    if (kind === 'accept') this.#servers.set(channel.slice(0, -1), { process, model });
    return model.see(event, text);
  }

  /** Who ends over a file that may be read later says so by his status. */
  #hasty({ kind, process, data }: TraceEvent): string | undefined {
    const why = this.#unread.get(process);
    if (kind === 'read' && MAY_PASS.includes(data?.['error'])) this.#unread.set(process, String(data?.['error']));
    else if (kind !== 'log') this.#unread.delete(process);
    const code = data?.['code'];
    return kind === 'exit' && why !== undefined && code !== undefined && code !== EXIT_TEMPFAIL
      ? `ends with status ${String(code)} over ${why}, which may pass`
      : undefined;
  }

  /** The other end of an accepted stream has read from it. */
  #taken({ process, channel, bytes }: TraceEvent): void {
    const stream = channel.slice(0, -1);
    const server = this.#servers.get(stream);
    if (server !== undefined && server.process !== process) server.model.taken(stream, bytes?.length ?? 0);
  }

  #begins(event: TraceEvent): void {
    const { process } = event;
    const machine = machineOf(process);
    const program = programOf(process);
    if (program === SETUP) this.#hosts.set(machine, hostsIn(String(event.data?.['args'])));
    if (program === 'gateway-child')
      this.#children.set(
        process,
        new GatewayChildModel({ process, machine, peer: optionOf(event, 'peer') ?? '' }, this.#duties, this.#spool),
      );
    if (program === 'lond-child')
      this.#londs.set(
        process,
        new LondModel(
          {
            process,
            own: machine,
            hosts: this.#hosts.get(machine) ?? new Map(),
            requestTimeout: optionOf(event, 'request-timeout'),
            encryptedOnly: optionOf(event, 'encrypted-only'),
            listen: optionOf(event, 'listen'),
          },
          this.#duties,
          this.#storeOf(machine),
          () => this.#sick > 0 || this.#refused.has(process),
        ),
      );
    if (program === 'gateway' || program === 'lond')
      this.#parents.set(
        process,
        new ParentModel(process, this.#duties, this.#pidFilesOf(machine), () => this.#sick > 0 || this.#refused.has(process)),
      );
  }

  #pidFilesOf(machine: string): PidFiles {
    const files = this.#pidFiles.get(machine) ?? new PidFiles();
    this.#pidFiles.set(machine, files);
    return files;
  }

  #stored(event: TraceEvent): string | undefined {
    const { kind, process, bytes, data } = event;
    const machine = machineOf(process);
    const text = bytes === undefined ? '' : latin1Of(bytes);
    this.#spool.see(event, machine, text);
    const path = String(data?.['path'] ?? '');
    const written = kind === 'write' && data?.['error'] === undefined && programOf(process) === SETUP && path.includes('/users/');
    return written ? this.#storeOf(machine).written(path, text) : undefined;
  }

  #storeOf(machine: string): StoreModel {
    const store = this.#stores.get(machine) ?? new StoreModel();
    this.#stores.set(machine, store);
    return store;
  }

  #strikes({ time, data }: TraceEvent): void {
    const [kind, step] = [String(data?.['kind']), String(data?.['step'])];
    const stalls = STANDSTILLS.includes(kind);
    if (stalls && step === 'begin') this.#duties.stop();
    if (stalls && step === 'end') this.#duties.goOn(time, kind === 'slow-sync' ? STALL : undefined);
    // A file cannot be read or written either where there is no descriptor or no memory for it.
    const ails = kind.startsWith('disk-') || kind.startsWith('no-');
    if (ails && step === 'begin') this.#sick += 1;
    if (ails && step === 'end') this.#sick -= 1;
  }

  #cut(machine: string, state: string): void {
    if (state !== 'off') return;
    this.#spool.cut(machine);
    this.#pidFilesOf(machine).cut();
    for (const process of [...this.#children.keys(), ...this.#londs.keys(), ...this.#parents.keys()])
      if (machineOf(process) === machine) this.#forget(process);
    this.#duties.forgetMachine(machine);
  }

  /** Nobody lives on without his parent, however that went. */
  #exits({ time, process }: TraceEvent): void {
    const children = this.#parents.get(process)?.children ?? [];
    this.#forget(process);
    for (const child of children) this.#duties.owe(child, 'orphan', after(time, ORPHANED), 'lives on without its parent');
  }

  #forget(process: string): void {
    this.#londs.get(process)?.dies();
    this.#duties.forget(process);
    this.#children.delete(process);
    this.#londs.delete(process);
    this.#parents.delete(process);
  }
}

export const asModelled: AlwaysProperty = always(
  'as-modelled',
  'Gateways, their children and londs do what the model of the service does, at its times: who is told what, when they give up, what is stored.',
  () => new Service(),
  KINDS,
);

/** The same scenarios, with the model beside their daemons. As written, these do what it does not. */
export const withModel = (scenarios: readonly Scenario[]): readonly Scenario[] =>
  scenarios.map(each =>
    defineScenario({ ...each, properties: [...each.properties, asModelled, tellsWhatHappens], expected: foreseen(each.expected) }),
  );

function foreseen(expected: ExpectedOutcomes): ExpectedOutcomes {
  const written = expected['as-written'];
  if (written === undefined || written === 'holds') return expected;
  return { ...expected, 'as-written': { ...written, mayFail: [...(written.mayFail ?? []), asModelled.name, tellsWhatHappens.name] } };
}
