/**
 * Who an event is of.
 */
import type { TraceEvent } from '../../../src/trace/event.ts';

export const isRwhod = ({ process }: Pick<TraceEvent, 'process'>): boolean => process.includes('/rwhod.');
export const isReader = ({ process }: Pick<TraceEvent, 'process'>): boolean => process.includes('/rwho-reader.');
export const machineOf = ({ process }: Pick<TraceEvent, 'process'>): string => process.slice(0, process.indexOf('/'));
export const isCrowd = ({ process }: Pick<TraceEvent, 'process'>): boolean => process.includes('/rwho-crowd.');
