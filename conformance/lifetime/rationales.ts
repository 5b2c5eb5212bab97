/**
 * Why each requirement of the lifetime protocol is one: what goes wrong with a peer that does not keep it.
 */

const CHILD: Readonly<Record<string, string>> = {
  'options-accepted': 'A parent knows no other way to hand over its pipes; a child that stumbles over an option never starts.',
  'lifetimeevents-option': 'A parent that did not ask for events does not read them, and an unread pipe blocks its writer in the end.',
  'boundaddrevents-option': 'A parent that asked for lifetime events alone may take any other frame for an error.',
  'no-events-without-options': 'The control pipe is the only leash such a parent has on its child.',
  'pipetx-off': 'Without a pipe there is nowhere to write to; a child that falls back to standard output puts binary frames on a terminal.',
  'piperx-off': 'A child that was started by hand would stop at once for a reason that nobody can see.',
  'descriptor-zero': 'The published child cannot tell 0 from "not given"; a parent must not rely on either reading.',
  'bad-descriptor': 'Whether it refuses or runs without the pipe, a parent has to be ready for both.',
  'frame-format': 'There is no way to find the next frame again: one wrong length, and all that follows is noise.',
  'event-payload': 'A reader takes both bytes without looking for more; another length makes it drop the event or misread the next.',
  'ids-constants': 'A parent shows its user what is being started by these two numbers, and there is no table to look them up in.',
  'complete-id-zero': 'A field that readers ignore today is one that a later reader may use.',
  'one-write': 'A pipe takes up to PIPE_BUF bytes whole; two writers, or a reader with a deadline, see halves otherwise.',
  'stop-on-control-eof':
    'It is how a parent stops its child, and how a child learns that its parent has died: a daemon that misses it runs for ever.',
  'control-data-ignored':
    'A later parent may say something on this pipe; a child that ends because of it cannot be told anything new, ever.',
  'stop-during-start': 'Opening a large database takes minutes, and a user who changes his mind should not have to wait for it.',
  'stop-before-start': 'A parent can die between fork and the first instruction of its child, which would then belong to nobody.',
  'start-db-first': 'A parent shows progress from the first frame; what comes before it is shown under the wrong heading.',
  'start-p2p-after-db': 'The server uses the database; an announcement in the other order promises what cannot be.',
  'complete-once': 'A parent takes it for "you may use me": a second one starts its users twice, none leaves them waiting.',
  'address-announced':
    'A parent that asked for the addresses waits for them: there is no other way to learn of a port that the kernel chose.',
  'address-between': 'A parent that takes the completion for the end of the list would miss an address that comes after it.',
  'address-form': 'It is how a parent finds a port that the kernel chose; the configured text says 0.',
  'address-listening': 'A parent connects as soon as it has read the address.',
  'address-rpc-last': 'Parents that read only as many addresses as they configured rely on the order.',
  'stop-p2p-before-db': 'The server writes to the database until it has stopped; a parent that shows the order should see the true one.',
  'stop-db-last': 'It is the promise that the data is safe: what dies after it has lost nothing, what dies before it may have.',
  'stop-p2p-after-complete': 'A server that had not started cannot stop.',
  'stop-announced-first': 'An announcement is of what is about to happen: a stop that hangs should be seen under its own name.',
  'exit-zero': 'A supervisor restarts what exits with another status.',
  'stop-on-sigterm': 'Service managers know only signals; a parent should not have to know which way its child was told.',
  'stop-on-sigint': 'Ctrl-C on a terminal reaches parent and child at once, and both have to come to the same end.',
  'stop-once':
    'A user who is impatient, or a signal beside a closed pipe, tells it twice; a second shutdown within the first corrupts what it closes.',
  'eof-on-death': 'A parent waits for this end; a copy held by a grandchild makes it wait for a process that it does not know.',
  'survives-closed-events': 'A write to a pipe without a reader kills by SIGPIPE: the daemon would die because somebody stopped watching.',
  'whole-to-slow-reader': 'A parent that is busy for a second would miss an address, or the promise that the data is safe.',
  'start-with-full-pipe': 'A parent that stops reading should not be able to hold the database of its child open for ever.',
  'failed-start': 'A parent that gets no announcement cannot tell a failed start from one that was killed while it wrote.',
  liveness: 'The protocol has no heartbeat: silence says nothing.',
};

const PARENT: Readonly<Record<string, string>> = {
  'starts-child': 'The child has no other way to learn which descriptors are its pipes.',
  'reads-events': 'What a parent shows and does depends on what has been announced before.',
  'reads-addresses': 'The text is handed to a user or to a connect; anything changed in it is another address.',
  'ids-constants': 'One published parent and one published child number it differently; whoever guesses shows the wrong name.',
  'stops-at-version': 'The layout behind another version is unknown, its length included: reading on is guessing.',
  'skips-unknown': 'It is how the format grows: a new child must not break an old parent.',
  'type-lengths': 'The length is one byte: a reader with a smaller buffer overflows or loses its place.',
  'type-utf8': 'Two different byte strings that look alike after replacement would be taken for one type.',
  'event-length': 'A kind without an id, or with more behind it, is not an event of this version.',
  'payload-limit': 'A length of four bytes can say four gigabytes; who waits for them waits for ever.',
  'whole-frames': 'Half an address is a valid address of somebody else.',
  'reports-violation':
    'A user who sees nothing looks for the fault in the wrong program; one who sees it a thousand times sees nothing else.',
  'reads-pieces': 'A pipe may give any number of bytes to a read, and does so under load only.',
  'reads-several': 'A reader that takes one frame for each read falls behind and misses the last ones.',
  'survives-unknown-id': 'A newer child has parts that an older parent does not know.',
  'closes-control': 'A signal first takes the child by surprise in the middle of what it writes.',
  'holds-control': 'A control pipe that is closed early, or by a garbage collector, stops the child for no reason.',
  'control-silent': 'Children of today throw it away; children of tomorrow may not.',
  'control-eof-on-death': 'A second child that inherited the write end keeps the first one alive after the parent has died.',
  'reads-to-end': 'The last frame says whether the data is safe.',
  'keeps-reading': 'After 64 KiB that nobody reads the child cannot even announce that it stops.',
  'tolerates-incomplete': 'A child that fails, or that is stopped while it starts, sends a part of the sequence, and rightly so.',
  'reports-end': 'A child that is not waited for stays a zombie, and nobody knows whether it ended well.',
  'outlives-events': 'A child may lose its event pipe and run on; it still has to be stopped.',
  escalates: 'A child that hangs holds its database lock, and the next start fails.',
  'order-checked': 'A wrong order is a bug of the child that is worth knowing; refusing it helps nobody.',
  'payload-memory': 'Four bytes from a broken child would take four gigabytes.',
  'windows-handles': 'Descriptors are not inherited there.',
};

const under = (role: string, table: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(table).map(([name, text]) => [`lifetime.${role}.${name}`, text]));

export const RATIONALES: Readonly<Record<string, string>> = { ...under('child', CHILD), ...under('parent', PARENT) };
