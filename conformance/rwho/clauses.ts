/**
 * The clauses of rwho, in our words; src/impl/rwho/README.md has their tables.
 */
import { TRAPS } from '../../src/impl/rwho/quirks.ts';
import { type Clause, clausesFrom, trapClauses } from '../clauses.ts';

const SOURCE = 'the 4.4BSD tutorial on interprocess communication, and what its successors do when they are run; src/impl/rwho/README.md';

export const CLAUSES: readonly Clause[] = [
  ...clausesFrom(SOURCE, {
    A4: [
      'What a machine says of itself',
      'The host name is that of the machine up to its first dot; the loads are those of 1, 5 and 15 minutes in hundredths; the people are those of utmp, with how long each has typed nothing.',
    ],
    A7: [
      'What is shown',
      'ruptime shows a host as up while its last report arrived at most 660 s ago, else as down, with its people who typed within the last hour and its three loads. rwho shows those people, one line each, of hosts that are up.',
    ],
    R1: [
      'Transport',
      'UDP over IPv4, from port 513 to port 513. A datagram from another port is refused. There is no answer, no sequence number, no farewell, and nothing that proves who speaks.',
    ],
    R2: [
      'Layout',
      'Numbers are signed, of 32 bits, the highest byte first. At 0 the version, 1; at 1 the type, 1; at 4 when it was sent; at 8 in the file when it arrived; at 12 the host name, 32 bytes with its NUL; at 44 three loads in hundredths; at 56 when the machine was started; from 60 on 24 bytes for each login, at most 42: line, user, login time, idle seconds. Of half an entry nothing is kept.',
    ],
    R3: [
      'Receiving',
      'Taken is what comes from port 513, has 60 bytes or more, version 1 and type 1, a name that is printable and can be that of a file, is not our own, finds room, is of the start that stands and newer than what is known. It is written to whod.<name> as a whole: a reader never sees half a record.',
    ],
    R4: [
      'Which report stands',
      'Later reports of the same start replace earlier ones; an equal or an earlier one is not taken. A host that was silent for 450 s is believed whatever it says. A start that is later and sent later is a newcomer; one that is earlier is a clash, and does not stand.',
    ],
    R5: [
      'Telling',
      'A report goes out at once and then about every 180 s, once to each network and neighbour; a newcomer is answered by one more. The logins are read each time.',
    ],
    R6: [
      'Room',
      'There is room for 4,096 records. A host that has been silent for more than 660 s makes room for a new one; while all are up a new one is refused.',
    ],
    R7: [
      'Log and end',
      'The first of each kind of trouble in an interval is a line of the log, the rest are counted. SIGTERM and SIGINT end with status 0.',
    ],
    R8: [
      'Clocks',
      'Records are stamped by the clock on the wall. A second of 32 bits means the moment nearest to now that looks like it: 2038 and 2106 are seconds like others.',
    ],
  }),
  ...trapClauses('the published servers and readers; src/impl/rwho/README.md', TRAPS),
];
