/**
 * Why each requirement of rwho is one: what goes wrong with a server that does not keep it.
 * May import: nothing.
 */

const SENDER: Readonly<Record<string, string>> = {
  unasked: 'Nobody asks: there is no question in the protocol, so who waits for one is down for everybody.',
  'at-once': 'A machine that has just been started stays down for three more minutes, and people walk to it to look.',
  again: 'A reader takes a host for down after 660 s; what reports less often flaps.',
  interval:
    'All timers of all readers were chosen for three minutes: longer and one lost datagram counts, shorter and a network pays for nothing.',
  greets: 'Whoever has just come up knows nobody, and otherwise learns of the others over three minutes.',
  restrained: 'On a network of a thousand, an answer to each report is a thousand times a thousand datagrams in an interval.',
  survives: 'Everybody who can send a datagram could make a machine look dead.',
  'hang-up': 'A hang-up is sent by whoever rotates logs; a server that dies of it is missed at night.',
  'hang-up-quiet': 'A report out of turn is harmless, but says that the signal means something else than to look again.',
  ends: 'A server that goes on after its end was asked for keeps the port from the one that is started in its place.',
  jitter: 'After a power cut a thousand machines report in one moment, for ever, and the receivers drop most of it.',
  'reaches-all': 'A machine on two networks would be down on one of them.',
  port: 'The port below 1024 is all that tells a server from a user; every receiver refuses another one.',
  version: 'A receiver that looks refuses anything else, and one that does not misreads it.',
  layout: 'Half an entry is read in as many ways as there are readers: one of them then counts nobody.',
  'send-time': 'Time up is the difference of two numbers of the sender; with a wrong one it is nonsense, and order is lost.',
  'boot-time': 'A start after the report is a negative time up, which readers show as question marks.',
  'boot-stays': 'A start that moves is a machine that was started again, to everybody who looks.',
  name: 'It becomes the name of a file and a column of a table; anything else is refused, and the host is never seen.',
  'short-name': 'The column has twelve characters; with domains all hosts of a site look alike.',
  zero: 'What lies there otherwise is memory of the server, sent to everybody on the network every three minutes.',
  load: 'Whoever looks for an idle machine sorts by it, and a number below zero wins.',
  people: 'That is what rwho is for.',
  nobody: 'An entry without anybody in it is shown as a person without a name.',
  full: 'The last person on a full machine is never seen.',
  cut: 'A name that spills into the time of idleness hides its owner, and into the load it misleads everybody.',
  idle: 'Whoever looks for somebody wants to know who is at the keyboard.',
  'long-name': 'A server that dies of its own name is never seen; one that spills it into the loads is seen wrong.',
};

const RECEIVER: Readonly<Record<string, string>> = {
  keeps: 'The readers know nothing but these files.',
  content: 'Readers are older than servers: they take the file for the struct of their own machine.',
  stamp: 'Whether a host is up is told by this number alone; one of the sender makes the dead live and the living dead.',
  refresh: 'What is left of a longer report are people who went home.',
  each: 'A host without a record is not down: it does not exist.',
  case: 'Names of hosts were never the same for all systems, and two hosts in one file are one that flaps.',
  'name-31': 'The longest name that fits would belong to the one host that nobody sees.',
  'name-tail': 'Published servers send there what their stack holds.',
  punctuation: 'Names with a dash or an underscore are everywhere; a stricter server does not see those machines.',
  padding: 'Published servers send anything there.',
  full: 'A busy machine would be the one that is missing.',
  oversize: 'A larger machine has more people than the struct; dropping its report makes the busiest host look dead.',
  'half-entry': 'It is kept in the order of the network, and a reader that counts from the end then counts nobody.',
  clocks: 'A host with a wrong clock is up all the same, and its owner learns of the clock from the table.',
  wrap: 'In 2038 all hosts would disappear on one day.',
  reboot: 'A machine that was started again would stay as it was when it went down.',
  port: 'Any user of any machine could report for any host.',
  version: 'Another layout under the same name would be read as this one.',
  short: 'A reader skips such a record, and a server that completes it makes up a host.',
  'short-harmless': 'A live host would disappear by one datagram of 44 bytes, not even as down.',
  name: 'A name without letters cannot be shown, and one with control characters is a command to a terminal.',
  slash: 'A datagram would write files where its sender likes.',
  'name-end': 'What follows is not a name: it overflows a path in some servers and makes up hosts in others.',
  late: 'A report that was overtaken turns the table back, and one that was recorded keeps a dead host alive.',
  'own-name': 'Anybody could tell the people of a machine that it is down, or who is on it.',
  bounded: 'Invented names fill the disk, and every reader reads every file.',
  survives: 'One datagram would blind every machine of a network at once.',
  'survives-file': 'One file that somebody has put there would blind the machine for all other hosts.',
  'hang-up': 'A hang-up is sent by whoever rotates logs.',
  stays: 'After a restart all hosts would be missing, for as long as it takes them to report.',
  own: 'People look for their own machine first.',
  whole: 'A reader that meets an empty file shows one host less, and nobody can tell why.',
  'clock-set': 'A clock that is set by a quarter of an hour takes the whole network down, or keeps it up.',
  up: 'That is what ruptime is for.',
  down: 'A host that has been silent for three reports and two minutes is gone.',
  sorted: 'Somebody looks for a name in a table of hundreds.',
  counted: 'Who has gone home without logging out is not there.',
  'counted-half': 'The table would say that nobody is on a machine that is full.',
  loads: 'The number is in hundredths so that it can be shown so.',
  'up-2038': 'From 2038 on the table would show question marks for every machine that stays up.',
  people: 'That is what rwho is for.',
  printable: 'Whoever has an account anywhere could type on the terminal of everybody who asks who is there.',
};

const named = (role: string, table: Readonly<Record<string, string>>): readonly (readonly [string, string])[] =>
  Object.entries(table).map(([id, text]) => [`rwho.${role}.${id}`, text]);

export const RATIONALES: Readonly<Record<string, string>> = Object.fromEntries([
  ...named('sender', SENDER),
  ...named('receiver', RECEIVER),
]);
