/**
 * What a log is promised to say, of all servers and clients.
 */
import { type AlwaysProperty, always } from '../../../src/check/property.ts';
import { programOf } from '../../../src/check/world/housekeeping.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import { TellingKernel } from '../model/tells.ts';
import { selfOf } from '../model.ts';
import { CLIENT, SERVER } from '../parts/programs.ts';

/** Those that have several processes, or make others wait, number their links in another way. */
const isPlain = ({ data }: TraceEvent): boolean => !/--(?:processes|concurrency)=/.test(String(data?.['args']));

export const tellsWhatHappens: AlwaysProperty = always(
  'tells-what-happens',
  'A kernel tells that it listens, each phase of a link, what has no meaning in it, how it opened, each request that it heard, how long it waits to connect again, and that it has stopped.',
  () => {
    const kernels = new Map<string, TellingKernel>();
    return {
      see: event => {
        const { kind, process, data } = event;
        if (kind === 'power')
          for (const each of [...kernels.keys()]) if (each.startsWith(`${String(data?.['machine'])}/`)) kernels.delete(each);
        const program = programOf(process);
        if (program !== SERVER && program !== CLIENT) return undefined;
        if (kind === 'start' && isPlain(event)) kernels.set(process, new TellingKernel(event, selfOf(event)));
        const why = kernels.get(process)?.see(event);
        if (kind === 'exit') kernels.delete(process);
        return why === undefined ? undefined : `${process} ${why}`;
      },
    };
  },
  ['start', 'accept', 'connect', 'open', 'recv', 'eof', 'end', 'close', 'reset', 'signal', 'fire', 'log', 'exit', 'power'],
);
