/**
 * The clauses of IKC, in our words; src/impl/ikc/README.md has their tables.
 */
import { TRAPS } from '../../src/impl/ikc/quirks.ts';
import { type Clause, clausesFrom, trapClauses } from '../clauses.ts';

const SOURCE = 'POE::Component::IKC 0.2200, its channel and what it does when it is run; src/impl/ikc/README.md';
const OURS = 'ours; src/impl/ikc/README.md';

export const CLAUSES: readonly Clause[] = [
  ...clausesFrom(SOURCE, {
    B1: [
      'Roles and transports',
      'A server listens on TCP or a Unix-domain socket, a client connects. Once both have negotiated they are equal: each may ask the other. There is one channel for each connection, and one responder for all of them.',
    ],
    B2: [
      'Names of a kernel',
      'A kernel has an id; then an address, which is ip:port of its end of a TCP connection, or unix: and the path; then its aliases and its name. It announces the id first, then the address, the aliases from the last to the first, and the name last.',
    ],
    B3: [
      'Lines',
      'A line is sent with CR LF. Whoever reads takes CR LF, LF CR, CR and LF for its end. When a read ends between the two halves of one, the published reader makes an empty line of the second.',
    ],
    B4: [
      'The negotiation',
      'The client says HELLO and gets IAM and the id of the server; for each OK it gets another name, at last DONE. It says its own names in the same way, and DONE. It says FREEZER and a serializer until one is answered OK, not NOT; then WORLD, which is answered UP, the last line. Without a FREEZER the serializer is Storable. What has no place in a phase is answered NOT, a NOT never; before HELLO nothing is answered but HELLO IKC and a digit, with NOT. A name has letters, digits and - : . _',
    ],
    B6: [
      'Frames',
      'After UP both ends send frames: a decimal count of bytes, a zero byte, so many bytes. Zeros before the count are allowed, frames may come in pieces or several at once. The published reader has no way out of anything else.',
    ],
    B7: [
      'Images',
      "What is in a frame is an image of Perl's module Storable, version 2, in network order: the item that a reference points at, with the items in it. The reader takes any minor version, refuses a later major one, and does not look at what is behind the image. Items that were there before are pointed at by their number.",
    ],
    B8: [
      'Requests',
      'A request is a hash: event, a specifier as text (poe://kernel/session/state) or as a hash; params; where it is from; in a call rsvp, where the answer has to go. An answer is a request whose event is that rsvp, from the session that was asked and the state IKC:proxy. An error is a request to the state remote_error of the session IKC of whoever asked, with is_error and a text that has the specifier in brackets.',
    ],
    B9: [
      'Receiving a request',
      'Whichever kernel an event names, its session and state are looked up here, and have to be published, or expected as the answer to a call. IKC:proxy has the state and its arguments in params. Of the session IKC ping, do_you_have and remote_error are published. A request to the kernel * goes to all channels.',
    ],
    B10: [
      'Subscription',
      'do_you_have has a specifier and an id in params, and an rsvp for the receipt: an array of the specifier, its kernel filled in, and the id of who answers; or the text NOT and the specifier.',
    ],
    B11: [
      'Registration',
      'After UP the other kernel is registered by its id and its aliases; an id or an alias that is taken stays with who has it. When the channel ends they are forgotten.',
    ],
    B12: [
      'The end of a channel',
      'When the other end is gone, its channel is closed at once. When this end shuts down, nothing more is read, what is to be sent is sent, and then the channel is closed; a shutdown of the responder does that to all.',
    ],
    B15: [
      'The small client',
      'ClientLite announces one name and sends its FREEZER right behind DONE; it connects and asks again when it cannot write.',
    ],
    B16: [
      'Later versions',
      'From 0.2300 on a client says SETUP first, in one line with its names and serializers. It is answered by a SETUP, or by NOT, after which it says HELLO.',
    ],
  }),
  ...clausesFrom(OURS, {
    JSON: [
      'JSON as a serializer',
      'FREEZER JSON: a frame has one value as JSON in UTF-8, with null, booleans, numbers, strings, arrays and objects for what Perl has, so that others can join.',
    ],
  }),
  ...trapClauses(SOURCE, TRAPS),
];
