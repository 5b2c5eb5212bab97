/**
 * Hostile implementations as a table: what each does (hostile.py), which cases meet it, and what has to come of them.
 */
import type { VerdictName } from '../../conformance/run/grade.ts';

export interface Behaviour {
  /** The function of hostile.py. */
  readonly name: string;
  readonly text: string;
  readonly suite: 'lifetime' | 'lonc' | 'rwho';
  readonly role: string;
  /** Ids without suite and role, in the order of their ids, and the verdict that is right. */
  readonly cases: Readonly<Record<string, VerdictName>>;
  /** Of all deadlines: small where only the deadline ends the case. */
  readonly patience: number;
  /** What the row of the first case that fails has to say. */
  readonly received?: RegExp;
  /** Another function of hostile.py, that is its ruptime. */
  readonly ruptime?: string;
  /** The tester is killed by it. */
  readonly killed?: true;
}

/** A busy machine starts a process slowly; that is no finding. */
const CALM = 2;
/** Five seconds become a half, three times over. */
const SHORT = 0.1;

const FIRST = 'start.database-first';
const STOP = 'stop.control-eof';

type Row = readonly [name: string, cases: Behaviour['cases'], patience: number, text: string, more?: Partial<Behaviour>];
const of = (suite: Behaviour['suite'], role: string, rows: readonly Row[]): readonly Behaviour[] =>
  rows.map(([name, cases, patience, text, more = {}]) => ({ name, text, suite, role, cases, patience, ...more }));

export const BEHAVIOURS: readonly Behaviour[] = [
  ...of('lifetime', 'child', [
    ['right', { [STOP]: 'pass' }, CALM, 'harms nobody: what the others are compared with'],
    ['silent', { [FIRST]: 'fail' }, SHORT, 'says nothing, and ignores SIGTERM, SIGINT and SIGHUP'],
    ['flood_stdout', { [STOP]: 'pass' }, CALM, 'a gigabyte on standard output and on standard error beside what it should do'],
    ['flood_stdout_by_bytes', { [STOP]: 'pass' }, CALM, 'a gigabyte on standard output, a byte a write'],
    ['flood_garbage', { [FIRST]: 'fail' }, CALM, 'a gigabyte of garbage on the event pipe'],
    ['flood_frames', { [STOP]: 'fail' }, CALM, 'messages of an unknown type without end', { received: /^\d+ messages and \d+ bytes/ }],
    ['flood_frames_by_bytes', { [STOP]: 'fail' }, SHORT, 'the same, a byte a write'],
    ['length_known', { [FIRST]: 'fail' }, CALM, 'an event of 4 GB, and begins to send it', { received: /4294967295/ }],
    ['length_unknown', { [STOP]: 'fail' }, CALM, 'an unknown message of 4 GB, and sends it', { received: /0 messages and \d{7} bytes/ }],
    ['drip', { [FIRST]: 'fail' }, SHORT, 'a byte of the first message a second'],
    ['ignores_term', { 'stop.sigterm': 'fail' }, SHORT, 'right, but for SIGTERM, which it ignores'],
    ['exits_within_a_frame', { [FIRST]: 'fail' }, CALM, 'ends within its first message', { received: /truncated/ }],
    ['crashes', { [FIRST]: 'fail' }, CALM, 'dies by SIGSEGV within its first message'],
    ['exits_between_cases', { [FIRST]: 'pass', [STOP]: 'fail' }, CALM, 'right in the first case, and then ends at once'],
    [
      'deletes_itself',
      { [FIRST]: 'pass', [STOP]: 'fail' },
      CALM,
      'is gone after the first case',
      { received: /cannot be started: ENOENT/ },
    ],
    ['never_reads', { [STOP]: 'fail', 'control.bytes-ignored': 'inconclusive' }, SHORT, 'never reads the control pipe'],
    ['stops_itself', { [FIRST]: 'fail' }, SHORT, 'SIGSTOP to itself within its first message'],
    ['closes_everything', { [FIRST]: 'fail' }, CALM, 'closes all its descriptors and runs on', { received: /end of file/ }],
    ['keeps_port', { [STOP]: 'pass' }, CALM, 'ends, while a grandchild keeps its port and its pipes'],
    ['daemon', { [STOP]: 'pass' }, CALM, 'right, but for a grandchild in a session of its own, with nothing open'],
    ['clean_orphan', { [STOP]: 'pass' }, CALM, 'right, but for a grandchild with an empty environment, in a session of its own'],
    ['clean_child', { [FIRST]: 'pass' }, CALM, 'right, but for such a child, with nothing open'],
    ['hydra', { [STOP]: 'pass' }, CALM, 'right, but for a daemon that is another process all the time'],
    ['fork_bomb', { [STOP]: 'pass' }, CALM, 'right, but for 150 children'],
    ['texts', { [STOP]: 'pass', 'address.listening': 'fail' }, CALM, 'says what a terminal, a browser or a spreadsheet would obey'],
    ['text_frame', { [STOP]: 'fail' }, SHORT, 'the same as a type of message'],
    ['kills_tester', { [FIRST]: 'fail' }, CALM, 'SIGKILL to the tester', { killed: true }],
    ['kills_tester_from_afar', { [FIRST]: 'fail' }, CALM, 'SIGKILL to the tester, from a session of its own', { killed: true }],
    ['terminates_tester', { [FIRST]: 'fail' }, CALM, 'SIGTERM to the tester', { killed: true }],
  ]),
  ...of('lifetime', 'parent', [
    ['flood_lines', { 'run.events': 'fail' }, CALM, 'the first message a million times'],
    ['line_without_end', { 'run.events': 'fail' }, CALM, 'a line of a gigabyte', { received: /0 messages and \d{7} bytes/ }],
    ['deep_lines', { 'run.events': 'fail' }, SHORT, 'JSON that nests deeply, and names parts of every object'],
    ['report_fifo', { 'run.options': 'fail' }, SHORT, 'a FIFO in the place of the report of its child'],
    ['report_endless', { 'run.options': 'fail' }, SHORT, '/dev/zero in the place of the report of its child'],
    ['report_huge', { 'run.options': 'fail' }, SHORT, 'a report of a terabyte'],
    ['report_victim', { 'run.options': 'fail' }, SHORT, 'a report that names a process of somebody else as the child'],
    ['loses_probe', { 'run.options': 'fail' }, SHORT, 'runs its child in a session of its own'],
  ]),
  ...of('lonc', 'lond', [
    ['lond_flood', { 'greeting.challenge': 'fail' }, CALM, 'a gigabyte without a line feed', { received: /0 messages and \d{7} bytes/ }],
    ['lond_never_reads', { 'greeting.challenge': 'fail' }, SHORT, 'accepts, and never reads'],
    ['lond_resets', { 'greeting.challenge': 'fail' }, CALM, 'resets every connection'],
    ['lond_drips', { 'greeting.challenge': 'fail' }, SHORT, 'a byte of its answer a second'],
    ['lond_length', { 'enc.eget': 'nonstrict' }, CALM, 'an encrypted answer that says it has 4 GB'],
    ['litters', { 'greeting.waits': 'fail' }, SHORT, 'fills its directory with what is hard to remove'],
  ]),
  ...of('lonc', 'lond-client', [
    ['gateway_connects', { 'dialogue.init': 'fail' }, SHORT, 'twenty thousand connections'],
    ['gateway_flood', { 'dialogue.init': 'fail' }, CALM, 'a gigabyte of the first line'],
  ]),
  ...of('rwho', 'sender', [
    ['who_flood', { 'restrained-refused': 'fail' }, CALM, 'reports without end', { received: /^5\d{3} messages and \d+ bytes/ }],
    ['who_large', { layout: 'fail' }, CALM, 'datagrams of 65,060 bytes'],
    ['who_texts', { name: 'fail' }, CALM, 'calls itself what a terminal, a browser or a spreadsheet would obey'],
  ]),
  ...of('rwho', 'receiver', [
    ['record_fifo', { keeps: 'fail' }, SHORT, 'a FIFO in the place of a record'],
    ['record_endless', { keeps: 'fail' }, SHORT, '/dev/zero in the place of a record'],
    ['record_huge', { keeps: 'fail' }, SHORT, 'a record of a terabyte'],
    ['record_changes', { keeps: 'fail' }, SHORT, 'a record that is another one at every look'],
    ['who_right', { up: 'fail' }, CALM, 'right, but its ruptime writes a gigabyte', { ruptime: 'reader_endless' }],
    ['who_right', { up: 'fail' }, SHORT, 'right, but its ruptime never ends', { ruptime: 'reader_silent' }],
    ['who_right', { up: 'fail' }, CALM, 'right, but its ruptime says what a terminal would obey', { ruptime: 'reader_texts' }],
  ]),
];
