/**
 * That peers are answered as is due, where each knows beforehand how.
 * Lacks: what else there is in an answer (model.ts).
 */
import { type AlwaysProperty, always } from '../../../src/check/property.ts';
import { programOf } from '../../../src/check/world/housekeeping.ts';
import { PEER } from '../daemons/names.ts';
import { peerLog } from '../daemons/peer.ts';

/** `duesOf`: of the arguments of a peer the status that is due in each of its steps; of one that is no request it does not matter. */
export const answersAsDue = (duesOf: (args: string) => readonly (number | undefined)[]): AlwaysProperty =>
  always(
    'answers-as-due',
    'Each request is answered with the status that is due, of which the peer knows beforehand.',
    () => {
      const dues = new Map<string, readonly (number | undefined)[]>();
      return {
        see: event => {
          const { kind, process, data } = event;
          if (programOf(process) !== PEER) return undefined;
          if (kind === 'start') dues.set(process, duesOf(String(data?.['args'])));
          const answer = peerLog['peer-answer'].of(event);
          if (answer === undefined) return undefined;
          const due = dues.get(process)?.[answer.step - 1];
          return answer.status === due ? undefined : `${process} is told ${answer.status} in step ${answer.step}, and ${due} is due`;
        },
      };
    },
    ['start', 'log'],
  );
