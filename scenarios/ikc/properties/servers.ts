/**
 * What clients of servers that are not ours have to print (parts/servers.ts), each by its machine.
 */
import { type EventuallyProperty, eventually } from '../../../src/check/property.ts';
import { machineOf, programOf } from '../../../src/check/world/housekeeping.ts';
import { textOf } from '../../../src/host/bytes.ts';
import type { Span } from '../../../src/host/time.ts';
import { CLIENT, LITE } from '../parts/programs.ts';

/** `due`: lines, by machine. */
export const printsAllThat = (due: ReadonlyMap<string, readonly string[]>, within: Span): EventuallyProperty =>
  eventually(
    'prints-all-that-is-due',
    'A client of a server that is not ours prints just what has come of it, in so many words, and ends.',
    { within },
    () => {
      const printed = new Map<string, string>();
      const left = new Map([...due].map(([machine, lines]) => [machine, lines.map(each => `${each}\n`).join('')]));
      let wrong: string | undefined;
      return {
        see: ({ kind, process, channel, bytes, data }) => {
          const machine = machineOf(process);
          if (![CLIENT, LITE].includes(programOf(process))) return wrong === undefined && left.size === 0;
          if (kind === 'send' && channel.startsWith('out') && bytes !== undefined)
            printed.set(machine, `${printed.get(machine) ?? ''}${textOf(bytes)}`);
          const wanted = left.get(machine);
          if (kind === 'exit' && wanted !== undefined) {
            left.delete(machine);
            const isFailed = wanted.includes('"error"');
            const is = printed.get(machine) ?? '';
            if (is !== wanted) wrong ??= `${process} prints ${is}, and ${wanted} was due`;
            else if (data?.['code'] !== (isFailed ? 1 : 0)) wrong ??= `${process} ends with ${String(data?.['code'] ?? data?.['signal'])}`;
          }
          return wrong === undefined && left.size === 0;
        },
        missing: () => wrong ?? `${[...left.keys()].join(', ')} has not ended`,
      };
    },
    ['send', 'exit'],
  );
