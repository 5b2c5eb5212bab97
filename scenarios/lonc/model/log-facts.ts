/**
 * What the daemons say in their logs, by the catalogue of README.md of lonc (L8), written down once more: the grade and the text of each slug,
 * and what a process may be doing meanwhile. `{P}` in a text stands for the host of a child, `{pid}` for a process.
 * Lacks: when it is to be said (properties/journals.ts).
 */

export type Grade = 'critical' | 'warning' | 'notice' | 'good' | 'plain';

export interface Fact {
  readonly grade: Grade;
  /** A pattern of the whole text. */
  readonly text: string;
  /** Patterns of what a process is doing when it says so; absent: of anything that it does. */
  readonly doing?: string;
}

export const MARKS: Readonly<Record<Grade, readonly [before: string, after: string, severity: string]>> = {
  critical: ['<font color=red>CRITICAL: ', '</font>', 'critical'],
  warning: ['<font color=blue>WARNING: ', '</font>', 'warning'],
  notice: ['<font color=yellow>INFO: ', '</font>', 'info'],
  good: ['<font color=green>INFO: ', '</font>', 'info'],
  plain: ['', '', 'debug'],
};

const fact = (grade: Grade, text: string, doing?: string): Fact => ({ grade, text, ...(doing === undefined ? {} : { doing }) });

const CODE = 'E[A-Z]+';
const DIALOGUE = 'Init dialogue: {P}|Ponging';
/** A client can come at any time once there is a socket, and so can the time to look for delayed messages. */
const MEANWHILE = 'Accept new connection: {P}|Main loop|Checking for delayed messages';
const SERVES = `Sending delayed: .*|Completed: .*|${MEANWHILE}`;
const LINE = (limit: string): string => `a line of more than ${limit} bytes: no LF, or not this protocol`;
const BROKEN = `lond closed the connection|a line that answers no request|a request was not answered in time|${LINE('8388608')}`;
const FAILED = `timeout|init answered '.*'|lond closed the connection|a line that answers no request|${LINE('4096')}|${LINE('8388608')}`;
const SECONDS = '\\((1[2-9]|2[0-9]|3[0-5])[0-9] secs\\)';

const CHILD: Readonly<Record<string, Fact>> = {
  connected: fact('good', 'Connected to {P}, initing', 'Init dialogue: {P}'),
  'init-timeout': fact('plain', 'Timed out during init', `Init dialogue: {P}|${MEANWHILE}`),
  'init-reply': fact('plain', 'Init reply: >.*<', `Init dialogue: {P}|${MEANWHILE}`),
  'pong-reply': fact('plain', 'Pong reply: >.*<', `Ponging|${MEANWHILE}`),
  'cipher-ready': fact('plain', 'Secure connection initialized', 'Initialize cipher'),
  'remote-open': fact('good', 'Remote open success', 'Initialize cipher'),
  'connection-open': fact('good', 'Connection to {P} open', 'Initialize cipher'),
  online: fact('good', '{P} online', 'Opening socket'),
  'back-off': fact(
    'warning',
    `(Couldn't connect to {P} ${SECONDS}: ${CODE}|Can't make server socket ${SECONDS}: (${CODE}|${FAILED})|Init failed ${SECONDS}: (${FAILED}))`,
    `Opening TCP|Opening socket|${DIALOGUE}|${MEANWHILE}`,
  ),
  'connection-lost': fact('critical', `lond connection lost: (${BROKEN})`, 'Connection lost'),
  reconnecting: fact('plain', 'Attempting to open a new connection', 'Connection lost'),
  timeout: fact('critical', 'Timeout: .*', SERVES),
  'close-request': fact('critical', 'Request Close Connection \\.\\.\\. exiting', 'Request close connection'),
  'delayed-sent': fact('plain', 'Delayed .*: >.*<', SERVES),
  'delayed-stays': fact('critical', `Cannot remove /s/delayed/.*: ${CODE}; it will be sent again`, SERVES),
  'delayed-kept': fact('warning', 'Delayed message kept, no answer: (timeout|end|violation)', SERVES),
  'delayed-unusable': fact('warning', 'Delayed message .*: .*', SERVES),
  'delayed-unlisted': fact('warning', `Delayed messages: ${CODE}`, 'Checking for delayed messages'),
  'client-closed': fact('plain', `Closed a client: (more than 256 clients|${LINE('1048576')})`),
  'abnormal-exit': fact('critical', 'ABNORMAL EXIT\\. Child {pid} for server \\[{P}\\] died through "QUIT"'),
};

const STARTS = fact('critical', '---------- Starting ----------', 'Write PID|Keeping a child');
const PARENT: Readonly<Record<string, Fact>> = {
  'already-running': fact('critical', 'ABNORMAL EXIT: already running as process [0-9]+', 'Write PID|Keeping a child'),
  'pid-file-failed': fact('critical', `ABNORMAL EXIT: cannot write the pid file: ${CODE}`, 'Write PID|Keeping a child'),
  starting: STARTS,
  'starting-child': fact('plain', 'Attempting to start child for server \\S+', 'Forking \\.\\.\\.|Keeping a child|Woke up'),
  started: fact('plain', 'Done starting initial servers', 'Forking \\.\\.\\.|Keeping a child'),
  'spawn-failed': fact('warning', `Cannot start a child for \\S+: ${CODE}`, 'Forking \\.\\.\\.|Keeping a child|Woke up'),
  'child-ended': fact('plain', 'Child [0-9]+ for \\S+ has ended: (exit [0-9]+|killed by SIG[A-Z]+[0-9]?)'),
  'restarting-child': fact('notice', 'Trying to reconnect for \\S+ \\([1-5] of 5 attempts\\)', 'Forking \\.\\.\\.|Keeping a child|Woke up'),
  skipped: fact('warning', 'Skipped \\S+', 'Forking \\.\\.\\.|Keeping a child|Woke up'),
  rearmed: fact('good', 'Restarting child for server: \\S+', 'Woke up'),
  'child-dead': fact('critical', 'Child [0-9]+ is dead', 'Woke up'),
  'shutting-down': fact('critical', 'Shutting down'),
  restarting: fact('critical', 'Restarting'),
  'abnormal-exit': fact('critical', 'ABNORMAL EXIT\\. Parent died through "QUIT"'),
};
const GATEWAY: Readonly<Record<string, Fact>> = {
  ...PARENT,
  usr1: fact('plain', 'USR1: Trying to establish connections again', 'Woke up'),
  sweep: fact('plain', 'Going to check on the children', 'Woke up'),
  closing: fact('plain', 'Closing \\S+: .*', 'Closing \\S+|Kill PID [0-9]+ for \\S+'),
};

const LOND_CHILD: Readonly<Record<string, Fact>> = {
  listening: fact('good', 'Listening on port 5663', 'Serving'),
  'not-listening': fact('critical', `Cannot listen on port 5663: ${CODE}`, 'Serving'),
  'too-many': fact(
    'warning',
    '(More than 1024 connections: [0-9.]+ is turned away|More than 16 connections of \\S+: its oldest is closed)',
    'Serving',
  ),
  violation: fact('warning', `[0-9.]+: (${LINE('4096')}|${LINE('2097216')})`, 'Serving'),
  admitted: fact('good', 'Established connection: \\S+', 'Serving'),
  refused: fact(
    'critical',
    'Refused a connection: (the address is not in the hosts table|the first line is not init|the challenge came back changed)',
    'Serving',
  ),
};

const LIBRARY: Readonly<Record<string, Fact>> = {
  'delay-failed': fact('critical', `Could not keep a message for \\S+: ${CODE}`, ''),
  'no-gateway': fact('warning', 'Nobody to poke: the gateway is not running', ''),
};

export interface Catalogue {
  /** Where it is all written down. */
  readonly log: string;
  readonly facts: Readonly<Record<string, Fact>>;
}

/** By program. */
export const CATALOGUES: Readonly<Record<string, Catalogue>> = {
  gateway: { log: '/d/logs/lonc.log', facts: GATEWAY },
  'gateway-child': { log: '/d/logs/lonc.log', facts: CHILD },
  lond: { log: '/d/logs/lond.log', facts: PARENT },
  'lond-child': { log: '/d/logs/lond.log', facts: LOND_CHILD },
  'lonc-library': { log: '/d/logs/lonc.log', facts: LIBRARY },
};

/** Logs of a Host that are of no journal: the problems of configuration files, and what is nobody's but a developer's. */
export const NOT_KEPT: readonly string[] = [
  'usage',
  'unreadable',
  'configuration',
  'hosts-table',
  'permanent',
  'session-closed',
  'answered',
  'kept',
];
