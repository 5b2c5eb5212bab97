/**
 * Nobody dies of writing to one who has left, and nobody dies silently.
 */
import {
  type AlwaysProperty,
  always,
  type ResponseProperty,
  responds,
  type SometimesProperty,
  sometimes,
} from '../../../src/check/property.ts';
import { seconds } from '../../../src/host/time.ts';
import type { EventKind } from '../../../src/trace/event.ts';
import { isLog, machineOf, programOf } from '../parts/processes.ts';

const PARENT_OF: Readonly<Record<string, string>> = { 'gateway-child': 'gateway', 'lond-child': 'lond' };
const PARENTS = Object.values(PARENT_OF);
const OURS = [...Object.keys(PARENT_OF), ...PARENTS];

/** A parent may be paused; this is from healing on. */
const TOLD = seconds(5);

export const noSigpipe: AlwaysProperty = always(
  'child-survives',
  'No daemon dies of SIGPIPE: not of a lond that has left, nor of a client (A-B15).',
  () => ({
    see: ({ process, data }) =>
      OURS.includes(programOf(process)) && data?.['signal'] === 'SIGPIPE' ? `${process} is killed by SIGPIPE` : undefined,
  }),
  ['exit'],
);

const DEATH = /^Child ([0-9]+) for .* has ended: /;

export const deathsTold: ResponseProperty = responds(
  'deaths-are-told',
  'Whatever a child has died of, its parent says so in its log (A3, A-B16).',
  TOLD,
  () => ({
    trigger: ({ kind, process }) => {
      const parent = PARENT_OF[programOf(process)];
      return kind === 'exit' && parent !== undefined ? keyOf(process, parent, process.slice(process.lastIndexOf('.') + 1)) : undefined;
    },
    response: event => {
      const [, pid] = isLog(event, 'child-ended') ? (DEATH.exec(String(event.data?.['text'])) ?? []) : [];
      return pid === undefined ? undefined : keyOf(event.process, programOf(event.process), pid);
    },
    excuses: ({ kind, process, data }, key) =>
      kind === 'power'
        ? key.startsWith(`${String(data?.['machine'])} `)
        : kind === 'exit' && key.startsWith(`${machineOf(process)} ${programOf(process)} `),
  }),
  ['exit', 'log', 'power'],
);

const keyOf = (process: string, parent: string, pid: string): string => `${machineOf(process)} ${parent} ${pid}`;

const ENDINGS: readonly EventKind[] = ['close', 'reset'];

/** Without it the sentence about SIGPIPE would say nothing. */
export const writesToNobodyMet: SometimesProperty = sometimes(
  'writes-to-nobody',
  'A daemon writes to a connection that its other end has left.',
  () => {
    const left = new Set<string>();
    return {
      see: ({ kind, process, channel }) => {
        const name = channel.slice(0, -1);
        if (ENDINGS.includes(kind)) left.add(name);
        return kind === 'send' && left.has(name) && OURS.includes(programOf(process));
      },
    };
  },
  [...ENDINGS, 'send'],
);
