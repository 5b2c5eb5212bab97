/**
 * Processes: how they end, and how their parents learn of it.
 */
import type { Reaped } from '../../src/host/host.ts';
import type { Result } from '../../src/host/result.ts';
import { formatExit } from '../../src/host/signal.ts';
import { type Duration, millis, ZERO } from '../../src/host/time.ts';
import { type ContractCase, contractCase, must, programsOf } from './case.ts';
import { attach, converse, outcome, parentOf, pause, pipeHere, reaped } from './kit.ts';
import { answerOf } from './story.ts';

const SECTION = 'processes: ending';

const told = (result: Result<Reaped>): string => (result.ok ? formatExit(result.value.status) : result.error.code);
/** Longer than the process lives. */
const LATER: Duration = millis(40);

export const PROCESSES_END: readonly ContractCase[] = [
  contractCase(SECTION, {
    name: 'exit-status',
    purpose: 'The parent gets the status a child exits with, 0 to 255.',
    roles: {
      *main(host, stage) {
        for (const status of ['0', '7', '255']) {
          const pid = stage.start('child', [status]);
          const one = yield* reaped(host);
          stage.saw(`${one.how}, that child: ${one.pid === pid}`);
        }
      },
      child: host => host.process.exit(Number(host.process.args[0])),
    },
    expect: { main: ['exit 0, that child: true', 'exit 7, that child: true', 'exit 255, that child: true'] },
  }),

  contractCase(SECTION, {
    name: 'exit-by-signal',
    purpose: 'The parent learns which signal killed a child: each that terminates by default.',
    roles: {
      *main(host, stage) {
        const signals = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGKILL', 'SIGUSR1', 'SIGUSR2', 'SIGPIPE', 'SIGALRM', 'SIGTERM'] as const;
        const children = signals.map(signal => ({ signal, child: converse(host, stage, 'child') }));
        for (const { signal, child } of children) {
          yield* child.output.untilText('ready');
          must(host.process.kill(child.pid, signal));
        }
        const ends = new Map<number, string>();
        for (const _ of signals) {
          const { pid, how } = yield* reaped(host);
          ends.set(pid, how);
        }
        stage.saw(children.map(({ child }) => ends.get(child.pid)).join(' '));
      },
      *child(host) {
        const { input, output } = parentOf(host);
        output.write('ready');
        yield* input.untilClosed();
      },
    },
    expect: { main: ['SIGHUP SIGINT SIGQUIT SIGKILL SIGUSR1 SIGUSR2 SIGPIPE SIGALRM SIGTERM'] },
  }),

  contractCase(SECTION, {
    name: 'exit-in-a-callback',
    purpose: 'Nothing runs after `exit`: not the rest of the callback, no catch, no finally, no other callback.',
    roles: {
      *main(host, stage) {
        stage.start('child');
        stage.saw((yield* reaped(host)).how);
      },
      child(host, stage) {
        const { saw } = stage;
        const { reader, writer } = pipeHere(host);
        writer.write('x');
        must(host.signals.handle('SIGUSR1', () => saw('handler')));
        const watch = reader.until(end => end.received > 0);
        const { value } = watch.next();
        if (typeof value !== 'function') throw new Error('must wait');
        value(() => {
          // Not before: on a busy machine it would be due by now.
          host.clock.setTimer(LATER, () => saw('timer'));
          must(host.process.kill(host.process.pid, 'SIGUSR1'));
          try {
            saw('exit');
            host.process.exit(4);
          } catch {
            saw('catch');
          } finally {
            saw('finally');
            host.process.spawn(stage.program('grandchild'), []);
          }
          saw('after');
        });
      },
      grandchild: (host, { saw }) => {
        saw('started');
        host.process.exit(0);
      },
    },
    expect: { main: ['exit 4'], child: ['exit'] },
  }),

  contractCase(SECTION, {
    name: 'exit-of-a-throw',
    purpose: 'A daemon that throws has a bug: its process ends with status 70 (EX_SOFTWARE), at its start or in a callback.',
    roles: {
      *main(host, stage) {
        for (const when of ['start', 'timer']) {
          stage.start('child', [when]);
          stage.saw(`${when}: ${(yield* reaped(host)).how}`);
        }
      },
      child(host, { saw }) {
        host.clock.setTimer(LATER, () => saw('later'));
        if (host.process.args[0] === 'start') throw new Error('a bug made for this case');
        host.clock.setTimer(ZERO, () => {
          throw new Error('a bug made for this case');
        });
      },
    },
    expect: { main: ['start: exit 70', 'timer: exit 70'] },
  }),

  contractCase(SECTION, {
    name: 'wait-before-and-after',
    purpose: 'A child is waited for before it has ended or after; the callback comes after the call in both.',
    roles: {
      *main(host, stage) {
        const { input, pid } = converse(host, stage, 'child');
        let inside = true;
        const first = answerOf<Result<Reaped>>(answer => {
          host.process.wait(result => {
            stage.saw(`before, inside the call: ${inside}, that child: ${result.ok && result.value.pid === pid}`);
            answer(result);
          });
          inside = false;
          input.write('go');
        });
        stage.saw(told(yield* first));
        stage.start('brief');
        yield* pause(host);
        yield* pause(host);
        yield* pause(host);
        inside = true;
        const second = answerOf<Result<Reaped>>(answer => {
          host.process.wait(result => {
            stage.saw(`after, inside the call: ${inside}`);
            answer(result);
          });
          inside = false;
        });
        stage.saw(told(yield* second));
      },
      *child(host) {
        const { input } = parentOf(host);
        yield* input.untilText('go');
        host.process.exit(1);
      },
      brief: host => host.process.exit(2),
    },
    expect: { main: ['before, inside the call: false, that child: true', 'exit 1', 'after, inside the call: false', 'exit 2'] },
  }),

  contractCase(SECTION, {
    name: 'wait-for-any',
    purpose: 'One call, one child, each child once, in the order in which they end; then ECHILD.',
    roles: {
      *main(host, stage) {
        const children = ['1', '2', '3'].map(status => converse(host, stage, 'child', [status]));
        for (const child of children) yield* child.output.untilText('ready');
        for (const child of [...children].reverse()) {
          child.input.write('go');
          const { pid, how } = yield* reaped(host);
          stage.saw(`${how}, that child: ${pid === child.pid}`);
        }
        stage.saw(told(yield* answerOf(answer => host.process.wait(answer))));
      },
      *child(host) {
        const { input, output } = parentOf(host);
        output.write('ready');
        yield* input.untilText('go');
        host.process.exit(Number(host.process.args[0]));
      },
    },
    expect: { main: ['exit 3, that child: true', 'exit 2, that child: true', 'exit 1, that child: true', 'ECHILD'] },
  }),

  contractCase(SECTION, {
    name: 'wait-for-nobody',
    purpose: 'ECHILD when there is no child.',
    roles: {
      *main(host, { saw }) {
        saw(told(yield* answerOf(answer => host.process.wait(answer))));
      },
    },
    expect: { main: ['ECHILD'] },
  }),

  contractCase(SECTION, {
    name: 'wait-more-than-children',
    purpose: 'Of two waits for one child the first gets it, and the second ECHILD when it is gone.',
    roles: {
      *main(host, stage) {
        const { input } = converse(host, stage, 'child');
        const answers: string[] = [];
        yield resume => {
          for (const name of ['first', 'second']) {
            host.process.wait(result => {
              answers.push(`${name}: ${told(result)}`);
              if (answers.length === 2) resume();
            });
          }
          input.write('go');
        };
        stage.saw(answers.join(', '));
      },
      *child(host) {
        yield* parentOf(host).input.untilText('go');
        host.process.exit(5);
      },
    },
    expect: { main: ['first: exit 5, second: ECHILD'] },
  }),

  contractCase(SECTION, {
    name: 'wait-not-for-grandchildren',
    purpose: "A grandchild is nobody's to wait for but its parent's; after the parent's death not the grandparent's either.",
    roles: {
      *main(host, stage) {
        const { read, write } = must(host.descriptors.pipe());
        const gate = must(host.descriptors.pipe());
        stage.start('middle', [], { 3: write, 4: gate.read });
        must(host.descriptors.close(write));
        stage.saw((yield* reaped(host)).how);
        stage.saw(told(yield* answerOf(answer => host.process.wait(answer))));
        must(host.descriptors.close(gate.write));
        must(host.descriptors.close(gate.read));
        const reader = attach(host, read, 'read');
        yield* reader.untilClosed();
        stage.saw(reader.history);
      },
      middle(host, stage) {
        stage.start('last', [], { 1: 3, 0: 4 });
        host.process.exit(9);
      },
      *last(host) {
        const { input, output } = parentOf(host);
        yield* input.untilClosed();
        output.write('grandchild goes on');
      },
    },
    expect: { main: ['exit 9', 'ECHILD', '"grandchild goes on" end close'] },
  }),

  contractCase(SECTION, {
    name: 'parent',
    purpose: '`parent` is the pid of the process that spawned this one, and 1 once that has ended.',
    roles: {
      *main(host, stage) {
        const { read, write } = must(host.descriptors.pipe());
        const gate = must(host.descriptors.pipe());
        stage.start('middle', [], { 3: write, 4: gate.read });
        must(host.descriptors.close(write));
        yield* reaped(host);
        must(host.descriptors.close(gate.write));
        yield* attach(host, read, 'read').untilClosed();
      },
      *middle(host, stage) {
        const { read, write } = must(host.descriptors.pipe());
        const pid = stage.start('last', [String(host.process.pid)], { 1: write, 0: 4 });
        must(host.descriptors.close(write));
        yield* attach(host, read, 'read').untilText('ready');
        stage.saw(`child is another process: ${pid !== host.process.pid}`);
      },
      *last(host, { saw }) {
        const { input, output } = parentOf(host);
        saw(`parent lives: ${host.process.parent() === Number(host.process.args[0])}`);
        output.write('ready');
        yield* input.untilClosed();
        saw(`parent has ended: ${host.process.parent()}`);
      },
    },
    expect: {
      middle: ['child is another process: true'],
      last: ['parent lives: true', 'parent has ended: 1'],
    },
  }),

  contractCase(SECTION, {
    name: 'kill-zero',
    purpose: 'Signal 0 asks whether a process exists: oneself, a live child and one not yet waited for do; a waited one does not.',
    roles: {
      *main(host, stage) {
        const ask = (pid: number): string => outcome(host.process.kill(pid, 0));
        stage.saw(`self: ${ask(host.process.pid)}`);
        const { pid, output } = converse(host, stage, 'child');
        yield* output.untilText('ready');
        stage.saw(`live: ${ask(pid)}`);
        must(host.process.kill(pid, 'SIGKILL'));
        yield* output.untilClosed();
        yield* pause(host);
        stage.saw(`ended: ${ask(pid)}, a signal to it: ${outcome(host.process.kill(pid, 'SIGTERM'))}`);
        stage.saw((yield* reaped(host)).how);
        stage.saw(`waited for: ${ask(pid)}, a signal to it: ${outcome(host.process.kill(pid, 'SIGTERM'))}`);
        stage.saw(`never was: ${ask(4_194_303)}`);
      },
      *child(host) {
        const { input, output } = parentOf(host);
        output.write('ready');
        yield* input.untilClosed();
      },
    },
    expect: {
      main: [
        'self: ok',
        'live: ok',
        'ended: ok, a signal to it: ok',
        'SIGKILL',
        'waited for: ESRCH, a signal to it: ESRCH',
        'never was: ESRCH',
      ],
    },
  }),

  contractCase(SECTION, {
    name: 'kill-self',
    purpose: 'A process that kills itself by SIGKILL does nothing after the callback, and is reported so.',
    roles: {
      *main(host, stage) {
        stage.start('child');
        stage.saw((yield* reaped(host)).how);
      },
      *child(host, { saw }) {
        must(host.process.kill(host.process.pid, 'SIGKILL'));
        yield* pause(host);
        saw('still here');
      },
    },
    expect: { main: ['SIGKILL'] },
  }),
];

export const programs = programsOf(PROCESSES_END);
