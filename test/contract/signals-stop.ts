import { millis, seconds, ZERO } from '../../src/host/time.ts';
import { type ContractCase, contractCase, must, programsOf } from './case.ts';
import { attach, converse, outcome, parentOf, pause, reaped } from './kit.ts';

const SECTION = 'signals: stop, child, alarm';

export const SIGNALS_STOP: readonly ContractCase[] = [
  contractCase(SECTION, {
    name: 'stop-and-continue',
    purpose: 'A stopped process answers nothing until it is continued; then it answers what has come meanwhile.',
    roles: {
      *main(host, stage) {
        const { pid, input, output } = converse(host, stage, 'echo');
        input.write('1');
        yield* output.untilText('1');
        must(host.process.kill(pid, 'SIGSTOP'));
        input.write('2');
        yield* pause(host);
        yield* pause(host);
        stage.saw(`stopped: ${output.text}, exists: ${outcome(host.process.kill(pid, 0))}`);
        must(host.process.kill(pid, 'SIGCONT'));
        yield* output.untilText('12');
        input.stream.end();
        stage.saw((yield* reaped(host)).how);
      },
      *echo(host) {
        const output = attach(host, 1, 'write');
        yield resume => must(host.descriptors.attach(0, 'read', { data: bytes => void output.stream.write(bytes), end: resume }));
      },
    },
    expect: { main: ['stopped: 1, exists: ok', 'exit 0'] },
  }),

  contractCase(SECTION, {
    name: 'stop-holds-signals',
    purpose: 'A stopped process takes a signal only when it is continued, and SIGCONT may be handled; SIGKILL needs no continuing.',
    roles: {
      *main(host, stage) {
        const one = converse(host, stage, 'child');
        yield* one.output.untilText('ready');
        must(host.process.kill(one.pid, 'SIGSTOP'));
        must(host.process.kill(one.pid, 'SIGUSR1'));
        yield* pause(host);
        stage.saw(`stopped: ${one.output.text}`);
        must(host.process.kill(one.pid, 'SIGCONT'));
        yield* one.output.until(end => end.text.length === 'readyUC'.length);
        stage.saw(`continued: ${one.output.text.includes('U')} ${one.output.text.includes('C')}`);
        must(host.process.kill(one.pid, 'SIGSTOP'));
        must(host.process.kill(one.pid, 'SIGKILL'));
        stage.saw((yield* reaped(host)).how);
      },
      *child(host) {
        const { input, output } = parentOf(host);
        must(host.signals.handle('SIGUSR1', () => void output.write('U')));
        must(host.signals.handle('SIGCONT', () => void output.write('C')));
        output.write('ready');
        yield* input.untilClosed();
      },
    },
    expect: { main: ['stopped: ready', 'continued: true true', 'SIGKILL'] },
  }),

  contractCase(SECTION, {
    name: 'stop-holds-timers',
    purpose: 'A timer that falls due while its process is stopped fires when the process goes on.',
    roles: {
      *main(host, stage) {
        const { pid, output } = converse(host, stage, 'child');
        yield* output.untilText('ready');
        must(host.process.kill(pid, 'SIGSTOP'));
        yield* pause(host, millis(900));
        stage.saw(`stopped: ${output.text}`);
        must(host.process.kill(pid, 'SIGCONT'));
        yield* output.untilText('ready fired');
        stage.saw((yield* reaped(host)).how);
      },
      *child(host) {
        const output = attach(host, 1, 'write');
        output.write('ready');
        yield* pause(host, millis(500));
        output.write(' fired');
        yield* output.until(end => end.stream.pending === 0);
      },
    },
    expect: { main: ['stopped: ready', 'exit 0'] },
  }),

  contractCase(SECTION, {
    name: 'stop-is-not-an-end',
    purpose: 'A parent that waits hears nothing of a child that stops.',
    roles: {
      *main(host, stage) {
        const { pid, output } = converse(host, stage, 'child');
        yield* output.untilText('ready');
        let waited = '';
        host.process.wait(result => {
          waited = outcome(result);
        });
        must(host.process.kill(pid, 'SIGSTOP'));
        yield* pause(host);
        stage.saw(`stopped: ${waited || 'nothing'}`);
        must(host.process.kill(pid, 'SIGKILL'));
        while (waited === '') yield* pause(host);
        stage.saw(`killed: ${waited}`);
      },
      *child(host) {
        const { input, output } = parentOf(host);
        output.write('ready');
        yield* input.untilClosed();
      },
    },
    expect: { main: ['stopped: nothing', 'killed: ok'] },
  }),

  contractCase(SECTION, {
    name: 'sigchld',
    purpose: 'SIGCHLD comes when a child has ended; it can then be waited for.',
    roles: {
      *main(host, stage) {
        yield resume => {
          must(host.signals.handle('SIGCHLD', resume));
          stage.start('child');
        };
        stage.saw('SIGCHLD');
        stage.saw((yield* reaped(host)).how);
      },
      child: host => host.process.exit(3),
    },
    expect: { main: ['SIGCHLD', 'exit 3'] },
  }),

  contractCase(SECTION, {
    name: 'alarm-fires',
    purpose: 'SIGALRM comes once, not before its delay.',
    roles: {
      *main(host, { saw }) {
        let count = 0;
        must(host.signals.handle('SIGALRM', () => void count++));
        const start = host.clock.monotonic();
        saw(`before: ${host.signals.alarm(millis(150))}`);
        while (count === 0) yield* pause(host, millis(10));
        saw(`not early: ${host.clock.monotonic() - start >= millis(150)}`);
        yield* pause(host, millis(300));
        saw(`came ${count}, left ${host.signals.alarm(ZERO)}`);
      },
    },
    expect: { main: ['before: 0', 'not early: true', 'came 1, left 0'] },
  }),

  contractCase(SECTION, {
    name: 'alarm-replaced',
    purpose: 'There is one alarm: a new one replaces the old and tells what was left of it; zero only cancels.',
    roles: {
      *main(host, { saw }) {
        must(host.signals.handle('SIGALRM', () => saw('SIGALRM')));
        saw(`first: ${host.signals.alarm(seconds(50))}`);
        yield* pause(host);
        const left = host.signals.alarm(millis(200));
        saw(`left of it: ${left > 0 && left < seconds(50)}`);
        const rest = host.signals.alarm(ZERO);
        saw(`left of that: ${rest > 0 && rest <= millis(200)}`);
        yield* pause(host, millis(400));
        saw(`none: ${host.signals.alarm(ZERO)}`);
      },
    },
    expect: { main: ['first: 0', 'left of it: true', 'left of that: true', 'none: 0'] },
  }),

  contractCase(SECTION, {
    name: 'alarm-kills',
    purpose: 'SIGALRM kills a process that does not handle it, and a child does not inherit the alarm.',
    roles: {
      *main(host, stage) {
        stage.start('child');
        stage.saw((yield* reaped(host)).how);
      },
      *child(host, stage) {
        host.signals.alarm(seconds(15));
        stage.start('grandchild');
        stage.saw((yield* reaped(host)).how);
        host.signals.alarm(millis(50));
        yield* pause(host, seconds(5));
        stage.saw('survived');
      },
      grandchild(host, { saw }) {
        saw(`left: ${host.signals.alarm(ZERO)}`);
        host.process.exit(0);
      },
    },
    expect: { main: ['SIGALRM'], child: ['exit 0'], grandchild: ['left: 0'] },
  }),
];

export const programs = programsOf(SIGNALS_STOP);
