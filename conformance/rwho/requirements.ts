/**
 * What is required of a server of rwho: of what it says, and of what it keeps and shows. MUST is what the text says, or what those
 * that are out there cannot do without; SHOULD is what was meant and is often done wrong (the traps of src/impl/rwho/README.md);
 * MAY is what only some do.
 */
import type { Requirement } from '../case.ts';
import { requirementOf, unseen } from '../requirement.ts';

const sender = requirementOf('rwho', 'sender');
const receiver = requirementOf('rwho', 'receiver');

const SENDER: readonly Requirement[] = [
  // ── when ──────────────────────────────────────────────────────────────────────────────────────────────────────────
  sender('unasked', 'R5', 'MUST', 'A server MUST report without having been asked.'),
  sender('at-once', 'R5', 'SHOULD', 'A server SHOULD report when it starts, and not only after an interval.'),
  sender('again', 'R5', 'MUST', 'A server MUST report again and again, at intervals of less than 660 s, as long as it lives.'),
  sender('interval', 'R5', 'SHOULD', 'A server SHOULD report about every 180 s.'),
  sender('greets', 'R5, RW-52', 'MAY', 'A server MAY report soon after it has heard somebody new.'),
  sender('restrained', 'R5', 'MUST', 'A server MUST NOT report for every report that it hears.'),
  sender('survives', 'R3', 'MUST', 'A server MUST go on reporting whatever datagrams arrive.'),
  sender('hang-up', 'R7, RW-50', 'MUST', 'A server MUST go on reporting after SIGHUP.'),
  sender('hang-up-quiet', 'R7, RW-50', 'MAY', 'A server MAY send nothing because of SIGHUP.'),
  sender('ends', 'R7', 'SHOULD', 'A server SHOULD end when SIGTERM asks it to, and say nothing more.'),
  unseen(
    sender('jitter', 'R5, RW-51', 'SHOULD', 'A server SHOULD NOT report at the same moment as others that were started with it.'),
    'it takes many of them, and hours: the scenario rwho/trap/no-jitter shows it',
  ),
  unseen(
    sender('reaches-all', 'R5, RW-46', 'MUST', 'A server MUST send its reports by every network it is attached to.'),
    'the tester is on one network; the scenarios and the tests of the laboratory have more',
  ),
  // ── what ──────────────────────────────────────────────────────────────────────────────────────────────────────────
  sender('port', 'R1', 'MUST', 'A server MUST send its reports from the port to which they are sent.'),
  sender('version', 'R2', 'MUST', 'A server MUST say version 1 and type 1.'),
  sender('layout', 'R2', 'MUST', 'A server MUST send 60 bytes, and 24 for each of at most 42 people.'),
  sender('send-time', 'R2', 'MUST', 'A server MUST say in each report the time of sending, by its own clock, in seconds.'),
  sender('boot-time', 'R2', 'MUST', 'A server MUST say when its machine was started, which is not after the time of sending.'),
  sender('boot-stays', 'R2, R4', 'SHOULD', 'A server SHOULD say the same start in each report, to within 5 s.'),
  sender('name', 'R2, R3', 'MUST', 'A server MUST call its machine by 1 to 31 printable ASCII characters without blanks and slashes.'),
  sender('short-name', 'A4', 'SHOULD', 'A server SHOULD leave out the domain of its name.'),
  sender('zero', 'R2, RW-25', 'SHOULD', 'A server SHOULD send zero where nothing is to be said: the stamp, the padding, behind the name.'),
  sender('load', 'R2', 'MUST', 'A server MUST say three loads, in hundredths, none below zero.'),
  sender('people', 'R2', 'MUST', 'A server MUST tell of everybody who is logged in: terminal, name, and since when.'),
  sender('nobody', 'R2', 'MUST', 'A server MUST send the header alone when nobody is logged in.'),
  sender('full', 'R2, RW-30', 'SHOULD', 'A server SHOULD tell of 42 people when there are more.'),
  sender('cut', 'R2, RW-27', 'SHOULD', 'A server SHOULD cut what is too long for its field, and spoil no other field with it.'),
  unseen(
    sender('idle', 'R2, RW-29, RW-59', 'SHOULD', 'A server SHOULD say of each terminal how many seconds ago somebody typed.'),
    'it takes terminals that somebody types on; the tests of the implementation have them',
  ),
  unseen(
    sender('long-name', 'R2, RW-24, RW-26', 'SHOULD', 'A server SHOULD cut the name of its machine to 31 characters.'),
    'it takes a machine with such a name; the scenarios have one',
  ),
];

const RECEIVER: readonly Requirement[] = [
  // ── what is taken ─────────────────────────────────────────────────────────────────────────────────────────────────
  receiver('keeps', 'R3', 'MUST', 'A server MUST keep the report of a host in the file whod.HOST.'),
  receiver('content', 'R3', 'MUST', 'A server MUST keep a report as it came, with its numbers in the order of the machine.'),
  receiver(
    'stamp',
    'R3',
    'MUST',
    'A server MUST stamp what it keeps with the time of arrival by its own clock, whatever the report has there.',
  ),
  receiver('refresh', 'R3', 'MUST', 'A server MUST replace what it has of a host by the next report, whole, also by a shorter one.'),
  receiver('each', 'R3', 'MUST', 'A server MUST keep the reports of all hosts, each in its own file.'),
  receiver('case', 'R3', 'MUST', 'A server MUST take names that differ in case for different ones.'),
  receiver('name-31', 'R2', 'MUST', 'A server MUST take names of 31 characters.'),
  receiver('name-tail', 'R2, RW-25', 'MUST', 'A server MUST NOT care for what is behind the NUL of a name.'),
  receiver('punctuation', 'R3', 'SHOULD', 'A server SHOULD take a name with any printable ASCII character but a blank and a slash.'),
  receiver('padding', 'R2', 'MUST', 'A server MUST NOT care for what is in the padding.'),
  receiver('full', 'R2', 'MUST', 'A server MUST take a report of 42 people.'),
  receiver('oversize', 'R2', 'SHOULD', 'A server SHOULD take of a longer datagram what a report can hold.'),
  receiver('half-entry', 'R2, RW-31', 'SHOULD', 'A server SHOULD keep nothing of half an entry.'),
  receiver('clocks', 'R4', 'MUST', 'A server MUST take the report of a host whose clock is wrong.'),
  receiver('wrap', 'R8', 'MUST', 'A server MUST take reports that were sent after 2038.'),
  receiver('reboot', 'R4', 'MUST', 'A server MUST take the report of a host that was started again.'),
  // ── what is not ───────────────────────────────────────────────────────────────────────────────────────────────────
  receiver('port', 'R1', 'MUST', 'A server MUST NOT keep a report that comes from another port.'),
  receiver('version', 'R3, RW-06', 'MUST', 'A server MUST NOT keep a datagram of another version or type.'),
  receiver('short', 'R3, RW-02', 'SHOULD', 'A server SHOULD NOT keep less than a header, nor complete it with what it had before.'),
  receiver('short-harmless', 'R3, RW-05', 'SHOULD', 'A server SHOULD keep what it has of a host when less than a header comes.'),
  receiver(
    'name',
    'R3',
    'MUST',
    'A server MUST NOT keep a report whose name is empty, or has a blank or what is not printable ASCII in it.',
  ),
  receiver('slash', 'R3, RW-08', 'MUST', 'A server MUST NOT write outside its spool, and not for a name with a slash in it.'),
  receiver('name-end', 'R2, RW-07', 'SHOULD', 'A server SHOULD read no further than 31 characters for a name.'),
  receiver('late', 'R4, RW-54', 'SHOULD', 'A server SHOULD NOT replace a report by one that was sent before it.'),
  receiver('own-name', 'R3, RW-42', 'SHOULD', 'A server SHOULD NOT believe others about its own machine.'),
  unseen(
    receiver('bounded', 'R6, RW-43', 'SHOULD', 'A server SHOULD keep no more records than it has been given room for.'),
    'nobody can know how many those are; the scenario rwho/trap/spool-unbounded shows it',
  ),
  // ── that it goes on ───────────────────────────────────────────────────────────────────────────────────────────────
  receiver('survives', 'R3, RW-04', 'MUST', 'A server MUST go on keeping reports whatever datagrams arrive.'),
  receiver('survives-file', 'R3, RW-11', 'SHOULD', 'A server SHOULD go on when one of its files cannot be written.'),
  receiver('hang-up', 'R7', 'MUST', 'A server MUST go on keeping reports after SIGHUP.'),
  receiver('stays', 'R6', 'SHOULD', 'A server SHOULD find what it had kept when it is started again.'),
  receiver('own', 'R3', 'SHOULD', 'A server SHOULD have a record of its own machine.'),
  unseen(
    receiver('whole', 'R3, RW-09', 'SHOULD', 'A server SHOULD let a reader see a whole record at any moment.'),
    'the moment lasts microseconds; the scenario rwho/trap/record-written-in-place meets it',
  ),
  unseen(
    receiver('clock-set', 'R8, RW-40', 'SHOULD', 'A server SHOULD keep the age of its records when the clock of its machine is set.'),
    'it takes a clock that can be set; the scenarios have one',
  ),
  // ── what is shown ─────────────────────────────────────────────────────────────────────────────────────────────────
  receiver('up', 'A7', 'MUST', 'ruptime MUST show each host of which a report arrived at most 660 s ago as up, once.'),
  receiver('down', 'A7', 'MUST', 'ruptime MUST show a host as down when its last report arrived more than 660 s ago.'),
  receiver('sorted', 'A7', 'MUST', 'ruptime MUST sort hosts by name.'),
  receiver('counted', 'A7', 'MUST', 'ruptime MUST count who has typed within the last hour: by the report, less than 3600 s before it.'),
  receiver('counted-half', 'A7, RW-31', 'SHOULD', 'ruptime SHOULD count the same when half an entry came behind the others.'),
  receiver('loads', 'A7', 'MUST', 'ruptime MUST show the three loads with two decimals.'),
  receiver(
    'up-2038',
    'R8, RW-18',
    'SHOULD',
    'ruptime SHOULD show how long, in hours and minutes, a host is up whose start was before the wrap of 2038 and whose report after it.',
  ),
  receiver('people', 'A7', 'MUST', 'rwho MUST show who has typed within the last hour, and where: host and terminal.'),
  receiver('printable', 'A7, RW-44', 'SHOULD', 'rwho SHOULD NOT send control characters of others to a terminal.'),
];

export const REQUIREMENTS: readonly Requirement[] = [...SENDER, ...RECEIVER];
