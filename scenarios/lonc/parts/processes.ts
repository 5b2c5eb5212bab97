/**
 * Which process an event belongs to, taken apart.
 */
import type { TraceEvent } from '../../../src/trace/event.ts';

/** The program of a process: `lonc-client` of `h1/lonc-client.105`. */
export function programOf(process: string): string {
  return process.slice(process.indexOf('/') + 1, process.lastIndexOf('.'));
}

export const machineOf = (process: string): string => process.slice(0, process.indexOf('/'));

/** The stream of a channel: `unix4>` and `unix4<` are its two directions. */
export const streamOf = ({ process, channel }: TraceEvent): string => `${process} ${channel.slice(0, -1)}`;

/** The value of an option in the command line that an event tells of. */
export function optionOf({ data }: TraceEvent, name: string): string | undefined {
  return new RegExp(`(?:^| )--${name}=(\\S+)`).exec(String(data?.['args'] ?? ''))?.[1];
}

export const isLog = ({ kind, data }: TraceEvent, ...slugs: readonly string[]): boolean =>
  kind === 'log' && slugs.includes(String(data?.['event']));
