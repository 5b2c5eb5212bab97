/**
 * The clauses of Rover, in our words; src/impl/rover/README.md has their tables.
 */
import { TRAPS } from '../../src/impl/rover/quirks.ts';
import { type Clause, clausesFrom, trapClauses } from '../clauses.ts';

const SOURCE = 'Control Flow in the Rover Server (MIT, 1997), and what is ours where it is silent; src/impl/rover/README.md';
const TRAP_SOURCE = 'Control Flow in the Rover Server (MIT, 1997), what it says or leads to; src/impl/rover/README.md';

// biome-ignore format: a table.
export const CLAUSES: readonly Clause[] = [
  ...clausesFrom(SOURCE, {
    R2: ['A request', 'A request is a POST of HTTP/1 with a body in the form encoding: a list of pairs TOKEN=VALUE. Of its header only Content-Type and Content-Length are read. USER, HOST and MSGID say whose it is and which number it has, COMMAND and OBJECT what is asked. What is none is refused with a status of HTTP, and takes no number. A connection carries one request.'],
    R3: ['Who asks', 'A user shows with AUTH who that is; nobody need not. It is looked at before the order. A request is run as its user.'],
    R4: ['Order', 'Requests of a USER at a HOST are run in the order of their numbers, which begin with 1. One that comes early is kept until all before it have been run; a duplicate is not run again, and is answered as the first where the answer is kept. Another request under a number that is taken is refused. A higher EPOCH begins the numbers anew.'],
    R5: ['An answer', 'An answer is one of HTTP/1.0 with its length, whole or not at all. Rover-Result says whether the request is done, failed, held, refused, or may be tried again (busy); Rover-Message and Rover-Next say its number and the one that is awaited.'],
    R6: ['Commands', 'IMPORTDATA and IMPORTBINARY show an object, EXPORT changes it, RESET runs the command procedure of its module, and there are test commands. nobody may import and test, and nothing else. The name of an object begins with the id of its module. An error goes to the client and leaves nothing behind; a fatal error is told on standard error and ends the process.'],
    R7: ['Long requests', 'A request that takes long is run aside: others are served meanwhile, and the next of its stream waits.'],
    R8: ['The log', 'Requests, changes of variables, declarations and results are logged before anything rests on them. After a restart the server is what the log says: what was answered is there, what was held is held, and what was not finished is run.'],
    R9: ['The parent', 'The parent starts the daemon, and again when that ends. Its own end is the end of both.'],
    R11: ['The client', 'A client logs a request before it sends it, numbers without a gap, has a few on their way at a time, and asks again until there is a final answer, in this life or the next. It tells answers once, in their order. A request that was refused leaves its number to one that changes nothing.'],
    R10: ['The forked server', 'An httpd starts it for each request, with GET or POST, in its environment and on its standard input. It keeps no order and no log; by GET nothing is changed. It may hand requests on to a daemon.'],
  }),
  ...trapClauses(TRAP_SOURCE, TRAPS),
];
