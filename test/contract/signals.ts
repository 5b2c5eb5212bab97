/**
 * Signals: dispositions and masks.
 */
import type { Host } from '../../src/host/host.ts';
import type { Signal } from '../../src/host/signal.ts';
import { type ContractCase, contractCase, must, programsOf } from './case.ts';
import { converse, parentOf, pause, reaped } from './kit.ts';

const SECTION = 'signals';

const listed = (signals: readonly Signal[]): string => [...signals].sort((left, right) => (left < right ? -1 : 1)).join(' ') || 'none';
const raise = (host: Host, signal: Signal): void => must(host.process.kill(host.process.pid, signal));

export const SIGNALS: readonly ContractCase[] = [
  contractCase(SECTION, {
    name: 'signal-handler',
    purpose: 'A handler runs, in a callback of its own, each time its signal comes; from another process and from oneself.',
    roles: {
      *main(host, stage) {
        const child = converse(host, stage, 'child');
        yield* child.output.untilText('ready');
        must(host.process.kill(child.pid, 'SIGUSR1'));
        yield* child.output.untilText('ready1');
        must(host.process.kill(child.pid, 'SIGUSR1'));
        yield* child.output.untilText('ready12');
        child.input.write('go');
        stage.saw((yield* reaped(host)).how);
      },
      *child(host, { saw }) {
        const { input, output } = parentOf(host);
        let count = 0;
        must(host.signals.handle('SIGUSR1', () => void output.write(`${++count}`)));
        output.write('ready');
        yield* input.untilText('go');
        let inside = true;
        must(host.signals.handle('SIGUSR2', () => saw(`inside the call: ${inside}`)));
        raise(host, 'SIGUSR2');
        inside = false;
        yield* pause(host);
        saw(`SIGUSR1: ${count}`);
      },
    },
    expect: { main: ['exit 0'], child: ['inside the call: false', 'SIGUSR1: 2'] },
  }),

  contractCase(SECTION, {
    name: 'signal-ignore',
    purpose: 'An ignored signal does nothing, now or later.',
    roles: {
      *main(host, { saw }) {
        must(host.signals.handle('SIGTERM', 'ignore'));
        raise(host, 'SIGTERM');
        yield* pause(host);
        must(host.signals.handle('SIGTERM', () => saw('late')));
        yield* pause(host);
        saw(`survived, pending ${listed(host.signals.pending())}`);
      },
    },
    expect: { main: ['survived, pending none'] },
  }),

  contractCase(SECTION, {
    name: 'signal-default-again',
    purpose: 'A handler that is taken back leaves the default action.',
    roles: {
      *main(host, stage) {
        stage.start('child');
        stage.saw((yield* reaped(host)).how);
      },
      *child(host, { saw }) {
        must(host.signals.handle('SIGTERM', () => saw('handled')));
        raise(host, 'SIGTERM');
        yield* pause(host);
        must(host.signals.handle('SIGTERM', 'default'));
        raise(host, 'SIGTERM');
        yield* pause(host);
        saw('survived');
      },
    },
    expect: { main: ['SIGTERM'], child: ['handled'] },
  }),

  contractCase(SECTION, {
    name: 'signal-harmless',
    purpose: 'SIGCHLD and SIGCONT do nothing by default.',
    roles: {
      *main(host, { saw }) {
        raise(host, 'SIGCHLD');
        raise(host, 'SIGCONT');
        yield* pause(host);
        saw('survived');
      },
    },
    expect: { main: ['survived'] },
  }),

  contractCase(SECTION, {
    name: 'signal-previous',
    purpose: '`handle` returns what was there before; SIGKILL and SIGSTOP are EINVAL.',
    roles: {
      main(host, { saw }) {
        const handler = (): void => saw('called');
        const before = (disposition: 'default' | 'ignore' | (() => void), signal: Signal = 'SIGUSR1'): string => {
          const result = host.signals.handle(signal, disposition);
          if (!result.ok) return result.error.code;
          return result.value === handler ? 'the handler' : String(result.value);
        };
        saw([before(handler), before('ignore'), before('default'), before(handler), before('default')].join(', '));
        saw(`SIGKILL: ${before('ignore', 'SIGKILL')}, SIGSTOP: ${before(handler, 'SIGSTOP')}, SIGPIPE: ${before('ignore', 'SIGPIPE')}`);
        host.process.exit(0);
      },
    },
    expect: { main: ['default, the handler, ignore, default, the handler', 'SIGKILL: EINVAL, SIGSTOP: EINVAL, SIGPIPE: default'] },
  }),

  contractCase(SECTION, {
    name: 'mask-pending-once',
    purpose: 'A blocked signal stays pending, once however often it was sent, and is delivered when unblocked.',
    roles: {
      *main(host, { saw }) {
        let count = 0;
        must(host.signals.handle('SIGUSR1', () => void count++));
        host.signals.mask('block', ['SIGUSR1']);
        raise(host, 'SIGUSR1');
        raise(host, 'SIGUSR1');
        yield* pause(host);
        saw(`blocked: pending ${listed(host.signals.pending())}, came ${count}`);
        host.signals.mask('unblock', ['SIGUSR1']);
        saw(`inside the call: came ${count}`);
        yield* pause(host);
        saw(`unblocked: pending ${listed(host.signals.pending())}, came ${count}`);
      },
    },
    expect: { main: ['blocked: pending SIGUSR1, came 0', 'inside the call: came 0', 'unblocked: pending none, came 1'] },
  }),

  contractCase(SECTION, {
    name: 'mask-from-outside',
    purpose: 'A signal another process sends stays pending while blocked, and then does what it does by default.',
    roles: {
      *main(host, stage) {
        const { pid, input, output } = converse(host, stage, 'child');
        yield* output.untilText('ready');
        must(host.process.kill(pid, 'SIGTERM'));
        must(host.process.kill(pid, 'SIGTERM'));
        yield* pause(host);
        input.write('go');
        stage.saw((yield* reaped(host)).how);
      },
      *child(host, { saw }) {
        const { input, output } = parentOf(host);
        host.signals.mask('block', ['SIGTERM']);
        output.write('ready');
        yield* input.untilText('go');
        saw(`pending ${listed(host.signals.pending())}`);
        host.signals.mask('set', []);
        yield* pause(host);
        saw('survived');
      },
    },
    expect: { main: ['SIGTERM'], child: ['pending SIGTERM'] },
  }),

  contractCase(SECTION, {
    name: 'mask-returns-old',
    purpose: '`mask` returns the old mask: block adds, unblock takes away, set replaces; SIGKILL and SIGSTOP are never in it.',
    roles: {
      main(host, { saw }) {
        const steps = [
          host.signals.mask('block', ['SIGUSR1']),
          host.signals.mask('block', ['SIGTERM', 'SIGUSR1', 'SIGKILL', 'SIGSTOP']),
          host.signals.mask('unblock', ['SIGUSR1', 'SIGINT']),
          host.signals.mask('set', ['SIGHUP']),
          host.signals.mask('block', []),
        ];
        saw(`${steps.map(listed).join(', ')}`);
        host.process.exit(0);
      },
    },
    expect: { main: ['none, SIGUSR1, SIGTERM SIGUSR1, SIGTERM, SIGHUP'] },
  }),

  contractCase(SECTION, {
    name: 'mask-does-not-stop-kill',
    purpose: 'SIGKILL kills though it was asked to be blocked, and though everything is ignored.',
    roles: {
      *main(host, stage) {
        stage.start('child');
        stage.saw((yield* reaped(host)).how);
      },
      *child(host, { saw }) {
        host.signals.mask('block', ['SIGKILL', 'SIGTERM']);
        raise(host, 'SIGKILL');
        yield* pause(host);
        saw('survived');
      },
    },
    expect: { main: ['SIGKILL'] },
  }),

  contractCase(SECTION, {
    name: 'ignore-drops-pending',
    purpose: 'Ignoring a pending signal drops it (POSIX 2.4.3).',
    roles: {
      *main(host, { saw }) {
        host.signals.mask('block', ['SIGUSR1']);
        raise(host, 'SIGUSR1');
        yield* pause(host);
        saw(`pending ${listed(host.signals.pending())}`);
        must(host.signals.handle('SIGUSR1', 'ignore'));
        saw(`pending ${listed(host.signals.pending())}`);
        must(host.signals.handle('SIGUSR1', () => saw('came')));
        host.signals.mask('set', []);
        yield* pause(host);
        saw('end');
      },
    },
    expect: { main: ['pending SIGUSR1', 'pending none', 'end'] },
  }),

  contractCase(SECTION, {
    name: 'spawn-inherits-signals',
    purpose: 'A child inherits the mask and what is ignored, not the handlers and not what is pending.',
    roles: {
      *main(host, stage) {
        host.signals.mask('block', ['SIGUSR1', 'SIGHUP']);
        must(host.signals.handle('SIGTERM', 'ignore'));
        must(host.signals.handle('SIGUSR2', () => stage.saw('handler of the parent')));
        raise(host, 'SIGHUP');
        const { pid, output } = converse(host, stage, 'child');
        yield* output.untilText('ready');
        must(host.process.kill(pid, 'SIGTERM'));
        must(host.process.kill(pid, 'SIGUSR1'));
        yield* output.until(end => end.text === 'readygo on');
        must(host.process.kill(pid, 'SIGUSR2'));
        stage.saw((yield* reaped(host)).how);
      },
      *child(host, { saw }) {
        const { input, output } = parentOf(host);
        saw(`mask ${listed(host.signals.mask('block', []))}, pending ${listed(host.signals.pending())}`);
        output.write('ready');
        while (host.signals.pending().length === 0) yield* pause(host);
        saw(`pending ${listed(host.signals.pending())}`);
        output.write('go on');
        yield* input.untilClosed();
      },
    },
    expect: { main: ['SIGUSR2'], child: ['mask SIGHUP SIGUSR1, pending none', 'pending SIGUSR1'] },
  }),
];

export const programs = programsOf(SIGNALS);
