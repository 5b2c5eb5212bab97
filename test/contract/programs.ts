/**
 * All cases, and the programs of all of them: what the Node arm starts processes from. Those of networks.ts have a machine of their own.
 */
import type { Programs } from '../../src/host/host.ts';
import { TCP_ADDRESSES } from './addresses-tcp.ts';
import { UDP_ADDRESSES } from './addresses-udp.ts';
import { ARGUMENTS } from './arguments.ts';
import { type ContractCase, programsOf } from './case.ts';
import { CLOCK } from './clock.ts';
import { DATAGRAMS } from './datagrams.ts';
import { DESCRIPTORS } from './descriptors.ts';
import { ON_NETWORKS } from './networks.ts';
import { PIPES } from './pipes.ts';
import { PIPES_END } from './pipes-end.ts';
import { PROCESSES_END } from './processes-end.ts';
import { PROCESSES_START } from './processes-start.ts';
import { SIGNALS } from './signals.ts';
import { SIGNALS_AT_ONCE } from './signals-at-once.ts';
import { SIGNALS_CHILD } from './signals-child.ts';
import { SIGNALS_STOP } from './signals-stop.ts';
import { STORAGE } from './storage.ts';
import { STORAGE_NAMES } from './storage-names.ts';
import { TCP_BREAK } from './streams-tcp-break.ts';
import { TCP_CLOSE } from './streams-tcp-close.ts';
import { TCP_FLOW } from './streams-tcp-flow.ts';
import { TCP_OPEN } from './streams-tcp-open.ts';
import { UNIX_BREAK } from './streams-unix-break.ts';
import { UNIX_FLOW } from './streams-unix-flow.ts';
import { UNIX_PATH } from './streams-unix-path.ts';
import { UNIX_ROOM } from './streams-unix-room.ts';
import { SURROUNDINGS } from './surroundings.ts';
import { SYSTEM } from './system.ts';

/** By the file that has them. */
const SECTIONS: Readonly<Record<string, readonly ContractCase[]>> = {
  'streams-tcp-open': TCP_OPEN,
  'streams-tcp-flow': TCP_FLOW,
  'streams-tcp-close': TCP_CLOSE,
  'streams-tcp-break': TCP_BREAK,
  'addresses-tcp': TCP_ADDRESSES,
  'streams-unix-path': UNIX_PATH,
  'streams-unix-flow': UNIX_FLOW,
  'streams-unix-break': UNIX_BREAK,
  'streams-unix-room': UNIX_ROOM,
  pipes: PIPES,
  'pipes-end': PIPES_END,
  descriptors: DESCRIPTORS,
  datagrams: DATAGRAMS,
  'addresses-udp': UDP_ADDRESSES,
  'processes-start': PROCESSES_START,
  'processes-end': PROCESSES_END,
  surroundings: SURROUNDINGS,
  signals: SIGNALS,
  'signals-stop': SIGNALS_STOP,
  'signals-child': SIGNALS_CHILD,
  'signals-at-once': SIGNALS_AT_ONCE,
  storage: STORAGE,
  'storage-names': STORAGE_NAMES,
  system: SYSTEM,
  clock: CLOCK,
  arguments: ARGUMENTS,
};

export const CASES: readonly ContractCase[] = Object.values(SECTIONS).flat();

export const programs: Programs = programsOf([...CASES, ...ON_NETWORKS]);

/** The module that has the programs of a case, and few others: a process loads no more than it must. */
export function moduleOf(contract: ContractCase): string {
  const [file] = Object.entries(SECTIONS).find(([, cases]) => cases.includes(contract)) ?? [];
  if (file === undefined) throw new Error(`${contract.name} is in no section`);
  return `${file}.js`;
}
