/**
 * All cases, and the programs of all of them: what the Node arm starts processes from. Those of networks.ts have a machine of their own.
 */
import type { Programs } from '../../src/host/host.ts';
import { TCP_ADDRESSES } from './addresses-tcp.ts';
import { UDP_ADDRESSES } from './addresses-udp.ts';
import { ARGUMENTS } from './arguments.ts';
import type { ContractCase } from './case.ts';
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
import { SYSTEM } from './system.ts';

export const CASES: readonly ContractCase[] = [
  ...TCP_OPEN,
  ...TCP_FLOW,
  ...TCP_CLOSE,
  ...TCP_BREAK,
  ...TCP_ADDRESSES,
  ...UNIX_PATH,
  ...UNIX_FLOW,
  ...UNIX_BREAK,
  ...UNIX_ROOM,
  ...PIPES,
  ...PIPES_END,
  ...DESCRIPTORS,
  ...DATAGRAMS,
  ...UDP_ADDRESSES,
  ...PROCESSES_START,
  ...PROCESSES_END,
  ...SIGNALS,
  ...SIGNALS_STOP,
  ...SIGNALS_CHILD,
  ...SIGNALS_AT_ONCE,
  ...STORAGE,
  ...STORAGE_NAMES,
  ...SYSTEM,
  ...CLOCK,
  ...ARGUMENTS,
];

export const programs: Programs = Object.fromEntries([...CASES, ...ON_NETWORKS].flatMap(one => Object.entries(one.programs)));
