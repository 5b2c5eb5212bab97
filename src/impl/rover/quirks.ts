/**
 * What the text of 1997 leaves open or gets wrong, as a table: the traps RV-01 to RV-44. Profile `as-written` has all slugs on but those of
 * variants, `corrected` (the default) none. Nothing of the original could be run: what is played is what follows from the text.
 */
import type { Trap } from '../command-line/traps.ts';

/** The slugs, by the names of scenarios and tests for them. They never change. */
export const QUIRK = {
  PUT_TOLD: 'method-told-put',
  DUPLICATES_SILENT: 'duplicates-unanswered',
  GAPS_UNBOUNDED: 'gaps-unbounded',
  NO_EPOCHS: 'restarted-numbers-are-duplicates',
  HOST_IS_ADDRESS: 'host-is-address',
  KEYS_JOINED: 'stream-key-joined',
  ORDER_BEFORE_AUTH: 'order-before-authentication',
  WORKER_OVERTAKEN: 'worker-overtaken',
  WORKER_FORGOTTEN: 'worker-variables-lost',
  OUTPUT_TWICE: 'output-twice',
  ALARM_STAYS: 'alarm-stays',
  WORKER_STAYS: 'worker-stays',
  WORKER_KILLS: 'worker-fatal-ends-daemon',
  POISON: 'poison-runs-for-ever',
  IDENTITY_STAYS: 'identity-stays',
  OUTPUT_STALE: 'output-stale',
  FLUSH_PARTIAL: 'partial-flush-sent',
  SILENCE_BLOCKS: 'silent-client-blocks',
  LENGTH_GUESSED: 'length-guessed',
  CODING_UNREAD: 'coding-unread',
  FIELDS_EXACT: 'field-names-exact',
  PAIRS_LOOSE: 'pairs-loose',
  GET_CHANGES: 'get-changes',
  CGI_UNORDERED: 'cgi-unordered',
  CGI_IS_NOBODY: 'cgi-is-nobody',
  RESET_NULL: 'reset-calls-null',
  SLOTS_SWAPPED: 'procedures-swapped',
  PREFIX_LOOSE: 'prefix-loose',
  TARGET_NAMED: 'target-is-userserver',
  LOG_GROWS: 'log-grows',
  UNDECLARED: 'acts-undeclared',
  HELD_SILENT: 'held-unanswered',
  ORPHAN_SERVES: 'orphan-serves',
  PARSED_TWICE: 'parsed-twice',
  PRINTS_ANSWERED: 'prints-in-answer',
  CGI_UNSYNCED: 'cgi-unsynced',
} as const;

export type Quirk = (typeof QUIRK)[keyof typeof QUIRK];
export type Quirks = ReadonlySet<Quirk>;

const of =
  (side: string) =>
  (id: string, quirk: Quirk, text: string, instead: string): Trap<Quirk> => ({ id, side, quirk, text, instead });
const daemon = of('daemon');
const cgi = of('cgi');
const variant = (trap: Trap<Quirk>): Trap<Quirk> => ({ ...trap, variant: true });
const none = (id: string, text: string, instead: string): Trap<Quirk> => ({ id, side: 'none', text, instead });

export const TRAPS: readonly Trap<Quirk>[] = [
  variant(
    daemon('RV-01', QUIRK.PUT_TOLD, 'a POST is told to be a PUT, so what reads the pairs of a POST finds none', 'it is told as it is'),
  ),
  daemon('RV-02', QUIRK.DUPLICATES_SILENT, 'a duplicate is discarded, and its connection closed', 'it gets the answer that was kept'),
  daemon(
    'RV-03',
    QUIRK.GAPS_UNBOUNDED,
    'any number of requests waits for one that never comes',
    '64 wait; every answer says which is awaited',
  ),
  daemon(
    'RV-04',
    QUIRK.NO_EPOCHS,
    'who begins anew at 1 is taken for a duplicate',
    'he says a higher EPOCH, and other content is a conflict',
  ),
  daemon('RV-05', QUIRK.HOST_IS_ADDRESS, 'HOST is where the connection comes from', 'it is a name that the client keeps'),
  daemon('RV-06', QUIRK.KEYS_JOINED, 'a stream is USER@HOST, in small letters', 'it is a pair of names, as they were said'),
  daemon('RV-07', QUIRK.ORDER_BEFORE_AUTH, 'a number is used up before it is asked who says it', 'first it is asked'),
  daemon('RV-08', QUIRK.WORKER_OVERTAKEN, 'the next of a stream runs beside a worker', 'it waits'),
  daemon('RV-09', QUIRK.WORKER_FORGOTTEN, 'what a worker changes the daemon does not know', 'it is told, and keeps it'),
  none('RV-10', 'daemon and workers append to one log', 'no worker of ours has it; a log that somebody else has written to is refused'),
  daemon(
    'RV-11',
    QUIRK.OUTPUT_TWICE,
    'daemon and worker both send what was said before',
    'the worker begins anew, and is the only one that answers',
  ),
  daemon('RV-12', QUIRK.ALARM_STAYS, 'the alarm of a request that has ended goes off in the next', 'it ends with its request'),
  none('RV-13', 'a fork in a signal handler interrupts malloc', 'nothing of ours is interrupted: a callback runs to its end'),
  daemon('RV-14', QUIRK.WORKER_STAYS, 'a worker whose request fails goes back to serving', 'it ends'),
  none('RV-15', 'a worker keeps the socket that is listened at', 'a Host gives a child the descriptors that are named, and no socket'),
  daemon('RV-16', QUIRK.WORKER_KILLS, 'a fatalError in a worker ends the daemon', 'it is the worker that ends'),
  daemon('RV-17', QUIRK.POISON, 'a request that ends the server is run again for ever', 'three times; then its answer is that it failed'),
  daemon('RV-18', QUIRK.IDENTITY_STAYS, 'after an errorExit the next request has the rights of the last', 'each has those of its user'),
  none('RV-19', 'supplementary groups are not mentioned', 'to become a user is one call, with his groups and no others'),
  daemon('RV-20', QUIRK.OUTPUT_STALE, 'what was said to the last client is before a refusal to the next', 'every answer has its own'),
  daemon('RV-21', QUIRK.FLUSH_PARTIAL, 'what was flushed before an errorExit is sent, then the error', 'an answer is whole, or an error'),
  none('RV-22', 'an errorExit leaks the query and the table', 'they are values of one call; there is nothing to free'),
  daemon(
    'RV-23',
    QUIRK.SILENCE_BLOCKS,
    'one connection at a time, however long it is silent, and a header of any length',
    'many, each with limits',
  ),
  daemon(
    'RV-24',
    QUIRK.LENGTH_GUESSED,
    'Content-Length is what atoi makes of it, and 0 where it is missing',
    'it is a number of bytes, or refused',
  ),
  daemon('RV-25', QUIRK.CODING_UNREAD, 'Transfer-Encoding and Expect are not read', 'they are refused, or heeded'),
  daemon(
    'RV-26',
    QUIRK.FIELDS_EXACT,
    'fields are known by their exact letters, and the last one counts',
    'any letters do, and two must be the same',
  ),
  daemon(
    'RV-27',
    QUIRK.PAIRS_LOOSE,
    'of a token that is said twice the last counts, and what is no pair is taken somehow',
    'they are refused, with the place',
  ),
  cgi('RV-28', QUIRK.GET_CHANGES, 'a GET may change something', 'only a POST may'),
  cgi('RV-29', QUIRK.CGI_UNORDERED, 'a daemon is not asked: there is no order', 'the one that was named has it'),
  cgi('RV-30', QUIRK.CGI_IS_NOBODY, 'the httpd is nobody, and so is whoever asks through it', 'each is who he says and shows to be'),
  daemon('RV-31', QUIRK.RESET_NULL, 'RESET for a module without a command procedure calls NULL', 'it is refused'),
  variant(
    daemon(
      'RV-32',
      QUIRK.SLOTS_SWAPPED,
      'the recovery procedure stands where the command is looked for, and the other way round',
      'each has its name',
    ),
  ),
  daemon('RV-33', QUIRK.PREFIX_LOOSE, 'a module has every object that has its id in it, in any letters', 'those that begin with it'),
  variant(
    daemon('RV-34', QUIRK.TARGET_NAMED, 'the target user is the one that USERSERVER names', 'it is USER, who was asked for his secret'),
  ),
  none('RV-35', 'the last record may be torn', 'the log has checksums, and cuts what is not whole; there is no form without them'),
  daemon('RV-36', QUIRK.LOG_GROWS, 'the log is never cut', 'a segment that is full is followed by a checkpoint'),
  daemon(
    'RV-37',
    QUIRK.UNDECLARED,
    'a delivery is made and not declared, so after a crash it is made again',
    'it is declared before, and looked for after',
  ),
  daemon('RV-38', QUIRK.HELD_SILENT, 'who sends a request that is held is told nothing', 'he is told, and can ask again for the answer'),
  daemon('RV-39', QUIRK.ORPHAN_SERVES, 'the daemon goes on when its parent has been killed', 'it ends, so that another pair can begin'),
  none('RV-40', 'who has sent a fatal request sees his connection close', 'so he does, and asks again until the answer is that it failed'),
  none('RV-41', 'nobody listens during recovery', 'nor does ours; clients keep their requests and come again'),
  variant(
    daemon(
      'RV-42',
      QUIRK.PARSED_TWICE,
      'the order is taken from the first of two equal tokens, and the command from the last',
      'pairs are read once',
    ),
  ),
  daemon('RV-43', QUIRK.PRINTS_ANSWERED, 'what a module prints is in the answer', 'it is in the log'),
  cgi(
    'RV-44',
    QUIRK.CGI_UNSYNCED,
    'what the forked server changes is written in place and not synced, so a power cut loses it',
    'it is durable before it is told',
  ),
];

export const QUIRKS: readonly Quirk[] = Object.values(QUIRK);
