/** What to look at in each recorded run of traces/ikc. */
export const LOOKS: Readonly<Record<string, string>> = {
  'lost-and-connected-again': 'a link breaks between a question and its answer: `gone`, once; then another connection, and the next step',
  'silent-stranger': 'strangers say nonsense, and then nothing: `negotiation-timeout` after 30 s, while an honest client is answered',
  'same-id': 'two kernels say the same id: `id-taken`, and when the first one leaves the second one has it',
  'refused-frame': 'a frame that cannot be read: an error to who has sent it, and the other client is answered on time',
  'no-serializer-in-common': '`FREEZER JSON`, `NOT`: the client ends the link, and says why',
  'negotiation-unbounded': 'B-T01: HELLO, and nothing more; the link stays',
  'split-terminator-is-a-line': 'B-T02: CR, 10 ms, LF: an empty line, answered `NOT`',
  'split-terminator-deafens': 'B-T03: the LF behind `UP` is no frame; the call is never heard, and nothing is said about it',
  'bad-names-announced': 'B-T04: `IAM bad name`, `NOT`, and both wait',
  'false-alias-ends-list': 'B-T05: of three names the server hears none: alias 0 ends the list',
  'unknown-serializer-offered': 'B-T06: `FREEZER Data::Dumper`',
  'refused-serializer-guessed': 'B-T06b: JSON was offered and refused, and the link opens with Storable',
  'serializer-list-used-up': 'B-T06c: the second connection says WORLD, and offers nothing before',
  'unix-server-called-n': 'B-T07: `registered` of unix:n',
  'early-requests-unregistered': 'B-T09: a call in the segment of WORLD has no answer',
  'shutdown-unheard-in-negotiation': 'B-T10: SIGTERM while a peer does not read: the server does not end',
  'frame-kills': 'B-T11: three bytes that are no image, and status 255',
  'unaddressable-name-kills': 'B-T12: `IAM a:b`, and status 255',
  'default-kernel-unset': 'B-T13: a call without a kernel: `unknown-kernel`',
  'wildcard-leaks': 'B-T14: what a peer hears has errors_to and call in it',
  'alias-stolen': 'B-T15: id2 leaves, and `Same`, which id1 has, is forgotten',
  'id-spoofed': 'B-T16: another id1 leaves, and the first one is closed',
  'undef-unanswered': 'B-T17: a call of `void` waits for its limit',
  'permission-unbound': 'B-T18: id1 hears the answer to id2',
  'state-subscription-kills': 'B-T19: the client ends where it should subscribe',
  'setup-unanswered': 'B-T20: SETUP is not answered',
  'lite-alarm-stays': 'B-T21: the serializer was refused; SIGALRM comes later',
  'lite-loses-step': 'B-T21b: the answer is read with the length of the frame before it',
  'lite-drops-rest': 'B-T21c: half a frame behind an answer is gone, and its other half is no frame',
  'lite-seeks-length': 'B-T21d: an answer behind junk is taken',
  'client-waits-as-server': 'B-T25: a connection on which nobody says a word',
  'unsent-counts-as-sent': 'B-T26: the link to id1 is ending; `forward` says that it has posted there',
  'errors-tell-all': 'B-T28: an error lists all that is published',
  'surplus-ok-taken': 'B-T29: `OK` too many, then `NOT` to FREEZER, and the link opens with JSON',
};

/** Who is who in them. */
export const STAGE: string =
  '`hub` is where somebody listens; m0, m1 and m2 come later. `ikc-peer` is none of ours: its arguments are what it says ' +
  'and waits for, and its log what it hears. Each quirk (`src/impl/ikc/quirks.ts`) has a scenario and a file of its name. ' +
  'It was found with this quirk on and no other, and shrunk; the same plan holds when corrected.';
