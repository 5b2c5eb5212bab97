/**
 * Connections to lond: lost, opened again, and up in the end.
 */
import { type EventuallyProperty, eventually, type SometimesProperty, sometimes } from '../../../src/check/property.ts';
import { type Duration, formatTime } from '../../../src/host/time.ts';
import { CLIENT } from '../daemons/names.ts';
import { isLog, optionOf, programOf } from '../parts/processes.ts';

/** Every probe is a client that asks until it gets a reply. */
export const linksUp = (within: Duration): EventuallyProperty =>
  eventually(
    'links-up',
    `Every link carries a request and its reply within ${formatTime(within)} of healing: the longest of the timers, one after the other.`,
    { within },
    () => {
      const probing = new Set<string>();
      return {
        see: event => {
          if (event.kind === 'start' && programOf(event.process) === CLIENT && optionOf(event, 'probe') !== undefined)
            probing.add(event.process);
          if (event.kind === 'exit') probing.delete(event.process);
          return probing.size === 0;
        },
        missing: () => `${[...probing].join(', ')} had no reply`,
      };
    },
    ['start', 'exit', 'phase'],
  );

const logged = (name: string, text: string, ...slugs: readonly string[]): SometimesProperty =>
  sometimes(name, text, () => ({ see: event => programOf(event.process) === 'gateway-child' && isLog(event, ...slugs) }), ['log']);

export const lostMet: SometimesProperty = logged('connection-lost', 'A child loses its connection.', 'connection-lost');
export const backOffMet: SometimesProperty = logged('backs-off', 'A child backs off.', 'back-off');
export const timeoutMet: SometimesProperty = logged('request-times-out', 'A request is not answered in time.', 'timeout');
export const onlineMet: SometimesProperty = logged('online', 'A child serves local clients.', 'online');
export const delayedMet: SometimesProperty = logged('delayed-sent', 'A delayed message is sent.', 'delayed-sent');
