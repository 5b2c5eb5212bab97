/**
 * Processes: spawn and exec.
 */
import { textOf, utf8 } from '../../src/host/bytes.ts';
import { micros, millis } from '../../src/host/time.ts';
import { type ContractCase, contractCase, must, programsOf } from './case.ts';
import { attach, connectOutcome, converse, listening, outcome, parentOf, pause, reaped, unixAt } from './kit.ts';

const SECTION = 'processes: starting';
const AWKWARD: readonly string[] = ['', 'two words', 'it\'s "quoted"', 'Straße 東京 🚢', '--flag=1', '$HOME *', 'line\nbreak', '-e'];

export const PROCESSES_START: readonly ContractCase[] = [
  contractCase(SECTION, {
    name: 'spawn-unknown',
    purpose: 'Spawning a program that does not exist is ENOENT, and leaves no child.',
    roles: {
      *main(host, { saw }) {
        saw(outcome(host.process.spawn('no-such-program', [])));
        yield resume =>
          host.process.wait(result => {
            saw(outcome(result));
            resume();
          });
      },
    },
    expect: { main: ['ENOENT', 'ECHILD'] },
  }),

  contractCase(SECTION, {
    name: 'spawn-arguments',
    purpose: 'Arguments arrive as they were given: empty, with spaces, quotes, newlines and any script.',
    roles: {
      *main(host, stage) {
        stage.start('child', AWKWARD);
        stage.start('bare');
        yield* reaped(host);
        yield* reaped(host);
      },
      child(host, { saw }) {
        saw(JSON.stringify(host.process.args));
        host.process.exit(0);
      },
      bare(host, { saw }) {
        saw(JSON.stringify(host.process.args));
        host.process.exit(0);
      },
    },
    expect: { child: [JSON.stringify(AWKWARD)], bare: ['[]'] },
  }),

  contractCase(SECTION, {
    name: 'spawn-pids',
    purpose: 'Every process has a pid of its own, known to itself and to its parent.',
    roles: {
      *main(host, stage) {
        const children = [converse(host, stage, 'child'), converse(host, stage, 'child')];
        const pids = [host.process.pid];
        for (const { pid, output } of children) {
          yield* output.until(end => end.text.endsWith(' '));
          stage.saw(`says so itself: ${Number(output.text) === pid}`);
          pids.push(pid);
        }
        stage.saw(`different: ${new Set(pids).size}, above 1: ${pids.every(pid => pid > 1)}`);
      },
      *child(host) {
        const { output } = parentOf(host);
        output.write(`${host.process.pid} `);
        yield* output.until(end => end.stream.pending === 0);
      },
    },
    expect: { main: ['says so itself: true', 'says so itself: true', 'different: 3, above 1: true'] },
  }),

  contractCase(SECTION, {
    name: 'spawn-same-directory',
    purpose: 'Parent and child see the same files.',
    roles: {
      *main(host, stage) {
        must(host.storage.write('note', utf8('from the parent')));
        stage.start('child');
        yield* reaped(host);
        stage.saw(textOf(must(host.storage.read('note'))));
      },
      child(host, { saw }) {
        saw(textOf(must(host.storage.read('note'))));
        must(host.storage.write('note', utf8('from the child')));
        host.process.exit(0);
      },
    },
    expect: { main: ['from the child'], child: ['from the parent'] },
  }),

  contractCase(SECTION, {
    name: 'spawn-takes-time',
    purpose: 'A child is there as soon as it is spawned, and does nothing until it has started, which takes a millisecond at least.',
    roles: {
      *main(host, stage) {
        const { pid, input, output } = converse(host, stage, 'child');
        yield* pause(host, micros(500));
        stage.saw(`there: ${outcome(host.process.kill(pid, 0))}, listens: ${yield* connectOutcome(host, unixAt('s'))}`);
        yield* output.untilText('ready');
        stage.saw(`started, listens: ${yield* connectOutcome(host, unixAt('s'))}`);
        input.stream.end();
        yield* reaped(host);
      },
      *child(host) {
        const { input, output } = parentOf(host);
        yield* listening(host, unixAt('s'));
        output.write('ready');
        yield* input.untilClosed();
      },
    },
    expect: { main: ['there: ok, listens: ENOENT', 'started, listens: ok'] },
  }),

  contractCase(SECTION, {
    name: 'spawn-signal-at-once',
    purpose: 'A signal to a child that has not started yet finds no handler, and does what it does by default.',
    roles: {
      *main(host, stage) {
        const pid = stage.start('child');
        must(host.process.kill(pid, 'SIGTERM'));
        stage.saw((yield* reaped(host)).how);
      },
      child(host, { saw }) {
        must(host.signals.handle('SIGTERM', () => host.process.exit(0)));
        saw('started');
      },
    },
    expect: { main: ['SIGTERM'] },
  }),

  contractCase(SECTION, {
    name: 'exec-changes-program',
    purpose: '`exec` keeps pid, parent and children, and changes program and arguments; its caller runs no further.',
    roles: {
      *main(host, stage) {
        const pid = stage.start('before', ['old']);
        const one = yield* reaped(host);
        stage.saw(`${one.how}, that child: ${one.pid === pid}`);
      },
      before(host, stage) {
        stage.start('child');
        stage.saw(host.process.args.join());
        host.process.exec(stage.program('after'), ['new', String(host.process.pid), String(host.process.parent())]);
        stage.saw('exec returned');
      },
      *after(host, { saw }) {
        const [word, pid, parent] = host.process.args;
        saw(`${word}, pid: ${host.process.pid === Number(pid)}, parent: ${host.process.parent() === Number(parent)}`);
        saw(`child: ${(yield* reaped(host)).how}`);
        host.process.exit(6);
      },
      child: host => host.process.exit(8),
    },
    expect: { main: ['exit 6, that child: true'], before: ['old'], after: ['new, pid: true, parent: true', 'child: exit 8'] },
  }),

  contractCase(SECTION, {
    name: 'exec-unknown',
    purpose: '`exec` of a program that does not exist returns ENOENT, and the process goes on as it was.',
    roles: {
      *main(host, { saw }) {
        const result = host.process.exec('no-such-program', []);
        saw(outcome(result));
        yield* pause(host);
        saw('goes on');
      },
    },
    expect: { main: ['ENOENT', 'goes on'] },
  }),

  contractCase(SECTION, {
    name: 'exec-keeps-descriptors',
    purpose: 'Descriptors that are not attached go over to the new program, at their numbers; attached ones are closed.',
    roles: {
      *main(host, stage) {
        const kept = must(host.descriptors.pipe());
        const attached = must(host.descriptors.pipe());
        stage.start('before', [], { 5: kept.write, 6: attached.write });
        must(host.descriptors.close(kept.write));
        must(host.descriptors.close(attached.write));
        const one = attach(host, attached.read, 'read');
        yield* one.untilClosed();
        stage.saw(`attached: ${one.history}`);
        const other = attach(host, kept.read, 'read');
        yield* other.untilClosed();
        stage.saw(`kept: ${other.history}`);
        yield* reaped(host);
      },
      before(host, stage) {
        attach(host, 6, 'write').write('before');
        host.process.exec(stage.program('after'), []);
      },
      *after(host, { saw }) {
        saw(`6: ${outcome(host.descriptors.close(6))}`);
        const output = attach(host, 5, 'write');
        output.write('after');
        yield* output.until(end => end.stream.pending === 0);
      },
    },
    expect: { main: ['attached: "before" end close', 'kept: "after" end close'], after: ['6: EBADF'] },
  }),

  contractCase(SECTION, {
    name: 'exec-drops',
    purpose: 'Timers, handlers, streams and listeners of the old program are gone; the socket file of its listener is not.',
    roles: {
      *main(host, stage) {
        stage.start('before');
        stage.saw((yield* reaped(host)).how);
      },
      *before(host, stage) {
        host.clock.setTimer(millis(20), () => stage.saw('timer of the old program'));
        must(host.signals.handle('SIGUSR1', () => stage.saw('handler of the old program')));
        must(host.signals.handle('SIGCHLD', () => stage.saw('handler of the old program')));
        yield* listening(host, unixAt('s'));
        host.process.exec(stage.program('after'), []);
      },
      *after(host, { saw }) {
        yield* pause(host);
        saw(`connect ${yield* connectOutcome(host, unixAt('s'))}, stat ${must(host.storage.stat('s')).kind}`);
        saw('SIGUSR1');
        must(host.process.kill(host.process.pid, 'SIGUSR1'));
        yield* pause(host);
        saw('survived');
      },
    },
    expect: { main: ['SIGUSR1'], after: ['connect ECONNREFUSED, stat socket', 'SIGUSR1'] },
  }),

  contractCase(SECTION, {
    name: 'exec-keeps-signals',
    purpose: '`exec` keeps the mask, what is pending, and what is ignored.',
    roles: {
      *main(host, stage) {
        stage.start('before');
        stage.saw((yield* reaped(host)).how);
      },
      before(host, stage) {
        host.signals.mask('block', ['SIGUSR1', 'SIGTERM']);
        must(host.signals.handle('SIGUSR2', 'ignore'));
        must(host.process.kill(host.process.pid, 'SIGUSR1'));
        host.process.exec(stage.program('after'), []);
      },
      *after(host, { saw }) {
        saw(`mask ${sorted(host.signals.mask('block', []))}, pending ${sorted(host.signals.pending())}`);
        must(host.process.kill(host.process.pid, 'SIGUSR2'));
        yield* pause(host);
        must(host.signals.handle('SIGUSR1', () => saw('SIGUSR1 came')));
        host.signals.mask('unblock', ['SIGUSR1']);
        yield* pause(host);
        saw('end');
      },
    },
    expect: { main: ['exit 0'], after: ['mask SIGTERM SIGUSR1, pending SIGUSR1', 'SIGUSR1 came', 'end'] },
  }),

  contractCase(SECTION, {
    name: 'exec-keeps-alarm',
    purpose: 'An alarm set before `exec` still fires after it (alarm(2)).',
    roles: {
      *main(host, stage) {
        stage.start('before');
        stage.saw((yield* reaped(host)).how);
      },
      before(host, stage) {
        host.signals.alarm(millis(300));
        host.process.exec(stage.program('after'), []);
      },
      *after(host, { saw }) {
        yield resume => must(host.signals.handle('SIGALRM', resume));
        saw('SIGALRM');
      },
    },
    expect: { main: ['exit 0'], after: ['SIGALRM'] },
  }),
];

export const programs = programsOf(PROCESSES_START);

const sorted = (signals: readonly string[]): string => [...signals].sort((left, right) => (left < right ? -1 : 1)).join(' ');
