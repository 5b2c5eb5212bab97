/**
 * SIGCHLD, and what is left of a child that has ended: wait(2), sigaction(2), execve(2).
 */
import type { Host } from '../../src/host/host.ts';
import { type Duration, millis } from '../../src/host/time.ts';
import { type ContractCase, contractCase, must, programsOf, type Role, type Stage } from './case.ts';
import { attach, type Child, converse, outcome, parentOf, pause, reaped, waited } from './kit.ts';
import type { Story } from './story.ts';

const SECTION = 'signals: SIGCHLD and what is left of children';
/** Between two looks at what nobody tells. */
const GLANCE: Duration = millis(10);

/** A child that ends with the status it was given, when told to. */
const obedient: Role = function* (host) {
  const { input, output } = parentOf(host);
  output.write('ready');
  yield* input.untilText('go');
  host.process.exit(Number(host.process.args[0]));
};

/** Starts one; it is there and obeys when this returns. */
function* hired(host: Host, stage: Stage, status: string): Story<Child> {
  const child = converse(host, stage, 'child', [status]);
  yield* child.output.untilText('ready');
  return child;
}

/** Tells a child to end, and waits until it has and every Host may know. */
function* dismiss(host: Host, child: Child): Story<void> {
  child.input.write('go');
  yield* child.output.untilClosed();
  yield* pause(host);
  yield* pause(host);
}

const exists = (host: Host, { pid }: Child): string => outcome(host.process.kill(pid, 0));
const pendingOf = (host: Host): string => host.signals.pending().join(' ') || 'none';

/** Counts what comes of SIGCHLD. */
function counting(host: Host): { readonly count: number; until(count: number): Story<void> } {
  const seen = {
    count: 0,
    *until(count: number): Story<void> {
      while (seen.count < count) yield* pause(host, GLANCE);
    },
  };
  must(host.signals.handle('SIGCHLD', () => void seen.count++));
  return seen;
}

export const SIGNALS_CHILD: readonly ContractCase[] = [
  contractCase(SECTION, {
    name: 'sigchld-ignored-no-zombie',
    purpose: 'A child that ends while SIGCHLD is ignored leaves nothing: its pid is gone, and there is nobody to wait for.',
    roles: {
      *main(host, stage) {
        must(host.signals.handle('SIGCHLD', 'ignore'));
        const child = yield* hired(host, stage, '3');
        stage.saw(`alive: ${exists(host, child)}`);
        yield* dismiss(host, child);
        stage.saw(`ended: ${exists(host, child)}, wait: ${yield* waited(host)}`);
      },
      child: obedient,
    },
    expect: { main: ['alive: ok', 'ended: ESRCH, wait: ECHILD'] },
  }),

  contractCase(SECTION, {
    name: 'sigchld-ignored-wait-for-all',
    purpose: 'With SIGCHLD ignored a wait is answered when the last child has ended, by ECHILD.',
    roles: {
      *main(host, stage) {
        must(host.signals.handle('SIGCHLD', 'ignore'));
        const one = yield* hired(host, stage, '1');
        const two = yield* hired(host, stage, '2');
        let answer = 'nothing';
        host.process.wait(result => {
          answer = outcome(result);
        });
        yield* dismiss(host, one);
        stage.saw(`one has ended: ${answer}`);
        yield* dismiss(host, two);
        while (answer === 'nothing') yield* pause(host, GLANCE);
        stage.saw(`both have: ${answer}`);
      },
      child: obedient,
    },
    expect: { main: ['one has ended: nothing', 'both have: ECHILD'] },
  }),

  contractCase(SECTION, {
    name: 'sigchld-ignored-too-late',
    purpose: 'To ignore SIGCHLD takes no zombie away that was there before.',
    roles: {
      *main(host, stage) {
        const early = yield* hired(host, stage, '4');
        const late = yield* hired(host, stage, '5');
        yield* dismiss(host, early);
        must(host.signals.handle('SIGCHLD', 'ignore'));
        yield* dismiss(host, late);
        stage.saw(`early: ${exists(host, early)}, late: ${exists(host, late)}`);
        stage.saw(`${yield* waited(host)}, ${yield* waited(host)}`);
      },
      child: obedient,
    },
    expect: { main: ['early: ok, late: ESRCH', 'exit 4, ECHILD'] },
  }),

  contractCase(SECTION, {
    name: 'sigchld-default-again',
    purpose: 'What SIGCHLD does when the child ends decides, not what it did when the child was started.',
    roles: {
      *main(host, stage) {
        must(host.signals.handle('SIGCHLD', 'ignore'));
        const child = yield* hired(host, stage, '6');
        must(host.signals.handle('SIGCHLD', 'default'));
        yield* dismiss(host, child);
        stage.saw(`${exists(host, child)}, ${yield* waited(host)}`);
      },
      child: obedient,
    },
    expect: { main: ['ok, exit 6'] },
  }),

  contractCase(SECTION, {
    name: 'sigchld-ignored-and-blocked',
    purpose: 'Ignored and blocked, the end of a child leaves no SIGCHLD pending; one that somebody sends is.',
    roles: {
      *main(host, stage) {
        must(host.signals.handle('SIGCHLD', 'ignore'));
        host.signals.mask('block', ['SIGCHLD']);
        const child = yield* hired(host, stage, '3');
        yield* dismiss(host, child);
        stage.saw(`ended: ${exists(host, child)}, pending ${pendingOf(host)}`);
        must(host.process.kill(host.process.pid, 'SIGCHLD'));
        yield* pause(host);
        stage.saw(`sent: pending ${pendingOf(host)}`);
      },
      child: obedient,
    },
    expect: { main: ['ended: ESRCH, pending none', 'sent: pending SIGCHLD'] },
  }),

  ...(['spawn', 'exec'] as const).map(way =>
    contractCase(SECTION, {
      name: `sigchld-ignored-over-${way}`,
      purpose: `SIGCHLD that is ignored stays so over ${way}: the new program has no zombies either.`,
      roles: {
        *main(host, stage) {
          stage.start('before');
          stage.saw((yield* reaped(host)).how);
        },
        *before(host, stage) {
          must(host.signals.handle('SIGCHLD', 'ignore'));
          if (way === 'exec') host.process.exec(stage.program('after'), []);
          stage.start('after');
          stage.saw(yield* waited(host));
        },
        *after(host, stage) {
          const child = yield* hired(host, stage, '7');
          yield* dismiss(host, child);
          stage.saw(`${exists(host, child)}, ${yield* waited(host)}`);
        },
        child: obedient,
      },
      expect: { main: ['exit 0'], after: ['ESRCH, ECHILD'], ...(way === 'spawn' ? { before: ['ECHILD'] } : {}) },
    }),
  ),

  contractCase(SECTION, {
    name: 'sigchld-blocked',
    purpose:
      'A blocked SIGCHLD is pending though it would do nothing, stays so when the child has been waited for, and a handler set later gets it.',
    roles: {
      *main(host, stage) {
        host.signals.mask('block', ['SIGCHLD']);
        const child = yield* hired(host, stage, '3');
        stage.saw(`alive: ${pendingOf(host)}`);
        yield* dismiss(host, child);
        stage.saw(`ended: ${pendingOf(host)}`);
        stage.saw(`${yield* waited(host)}: ${pendingOf(host)}`);
        const came = counting(host);
        host.signals.mask('unblock', ['SIGCHLD']);
        yield* came.until(1);
        stage.saw(`came ${came.count}`);
      },
      child: obedient,
    },
    expect: { main: ['alive: none', 'ended: SIGCHLD', 'exit 3: SIGCHLD', 'came 1'] },
  }),

  contractCase(SECTION, {
    name: 'sigchld-once-for-two',
    purpose: 'Two children that end while SIGCHLD is blocked are one SIGCHLD, and two to wait for.',
    roles: {
      *main(host, stage) {
        const came = counting(host);
        const one = yield* hired(host, stage, '1');
        const two = yield* hired(host, stage, '2');
        host.signals.mask('block', ['SIGCHLD']);
        yield* dismiss(host, one);
        yield* dismiss(host, two);
        host.signals.mask('unblock', ['SIGCHLD']);
        yield* pause(host);
        stage.saw(`came ${came.count}: ${yield* waited(host)}, ${yield* waited(host)}, ${yield* waited(host)}`);
      },
      child: obedient,
    },
    expect: { main: ['came 1: exit 1, exit 2, ECHILD'] },
  }),

  contractCase(SECTION, {
    name: 'sigchld-while-stopped',
    purpose: 'Children that end while their parent is stopped are one SIGCHLD when it goes on.',
    roles: {
      *main(host, stage) {
        const gates = [must(host.descriptors.pipe()), must(host.descriptors.pipe())] as const;
        const parent = converse(host, stage, 'parent', [], { 4: gates[0].read, 5: gates[1].read });
        for (const { read } of gates) must(host.descriptors.close(read));
        yield* parent.output.untilText('ready');
        must(host.process.kill(parent.pid, 'SIGSTOP'));
        yield* pause(host);
        for (const { write } of gates) must(host.descriptors.close(write));
        yield* pause(host);
        yield* pause(host);
        yield* pause(host);
        must(host.process.kill(parent.pid, 'SIGCONT'));
        stage.saw((yield* reaped(host)).how);
      },
      *parent(host, stage) {
        for (const [status, gate] of [
          ['1', 4],
          ['2', 5],
        ] as const) {
          const child = converse(host, stage, 'child', [status], { 0: gate });
          must(host.descriptors.close(gate));
          yield* child.output.untilText('ready');
        }
        const came = counting(host);
        attach(host, 1, 'write').write('ready');
        yield* came.until(1);
        yield* pause(host);
        yield* pause(host);
        stage.saw(`came ${came.count}: ${yield* waited(host)}, ${yield* waited(host)}`);
      },
      *child(host) {
        const { input, output } = parentOf(host);
        output.write('ready');
        yield* input.untilClosed();
        host.process.exit(Number(host.process.args[0]));
      },
    },
    expect: { main: ['exit 0'], parent: ['came 1: exit 1, exit 2'] },
  }),

  contractCase(SECTION, {
    name: 'sigchld-of-a-stop',
    purpose: 'SIGCHLD comes also when a child stops and when it is continued, once each, and not when nothing changes.',
    roles: {
      *main(host, stage) {
        const child = yield* hired(host, stage, '0');
        const came = counting(host);
        const after = function* (signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL', count: number): Story<void> {
          must(host.process.kill(child.pid, signal));
          yield* came.until(count);
          yield* pause(host);
          stage.saw(`${signal}: ${came.count}`);
        };
        yield* after('SIGSTOP', 1);
        yield* after('SIGSTOP', 1);
        yield* after('SIGCONT', 2);
        yield* after('SIGCONT', 2);
        yield* after('SIGSTOP', 3);
        yield* after('SIGKILL', 4);
        stage.saw(`${yield* waited(host)}, ${yield* waited(host)}`);
      },
      child: obedient,
    },
    expect: { main: ['SIGSTOP: 1', 'SIGSTOP: 1', 'SIGCONT: 2', 'SIGCONT: 2', 'SIGSTOP: 3', 'SIGKILL: 4', 'SIGKILL, ECHILD'] },
  }),

  contractCase(SECTION, {
    name: 'sigchld-missed',
    purpose: 'A handler that is set after a child has ended hears nothing of it; the child can be waited for.',
    roles: {
      *main(host, stage) {
        yield* dismiss(host, yield* hired(host, stage, '3'));
        const came = counting(host);
        yield* pause(host);
        stage.saw(`came ${came.count}: ${yield* waited(host)}`);
      },
      child: obedient,
    },
    expect: { main: ['came 0: exit 3'] },
  }),

  contractCase(SECTION, {
    name: 'wait-oldest-first',
    purpose: 'Of several children that have ended already, the one that was started first is waited for first.',
    roles: {
      *main(host, stage) {
        const children: Child[] = [];
        for (const status of ['1', '2', '3']) children.push(yield* hired(host, stage, status));
        for (const child of children.reverse()) yield* dismiss(host, child);
        stage.saw(`${yield* waited(host)}, ${yield* waited(host)}, ${yield* waited(host)}, ${yield* waited(host)}`);
      },
      child: obedient,
    },
    expect: { main: ['exit 1, exit 2, exit 3, ECHILD'] },
  }),

  contractCase(SECTION, {
    name: 'zombie-over-exec',
    purpose: 'A child that ended before `exec` is still to be waited for after it.',
    roles: {
      *main(host, stage) {
        stage.start('before');
        stage.saw((yield* reaped(host)).how);
      },
      *before(host, stage) {
        const child = yield* hired(host, stage, '9');
        yield* dismiss(host, child);
        host.process.exec(stage.program('after'), [String(child.pid)]);
      },
      *after(host, { saw }) {
        const { pid, how } = yield* reaped(host);
        saw(`${how}, that child: ${pid === Number(host.process.args[0])}, ${yield* waited(host)}`);
      },
      child: obedient,
    },
    expect: { main: ['exit 0'], after: ['exit 9, that child: true, ECHILD'] },
  }),

  contractCase(SECTION, {
    name: 'zombie-takes-signals',
    purpose: 'A zombie takes every signal, and none changes how it ended.',
    roles: {
      *main(host, stage) {
        const child = yield* hired(host, stage, '8');
        yield* dismiss(host, child);
        const signals = ['SIGTERM', 'SIGSTOP', 'SIGCONT', 'SIGKILL'] as const;
        stage.saw(signals.map(signal => outcome(host.process.kill(child.pid, signal))).join(' '));
        stage.saw(`${yield* waited(host)}, then ${outcome(host.process.kill(child.pid, 'SIGKILL'))}`);
      },
      child: obedient,
    },
    expect: { main: ['ok ok ok ok', 'exit 8, then ESRCH'] },
  }),

  contractCase(SECTION, {
    name: 'zombie-has-no-children',
    purpose: "A process that has ended is nobody's parent, waited for or not.",
    roles: {
      *main(host, stage) {
        const middle = converse(host, stage, 'middle');
        yield* middle.output.untilText('ready');
        yield* pause(host);
        stage.saw(`a zombie: ${exists(host, middle)}`);
        middle.input.write('go');
        yield* middle.output.untilClosed();
        stage.saw((yield* reaped(host)).how);
      },
      middle(host, stage) {
        stage.start('last', [String(host.process.pid)], { 0: 0, 1: 1 });
        host.process.exit(5);
      },
      *last(host, { saw }) {
        const { input, output } = parentOf(host);
        while (host.process.parent() === Number(host.process.args[0])) yield* pause(host, GLANCE);
        output.write('ready');
        yield* input.untilText('go');
        saw(`parent: ${host.process.parent()}`);
      },
    },
    expect: { main: ['a zombie: ok', 'exit 5'], last: ['parent: 1'] },
  }),
];

export const programs = programsOf(SIGNALS_CHILD);
