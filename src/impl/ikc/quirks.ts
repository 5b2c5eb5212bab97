/**
 * What POE::Component::IKC 0.2200 does that cannot have been meant: the traps B-T01 to B-T29. Those of side `link` replace decisions of
 * link-rules.ts, in as-written-link.ts; the others those of the responder and of the programs.
 * Profile `as-written` has all slugs on but those of variants, `corrected` (the default) none.
 */
import type { Trap } from '../command-line/traps.ts';

/** The slugs, by the names of scenarios and tests for them. They never change. */
export const QUIRK = {
  NEGOTIATE_FOREVER: 'negotiation-unbounded',
  SPLIT_LINES: 'split-terminator-is-a-line',
  SPLIT_SWITCH: 'split-terminator-deafens',
  SAY_BAD_NAMES: 'bad-names-announced',
  STOP_AT_FALSE: 'false-alias-ends-list',
  OFFER_UNKNOWN: 'unknown-serializer-offered',
  GUESS: 'refused-serializer-guessed',
  USE_UP_LIST: 'serializer-list-used-up',
  CALL_IT_N: 'unix-server-called-n',
  ANSWER_EARLY: 'early-requests-unregistered',
  NEGOTIATE_ON: 'shutdown-unheard-in-negotiation',
  DIE_OF_FRAME: 'frame-kills',
  DIE_OF_NAME: 'unaddressable-name-kills',
  NO_DEFAULT: 'default-kernel-unset',
  LEAK_WILDCARD: 'wildcard-leaks',
  STEAL_ALIAS: 'alias-stolen',
  SPOOF_ID: 'id-spoofed',
  KEEP_UNDEF: 'undef-unanswered',
  LEND_PERMISSION: 'permission-unbound',
  DIE_OF_SUBSCRIBE: 'state-subscription-kills',
  IGNORE_SETUP: 'setup-unanswered',
  ALARM_STAYS: 'lite-alarm-stays',
  LOSE_STEP: 'lite-loses-step',
  DROP_REST: 'lite-drops-rest',
  SEEK_LENGTH: 'lite-seeks-length',
  WAIT_AS_SERVER: 'client-waits-as-server',
  COUNT_UNSENT: 'unsent-counts-as-sent',
  TELL_ALL: 'errors-tell-all',
  TAKE_SURPLUS: 'surplus-ok-taken',
} as const;

export type Quirk = (typeof QUIRK)[keyof typeof QUIRK];
export type Quirks = ReadonlySet<Quirk>;

const of =
  (side: string) =>
  (id: string, quirk: Quirk, text: string, instead: string): Trap<Quirk> => ({ id, side, quirk, text, instead });
const link = of('link');
const responder = of('responder');
const lite = of('lite');
const none = (id: string, text: string, instead: string): Trap<Quirk> => ({ id, side: 'none', text, instead });

export const TRAPS: readonly Trap<Quirk>[] = [
  link('B-T01', QUIRK.NEGOTIATE_FOREVER, 'a negotiation may take for ever', 'it has a bound as a whole, and then the link is closed'),
  link(
    'B-T02',
    QUIRK.SPLIT_LINES,
    'a terminator that two reads have between them is followed by an empty line, which is answered `NOT`',
    'it is one terminator',
  ),
  link(
    'B-T03',
    QUIRK.SPLIT_SWITCH,
    'its second half, after the last line, is taken for a frame: the link is deaf for ever, and looks healthy',
    'it is a part of the line; what is no frame closes the link',
  ),
  link(
    'B-T04',
    QUIRK.SAY_BAD_NAMES,
    'a name with a blank is told, refused, and both ends wait',
    'a name that a peer would refuse is not told',
  ),
  link('B-T05', QUIRK.STOP_AT_FALSE, 'the names end with an alias `0`', 'all names are told'),
  link(
    'B-T06',
    QUIRK.OFFER_UNKNOWN,
    'the last serializer of the list is offered even if there is no such thing here; when it is accepted, the default is used',
    'only what is there is offered',
  ),
  link(
    'B-T06b',
    QUIRK.GUESS,
    'when all serializers are refused, both ends go on with the default',
    'the client closes the link; the server answers `NOT` to WORLD',
  ),
  link('B-T06c', QUIRK.USE_UP_LIST, 'the list of serializers is used up: the next connection offers nothing', 'each connection offers all'),
  link('B-T07', QUIRK.CALL_IT_N, 'whichever server is at the end of a Unix-domain socket is called `unix:n`', 'it is called by its path'),
  none(
    'B-T08',
    'FREEZER loads any module that the peer names; one of them runs its frames as code',
    'serializers are a table here, and nothing is loaded',
  ),
  link(
    'B-T09',
    QUIRK.ANSWER_EARLY,
    'requests in the segment of the last line are heard before their sender is known: answers and errors are lost',
    'they are heard after',
  ),
  link(
    'B-T10',
    QUIRK.NEGOTIATE_ON,
    'a shutdown in a negotiation is forgotten when something is unsent: the negotiation goes on, and the process with it',
    'what is unsent is sent, and the link ends',
  ),
  responder(
    'B-T11',
    QUIRK.DIE_OF_FRAME,
    'a frame that cannot be thawed or is no hash, an rsvp that is no specifier, a handler that dies: the process ends',
    'each is answered by a remote error, and nobody else notices',
  ),
  responder(
    'B-T12',
    QUIRK.DIE_OF_NAME,
    'a name such as `a:b`, or of a path with a colon, passes the negotiation and ends the process when it is registered',
    'it is a name like others; and a path is told without its colons',
  ),
  responder(
    'B-T13',
    QUIRK.NO_DEFAULT,
    'the default kernel is never set: a specifier without a kernel leads nowhere',
    'it is the first peer',
  ),
  responder(
    'B-T14',
    QUIRK.LEAK_WILDCARD,
    'a request to `*` goes to this kernel as well, which adds to the hash that the others are then sent',
    'it goes to the peers, as it is',
  ),
  responder(
    'B-T15',
    QUIRK.STEAL_ALIAS,
    'a kernel that leaves takes with it every alias that it had announced, whoever has it',
    'it takes what is its own',
  ),
  responder(
    'B-T16',
    QUIRK.SPOOF_ID,
    'a second connection with the id of another one is not registered, and unregisters and closes that one when it leaves',
    'it has no name before that one has left, and takes nothing with it',
  ),
  responder('B-T17', QUIRK.KEEP_UNDEF, 'a call whose result is undef or nothing has no answer', 'it is answered'),
  responder(
    'B-T18',
    QUIRK.LEND_PERMISSION,
    'the permission to answer is used by whoever comes first; an rsvp may name a third kernel',
    'it is of the peer that was asked, and an answer goes to who asked',
  ),
  responder(
    'B-T19',
    QUIRK.DIE_OF_SUBSCRIBE,
    'a client that is told to subscribe when it connects ends right after UP',
    'it asks, and goes on when all are answered',
  ),
  link(
    'B-T20',
    QUIRK.IGNORE_SETUP,
    'the first line of a 0.2300 client is not answered, and it waits for ever',
    'it is answered `NOT`, and the client goes on with HELLO',
  ),
  lite('B-T21', QUIRK.ALARM_STAYS, 'a refused serializer leaves the alarm on: the process is killed up to 30 s later', 'it is taken off'),
  lite(
    'B-T21b',
    QUIRK.LOSE_STEP,
    'a frame that nobody waits for puts the reader out of step: the next one is read with its length',
    'it is skipped',
  ),
  lite(
    'B-T21c',
    QUIRK.DROP_REST,
    'what comes behind the first frame of a read is dropped',
    'it is read on from there: half a frame waits for its other half',
  ),
  lite('B-T21d', QUIRK.SEEK_LENGTH, 'the length of a frame is looked for anywhere in what has come', 'it is where the frame begins'),
  none(
    'B-T22',
    '7 bytes that announce 2^31-1 items keep the process busy for minutes, and gigabytes full',
    'nothing is made for what was only announced; a world has no processor that could be busy',
  ),
  none('B-T23', 'a client tries port 903 when it is not told one, a server listens at 603', 'addresses are always given'),
  none('B-T24', 'links that end before they are registered stay in a list of the responder', 'nobody outside can see it'),
  {
    ...link('B-T25', QUIRK.WAIT_AS_SERVER, 'a client whose on_connect is no code waits for HELLO, like its server', 'a client is one'),
    variant: true,
  },
  link('B-T26', QUIRK.COUNT_UNSENT, 'a request to a link that is closed counts as sent', 'the sender is told that it was not'),
  none(
    'B-T27',
    'the rsvp of a request to `*` has the name of the first link for all',
    'an rsvp of ours has the kernel id, which is the same on every link',
  ),
  responder(
    'B-T28',
    QUIRK.TELL_ALL,
    'errors tell all that is published, and names and lines of source files',
    'they tell what was asked for, and that it is not there',
  ),
  link(
    'B-T29',
    QUIRK.TAKE_SURPLUS,
    'an OK too many is taken for the answer about the serializer: the two ends may use different ones',
    'an answer too many leaves no agreement, and the link is not opened',
  ),
];

export const QUIRKS: readonly Quirk[] = Object.values(QUIRK);
