/**
 * The traps RW-01 to RW-63: what the seed's text, the BSDs, netkit and Debian do that cannot have been meant. `as-written` is
 * the seed's text; what only a later edition does is a variant. What a trap of the daemon decides is in as-written.ts; those of
 * the readers are columns of readers/variant.ts.
 */
import type { Trap } from '../command-line/traps.ts';

/** The slugs, by the names of scenarios and tests for them. They never change. */
export const QUIRK = {
  STORE_SHORT: 'short-report-stored',
  KEEP_BUFFER: 'buffer-inherited',
  DIE_OF_UNDERFLOW: 'underflow-kills',
  ANY_VERSION: 'any-version-stored',
  OPEN_NAME: 'name-unterminated',
  TAKE_SLASH: 'slash-in-name',
  WRITE_IN_PLACE: 'record-written-in-place',
  IGNORE_BIND: 'bind-failure-ignored',
  OVERRUN_STAMP: 'stamp-overruns-name',
  ALARM_ONCE: 'alarm-handled-once',
  FORGET_ALARM: 'alarm-forgotten',
  SPLIT_IN_TWO: 'sender-and-receiver-apart',
  LONG_NAME_ENDS: 'long-name-ends-sender',
  LEAK_STACK: 'stack-leaked',
  SPILL_NAME: 'name-spills-into-load',
  IDLE_OF_NAME: 'idle-from-name',
  SKIP_LAST_SLOT: 'last-slot-unused',
  STORE_HALF: 'half-entry-stored',
  TRUST_WALL_CLOCK: 'clock-step-ages-records',
  LAST_TWIN_WINS: 'last-twin-wins',
  TRUST_NAME: 'forged-own-name',
  UNBOUNDED: 'spool-unbounded',
  FIRST_ADDRESS_ONLY: 'first-address-only',
  RELAY_UNCHECKED: 'relay-unchecked',
  RELAY_LOOPS: 'relay-loops',
  BREAKER_STAYS: 'relay-breaker-stays',
  HUP_SENDS: 'hup-sends',
  NO_JITTER: 'no-jitter',
  BLIND_START: 'blind-start',
  LATE_WINS: 'late-report-wins',
  LOG_EVERYTHING: 'every-refusal-logged',
  IDLE_OF_EVERY_SECOND: 'idle-of-every-second',
  FORGET_USERS: 'users-forgotten',
} as const;

export type Quirk = (typeof QUIRK)[keyof typeof QUIRK];
export type Quirks = ReadonlySet<Quirk>;

const daemon = (id: string, quirk: Quirk, text: string, instead: string): Trap<Quirk> => ({ id, side: 'daemon', quirk, text, instead });
const variant = (id: string, quirk: Quirk, text: string, instead: string): Trap<Quirk> => ({
  ...daemon(id, quirk, text, instead),
  variant: true,
});
const reader = (id: string, text: string, instead: string): Trap<Quirk> => ({ id, side: 'reader', text, instead });
const none = (id: string, text: string, instead: string): Trap<Quirk> => ({ id, side: 'none', text, instead });

export const TRAPS: readonly Trap<Quirk>[] = [
  none('RW-01', 'a record is created with mode 0666', 'a Host has no permissions'),
  daemon('RW-02', QUIRK.STORE_SHORT, 'a report of any length becomes a record', 'less than a header is dropped'),
  daemon('RW-03', QUIRK.KEEP_BUFFER, 'what a short report lacks is taken from the one before it', 'every report stands alone'),
  variant(
    'RW-04',
    QUIRK.DIE_OF_UNDERFLOW,
    'a report shorter than a header makes the count of its entries negative: the receiver dies (netkit, 32 bits)',
    'it is dropped',
  ),
  none('RW-05', 'a short report makes a live host invisible', 'is what RW-02 brings about'),
  daemon('RW-06', QUIRK.ANY_VERSION, 'version and type are not looked at', 'only version 1 and type 1 are taken'),
  daemon(
    'RW-07',
    QUIRK.OPEN_NAME,
    'the name is read to the next NUL, beyond its field; a path of more than 64 bytes kills',
    'a name has at most 31 bytes',
  ),
  daemon('RW-08', QUIRK.TAKE_SLASH, 'a slash in a name is taken', 'it is refused: a name is one component of a path'),
  daemon(
    'RW-09',
    QUIRK.WRITE_IN_PLACE,
    'a record is emptied, and then written: a reader may meet it empty',
    'a new file takes the place of the old one',
  ),
  none('RW-10', 'a record stays empty when the disk is full', 'is what RW-09 brings about: the old record stays, and it is logged'),
  none('RW-11', 'a FIFO in the spool blocks the receiver, a symbolic link is followed', 'a Host has neither'),
  none('RW-12', 'a missing network or service is a null pointer', 'there is no such database: the port is a number'),
  daemon('RW-13', QUIRK.IGNORE_BIND, 'a failing bind is ignored: it sends from any port and hears nothing', 'it says so and ends'),
  none(
    'RW-14',
    'bound to the broadcast address it does not hear what is sent to it alone',
    'it is bound to all addresses; --address chooses another',
  ),
  none('RW-15', 'two editions pass two arguments in different orders', 'an address is one text'),
  variant('RW-16', QUIRK.OVERRUN_STAMP, 'a stamp of 64 bits overwrites the first four bytes of the name', 'a stamp has 32 bits'),
  none('RW-17', 'a login time of 64 bits makes another layout', 'is a mistake of compiling; what such a machine sends is no report'),
  reader('RW-18', 'times of 32 bits are compared with times of 64', 'differences are taken modulo 2^32'),
  reader(
    'RW-19',
    'a correction for 2038 has the wrong sign: who sends after that is up for ever (netkit, Debian)',
    'a stamp means the moment nearest to now',
  ),
  variant('RW-20', QUIRK.ALARM_ONCE, 'the handler of the alarm is for one alarm: the second ends the daemon', 'the timer has no signal'),
  none('RW-21', 'a handler interrupts the main loop in the middle of anything', 'a callback runs to its end'),
  variant(
    'RW-22',
    QUIRK.FORGET_ALARM,
    'when logins cannot be read once, no alarm is set again',
    'the timer is set before anything is read',
  ),
  variant('RW-23', QUIRK.SPLIT_IN_TWO, 'sender and receiver are two processes that nobody restarts', 'they are one'),
  variant('RW-24', QUIRK.LONG_NAME_ENDS, 'a host name of 63 bytes or more ends the sender', 'its first component is sent, up to 31 bytes'),
  variant('RW-25', QUIRK.LEAK_STACK, 'the stamp, and what is behind the NUL of the name, are whatever the stack held', 'they are zero'),
  variant('RW-26', QUIRK.SPILL_NAME, 'a long name spills into the load', 'it is cut'),
  variant(
    'RW-27',
    QUIRK.IDLE_OF_NAME,
    'the bytes 12 to 15 of a long user name become the idle time of a terminal without a node',
    'it is zero',
  ),
  reader(
    'RW-28',
    'a terminal that fills its field is read on into the name, the login time and the next person',
    'a field has eight bytes',
  ),
  reader(
    'RW-29',
    'idle times of terminals that are odd are odd, also below zero',
    'they are told as the Host has them, and shown from zero on',
  ),
  variant('RW-30', QUIRK.SKIP_LAST_SLOT, '41 people of 42 are sent', '42'),
  daemon('RW-31', QUIRK.STORE_HALF, 'half an entry at the end is stored', 'only whole entries are'),
  reader('RW-32', 'any file counts as a host', 'one line for each name, of its newest record'),
  reader('RW-33', 'a file that cannot be read shows the one before it again, and to rwho it is too many people', 'it is skipped'),
  reader('RW-34', 'sorted before the clock is read', 'the clock is read first'),
  reader('RW-35', 'columns are too narrow for some loads and too wide for others', 'as wide as what is shown needs'),
  reader('RW-36', 'the difference of two loads, or of two times, overflows', 'it does not'),
  reader('RW-37', 'a name of twelve letters touches the word down', 'the column is wide enough'),
  reader('RW-38', 'long times are shown as ??:??', 'they are shown'),
  none('RW-39', 'the time a host is up is by its own clock', 'nobody else knows it'),
  daemon(
    'RW-40',
    QUIRK.TRUST_WALL_CLOCK,
    'the clock is set, and all hosts are down, or up for ever',
    'the records are stamped anew by as much as the clock was set',
  ),
  daemon('RW-41', QUIRK.LAST_TWIN_WINS, 'two hosts of one name share a record', 'the one started last has it; the other is logged'),
  daemon('RW-42', QUIRK.TRUST_NAME, 'anybody can report for this machine', 'its own name is taken from its own addresses only'),
  daemon(
    'RW-43',
    QUIRK.UNBOUNDED,
    'every invented name becomes a file',
    'a spool has room for so many records; one that is down makes room for a new one',
  ),
  reader('RW-44', 'a terminal obeys what is in a name', 'control characters are shown, not sent'),
  none(
    'RW-45',
    'an interface without a broadcast address sends to 0.0.0.0',
    'to the last address of its network, which Linux takes for a broadcast; to have no way at all is logged',
  ),
  variant('RW-46', QUIRK.FIRST_ADDRESS_ONLY, 'of an interface with two addresses only the first is used', 'all are'),
  variant('RW-47', QUIRK.RELAY_UNCHECKED, 'what is not stored is passed on all the same', 'only what was taken is'),
  variant('RW-48', QUIRK.RELAY_LOOPS, 'what comes round is passed on again', 'a report is passed on once'),
  variant(
    'RW-49',
    QUIRK.BREAKER_STAYS,
    'after 181 reports in an interval nothing is passed on any more, for ever',
    'it goes on in the next interval',
  ),
  variant('RW-50', QUIRK.HUP_SENDS, 'SIGHUP is one more report, and moves the phase', 'SIGHUP looks at the interfaces again'),
  daemon(
    'RW-51',
    QUIRK.NO_JITTER,
    'machines started together report together for ever',
    'the interval is up to ten seconds shorter, at random',
  ),
  daemon(
    'RW-52',
    QUIRK.BLIND_START,
    'a newcomer hears of others at their next report',
    'whoever hears a newcomer reports soon, once in an interval',
  ),
  none('RW-53', 'a host whose daemon has died is shown as down', 'the protocol has no word for it; a scenario shows it'),
  daemon('RW-54', QUIRK.LATE_WINS, 'a report that was overtaken replaces a newer one', 'the newest stays'),
  none('RW-55', 'a spool cannot be moved to a machine of the other byte order', 'it is of one machine'),
  daemon('RW-56', QUIRK.LOG_EVERYTHING, 'every refusal is a line of the log', 'one line for each kind in an interval, with a count'),
  none('RW-57', 'fields of an address are not set', 'an address is one text'),
  none('RW-58', 'an error that stays is logged at full speed', 'a Host has no such error'),
  variant('RW-59', QUIRK.IDLE_OF_EVERY_SECOND, 'every second person has no idle time', 'all have'),
  variant('RW-60', QUIRK.FORGET_USERS, 'when logins have not changed, nobody is counted', 'the list is read each time'),
  none('RW-61', 'the manuals say something else', 'README.md says what is done'),
  reader('RW-62', 'more than a thousand people are none', 'all are shown'),
  none('RW-63', 'readers before 1985 read 1024 bytes only', 'is of no edition that is left'),
];

const NETKIT: readonly Quirk[] = [
  QUIRK.STORE_HALF,
  QUIRK.WRITE_IN_PLACE,
  QUIRK.TRUST_WALL_CLOCK,
  QUIRK.LAST_TWIN_WINS,
  QUIRK.TRUST_NAME,
  QUIRK.UNBOUNDED,
  QUIRK.LATE_WINS,
  QUIRK.LOG_EVERYTHING,
  QUIRK.NO_JITTER,
  QUIRK.BLIND_START,
  QUIRK.SPLIT_IN_TWO,
  QUIRK.LONG_NAME_ENDS,
  QUIRK.LEAK_STACK,
  QUIRK.IDLE_OF_NAME,
  QUIRK.SKIP_LAST_SLOT,
  QUIRK.FIRST_ADDRESS_ONLY,
  QUIRK.HUP_SENDS,
];

/** What later editions do, as far as a daemon of ours can play them. */
export const EDITIONS: Readonly<Record<'debian' | 'netkit-64' | 'netkit-32', readonly Quirk[]>> = {
  debian: [...NETKIT, QUIRK.RELAY_UNCHECKED, QUIRK.RELAY_LOOPS, QUIRK.BREAKER_STAYS],
  'netkit-64': [...NETKIT, QUIRK.STORE_SHORT],
  'netkit-32': [...NETKIT, QUIRK.STORE_SHORT, QUIRK.DIE_OF_UNDERFLOW],
};
