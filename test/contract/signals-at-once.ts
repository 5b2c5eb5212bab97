/**
 * Signals: what happens before a call returns, in which order, and what a new program finds.
 */
import type { Host } from '../../src/host/host.ts';
import type { Signal } from '../../src/host/signal.ts';
import { type ContractCase, contractCase, must, programsOf } from './case.ts';
import { attach, converse, parentOf, pause, reaped } from './kit.ts';

const SECTION = 'signals: at once, and over exec';

const raise = (host: Host, signal: Signal): void => must(host.process.kill(host.process.pid, signal));
const pendingOf = (host: Host): string => host.signals.pending().join(' ') || 'none';

export const SIGNALS_AT_ONCE: readonly ContractCase[] = [
  contractCase(SECTION, {
    name: 'kill-self-at-once',
    purpose: 'A signal to oneself that ends the process does so before `kill` returns.',
    roles: {
      *main(host, stage) {
        stage.start('child');
        stage.saw((yield* reaped(host)).how);
      },
      child(host, { saw }) {
        saw('SIGTERM');
        raise(host, 'SIGTERM');
        saw('kill returned');
      },
    },
    expect: { main: ['SIGTERM'], child: ['SIGTERM'] },
  }),

  ...(['unblock', 'set'] as const).map(how =>
    contractCase(SECTION, {
      name: `mask-${how}-kills-at-once`,
      purpose: `A pending signal that ends the process does so before \`mask\` returns that lets it through: here by ${how}.`,
      roles: {
        *main(host, stage) {
          stage.start('child');
          stage.saw((yield* reaped(host)).how);
        },
        child(host, { saw }) {
          host.signals.mask('block', ['SIGTERM']);
          raise(host, 'SIGTERM');
          saw(`pending ${pendingOf(host)}`);
          host.signals.mask(how, how === 'unblock' ? ['SIGTERM'] : []);
          saw('mask returned');
        },
      },
      expect: { main: ['SIGTERM'], child: ['pending SIGTERM'] },
    }),
  ),

  contractCase(SECTION, {
    name: 'pending-deadly-first',
    purpose: 'Of several signals that become deliverable at once, one that ends the process lets no handler run.',
    roles: {
      *main(host, stage) {
        stage.start('child');
        stage.saw((yield* reaped(host)).how);
      },
      *child(host, { saw }) {
        host.signals.mask('block', ['SIGUSR1', 'SIGTERM']);
        must(host.signals.handle('SIGUSR1', () => saw('handler')));
        raise(host, 'SIGUSR1');
        raise(host, 'SIGTERM');
        host.signals.mask('set', []);
        yield* pause(host);
        saw('survived');
      },
    },
    expect: { main: ['SIGTERM'] },
  }),

  contractCase(SECTION, {
    name: 'pending-lowest-kills',
    purpose: 'Of several pending signals that would end the process the lowest number does.',
    roles: {
      *main(host, stage) {
        stage.start('child');
        stage.saw((yield* reaped(host)).how);
      },
      *child(host) {
        host.signals.mask('block', ['SIGHUP', 'SIGUSR2', 'SIGTERM']);
        for (const signal of ['SIGTERM', 'SIGUSR2', 'SIGHUP'] as const) raise(host, signal);
        host.signals.mask('set', []);
        yield* pause(host);
      },
    },
    expect: { main: ['SIGHUP'] },
  }),

  contractCase(SECTION, {
    name: 'pending-order',
    purpose: 'Handlers of several pending signals run in the order of their numbers, whatever the order in which they were sent.',
    roles: {
      *main(host, { saw }) {
        const signals = ['SIGTERM', 'SIGCHLD', 'SIGUSR1', 'SIGHUP'] as const;
        host.signals.mask('block', signals);
        for (const signal of signals) must(host.signals.handle(signal, () => saw(signal)));
        for (const signal of signals) raise(host, signal);
        host.signals.mask('set', []);
        yield* pause(host);
      },
    },
    expect: { main: ['SIGHUP', 'SIGUSR1', 'SIGTERM', 'SIGCHLD'] },
  }),

  contractCase(SECTION, {
    name: 'stopped-deadly-first',
    purpose: 'A stopped process that was sent a deadly signal dies of it when it is continued; no handler runs before.',
    roles: {
      *main(host, stage) {
        const { pid, output } = converse(host, stage, 'child');
        yield* output.untilText('ready');
        must(host.process.kill(pid, 'SIGSTOP'));
        yield* pause(host);
        for (const signal of ['SIGUSR1', 'SIGTERM', 'SIGCONT'] as const) must(host.process.kill(pid, signal));
        stage.saw((yield* reaped(host)).how);
      },
      *child(host, { saw }) {
        must(host.signals.handle('SIGUSR1', () => saw('handler')));
        const { input, output } = parentOf(host);
        output.write('ready');
        yield* input.untilClosed();
      },
    },
    expect: { main: ['SIGTERM'] },
  }),

  ...(['blocked', 'ignored'] as const).map(way =>
    contractCase(SECTION, {
      name: `continue-though-${way}`,
      purpose: `SIGCONT continues a process that has it ${way}.`,
      roles: {
        *main(host, stage) {
          const { pid, input, output } = converse(host, stage, 'child');
          yield* output.untilText('ready');
          must(host.process.kill(pid, 'SIGSTOP'));
          yield* pause(host);
          must(host.process.kill(pid, 'SIGCONT'));
          input.write('go');
          stage.saw((yield* reaped(host)).how);
        },
        *child(host, { saw }) {
          if (way === 'blocked') host.signals.mask('block', ['SIGCONT']);
          else must(host.signals.handle('SIGCONT', 'ignore'));
          const { input, output } = parentOf(host);
          output.write('ready');
          yield* input.untilText('go');
          yield* pause(host);
          saw(`pending ${pendingOf(host)}`);
        },
      },
      expect: { main: ['exit 0'], child: [`pending ${way === 'blocked' ? 'SIGCONT' : 'none'}`] },
    }),
  ),

  contractCase(SECTION, {
    name: 'default-drops-pending',
    purpose: 'Setting SIGCHLD or SIGCONT back to default, which does nothing with them, drops what is pending; a deadly one stays.',
    roles: {
      *main(host, { saw }) {
        const signals = ['SIGCHLD', 'SIGCONT', 'SIGUSR1'] as const;
        host.signals.mask('block', signals);
        for (const signal of signals) {
          must(host.signals.handle(signal, () => saw(signal)));
          raise(host, signal);
        }
        yield* pause(host);
        saw(`pending ${pendingOf(host)}`);
        for (const signal of signals) must(host.signals.handle(signal, 'default'));
        saw(`pending ${pendingOf(host)}`);
      },
    },
    expect: { main: ['pending SIGUSR1 SIGCHLD SIGCONT', 'pending SIGUSR1'] },
  }),

  contractCase(SECTION, {
    name: 'ignored-but-blocked',
    purpose: 'A signal that is ignored and blocked when it comes is pending all the same, and a handler set later gets it.',
    roles: {
      *main(host, { saw }) {
        must(host.signals.handle('SIGUSR1', 'ignore'));
        host.signals.mask('block', ['SIGUSR1']);
        raise(host, 'SIGUSR1');
        yield* pause(host);
        saw(`pending ${pendingOf(host)}`);
        must(host.signals.handle('SIGUSR1', () => saw('handled')));
        host.signals.mask('set', []);
        yield* pause(host);
        saw(`pending ${pendingOf(host)}`);
      },
    },
    expect: { main: ['pending SIGUSR1', 'handled', 'pending none'] },
  }),

  contractCase(SECTION, {
    name: 'spawn-inherits-sigpipe',
    purpose: 'SIGPIPE that the parent ignores is ignored by its child: a broken pipe is an error there, and no end.',
    roles: {
      *main(host, stage) {
        must(host.signals.handle('SIGPIPE', 'ignore'));
        const { input, output } = converse(host, stage, 'child');
        output.stream.close();
        input.write('go');
        stage.saw((yield* reaped(host)).how);
      },
      *child(host, { saw }) {
        yield* attach(host, 0, 'read').untilText('go');
        const output = attach(host, 1, 'write');
        output.write('x');
        yield* output.untilClosed();
        saw(output.history);
      },
    },
    expect: { main: ['exit 0'], child: ['close EPIPE'] },
  }),

  contractCase(SECTION, {
    name: 'exec-pending-kills',
    purpose: 'A pending signal whose handler `exec` took away finds the default action when the new program lets it through.',
    roles: {
      *main(host, stage) {
        stage.start('before');
        stage.saw((yield* reaped(host)).how);
      },
      before(host, stage) {
        host.signals.mask('block', ['SIGUSR2']);
        must(host.signals.handle('SIGUSR2', () => stage.saw('handler of the old program')));
        raise(host, 'SIGUSR2');
        host.process.exec(stage.program('after'), []);
      },
      after(host, { saw }) {
        saw(`pending ${pendingOf(host)}`);
        host.signals.mask('unblock', ['SIGUSR2']);
        saw('mask returned');
      },
    },
    expect: { main: ['SIGUSR2'], after: ['pending SIGUSR2'] },
  }),
];

export const programs = programsOf(SIGNALS_AT_ONCE);
