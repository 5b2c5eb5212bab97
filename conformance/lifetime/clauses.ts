/**
 * The clauses of the lifetime protocol, in our words; src/impl/lifetime/README.md has their tables.
 */
import { TRAPS } from '../../src/impl/lifetime/quirks.ts';
import { type Clause, clausesFrom, trapClauses } from '../clauses.ts';

const SOURCE = 'ipc.go of dcrd (the text of 2017) and what dcrd 1.8.0 does where it is silent; src/impl/lifetime/README.md';

export const CLAUSES: readonly Clause[] = [
  ...clausesFrom(SOURCE, {
    C1: [
      'Options of the protocol',
      '--piperx=N names the read end of the control pipe, --pipetx=N the write end of the event pipe; --lifetimeevents switches lifetime events on, --boundaddrevents the addresses of listeners. All are independent of each other: events without --pipetx go nowhere, and a pipe without events carries nothing.',
    ],
    C2: [
      'Frame',
      'A frame is: version, one byte, 1; the length T of the type, one byte; the type, T bytes of UTF-8; the length P of the payload, four bytes, lowest first; the payload, P bytes. lifetimeevent has a payload of two bytes, kind (0: about to start, 1: start-up complete, 2: about to stop) and id (0: block database, 1: P2P server; 0 with kind 1). p2plistenaddr and rpclistenaddr have host:port, a frame for each listener. A reader stops at another version, passes over a type that it does not know, and bounds P.',
    ],
    C3: ['Writer', 'A frame is written by one call; frames never mix.'],
    C4: [
      'Control',
      'No message is defined for the control pipe: what comes on it is discarded. Its end, or an error in reading it, is a request to shut down, as SIGINT and SIGTERM are.',
    ],
    C5: [
      'Order',
      'A child that starts and is stopped says, as kind,id: 0,0 (database) 0,1 (server), the addresses of its listeners, 1,0 (complete), and, asked to stop, 2,1 (server) 2,0 (database); then it ends with status 0. Asked to stop before 0,1 it says 0,0 2,0; between 0,1 and 1,0 it says 0,0 0,1, perhaps some addresses, 2,0. A database that does not open or a listener that cannot be bound is status 1, wrong options are status 2 without a frame. Whoever is killed has said any beginning of this.',
    ],
    C6: ['What is announced', 'An event says what is about to happen: it comes before the start or the stop that it tells of.'],
    C7: [
      'Reading to the end',
      'A parent reads the event pipe until it ends, whatever it was waiting for: a pipe that nobody reads fills, and stops the child.',
    ],
  }),
  ...trapClauses('what dcrd and two published clients of it do; src/impl/lifetime/README.md', TRAPS),
];
