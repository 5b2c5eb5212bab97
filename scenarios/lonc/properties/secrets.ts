/**
 * What was to be encrypted is read by nobody else: not on the wire, and not in any log.
 */
import { type AlwaysProperty, always } from '../../../src/check/property.ts';
import { latin1Of } from '../../../src/impl/lonc/latin1.ts';
import { HUSH } from '../parts/asks.ts';
import { programOf } from '../parts/processes.ts';

const OURS = ['gateway', 'gateway-child', 'lond', 'lond-child'];

export const noSecretInLogs: AlwaysProperty = always(
  'no-secret-in-logs',
  'No log and no status file has the text of a request that was to be encrypted (A-B10d).',
  () => ({
    see: ({ process, kind, data, bytes }) => {
      if (!OURS.includes(programOf(process))) return undefined;
      const path = String(data?.['path'] ?? '');
      const logged =
        kind === 'log' ? JSON.stringify(data) : path.startsWith('/d/logs/') || path.startsWith('/w/') ? latin1Of(bytes ?? EMPTY) : '';
      return logged.includes(HUSH) ? `${process} logs '${logged.trim()}'` : undefined;
    },
  }),
  ['log', 'append', 'write'],
);

const EMPTY = new Uint8Array(0);

export const noSecretOnWire: AlwaysProperty = always(
  'no-secret-on-wire',
  'What a client asks to be encrypted is never in clear on a TCP connection (A9).',
  () => ({
    see: ({ process, channel, bytes }) =>
      channel.startsWith('tcp') && bytes !== undefined && latin1Of(bytes).includes(HUSH)
        ? `${process} sends '${latin1Of(bytes).trim()}' in clear`
        : undefined,
  }),
  ['send'],
);
