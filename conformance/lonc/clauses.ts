/**
 * The clauses of LON-CAPA's network layer, in our words; src/impl/lonc/README.md has their tables.
 */
import { TRAPS } from '../../src/impl/lonc/quirks.ts';
import { type Clause, clausesFrom, trapClauses } from '../clauses.ts';

const SOURCE = 'gatewayc 1.1 of 2002, its text and what it does when it is run; src/impl/lonc/README.md';

export const CLAUSES: readonly Clause[] = [
  ...clausesFrom(SOURCE, {
    L1: [
      'Lines',
      'A line ends with one line feed. There are no escapes and no character set: text is bytes, and a carriage return is a byte like others.',
    ],
    L2: [
      'The dialogue',
      'The gateway says init and gets a challenge, any line; it says the challenge back and gets ok. After five seconds it says pong and gets the id of the lond, a colon, and what a ping that went back through the lond’s own gateway brought. It says ekey and gets a build key. From then on it says a request and gets a reply, one at a time. A caller that is not in the table, says another first line, or echoes wrongly is told bye or refused, and closed. (What a lond compares is recollected: no text of one was to be had.)',
    ],
    L3: [
      'States and timers of a connection',
      'Each step of the dialogue has 60 s, a pause of 5 s after ok, a delayed message 60 s, a request 300 s. What fails before the connection serves leads to back-off: TCP, clients and socket are closed for 120 to 359 s, at random, and then the child ends with status 0. A connection that is lost while it serves is opened again at once. Replies belong to requests by order alone, so a timeout, an end of file, a line too long, and a line that nobody asked for end the connection.',
    ],
    L4: [
      'The socket of a child',
      'Local programs connect to <lonSockDir>/<host id>. One line in, one line out, in order; a client may send several at once, and requests of all clients are taken in the order in which they came. encrypt:<text> is sent encrypted. close_connection_exit ends the child. A request that gets no reply is answered con_lost, once. A client that closes or half-closes is forgotten with all it asked.',
    ],
    L5: [
      'Delayed messages',
      'What a program could not deliver is kept as a file, <epoch>.<count>.<pid>.<16 word characters>.<host>, in <lonSockDir>/delayed. A child sends the files of its host when it connects, and then every 300 s, the oldest first. A file is removed once there is a reply: it is sent at least once. The permanent log says D for delayed, F for could not be, S for sent.',
    ],
    L6: [
      'Requests',
      'ping gives the own id; pong the own id and what the caller’s lond says to ping; ekey a build key, after which enc: is understood. put, get, eget, del, keys, dump, log, home and load work on what is stored of a user; ok means that it is durable. exit, and a second init, are answered bye and end the connection. What is not known is unknown_cmd. Commands that change passwords are refused in clear. (What a lond answers is recollected.)',
    ],
    L9: [
      'gateway',
      'One child for every host of the table, its own included. The parent starts a child again that ended, gives up one that never lives long, tells its children to end at SIGTERM and SIGINT, reads its files anew at SIGHUP, and has them write their status and try again at SIGUSR1. Its pid file is <lonDaemons>/logs/lonc.pid.',
    ],
    L10: [
      'lond',
      'One process listens and serves all connections, each by itself. When a host has been admitted, the local gateway is told by SIGUSR1 to try that host again.',
    ],
    Limits: [
      'Limits',
      'Requests of 1 MiB and replies of 8 MiB, 256 clients, 64 requests of one client that wait: these are ours. A published gateway has no limit but memory.',
    ],
  }),
  ...trapClauses('gatewayc 1.1 of 2002; src/impl/lonc/README.md', TRAPS),
];
