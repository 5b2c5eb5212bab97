/**
 * Programs the tests of the real Host start as processes of their own.
 */
import { textOf, utf8 } from '../../src/host/bytes.ts';
import type { Host, Programs, StreamHandler } from '../../src/host/host.ts';
import { millis } from '../../src/host/time.ts';

const IGNORE: StreamHandler = { data() {} };

export const programs: Programs = {
  /** Lives until it is killed, whatever signal is tried first. */
  stubborn(host) {
    for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) host.signals.handle(signal, 'ignore');
  },
  /** Starts another that outlives it, tells its pid on descriptor 1, and ends. */
  parent(host) {
    const child = host.process.spawn('stubborn', []);
    say(host, child.ok ? String(child.value) : child.error.code);
    host.process.exit(0);
  },
  /** Says on descriptor 1 what it reads from the descriptor its argument names. */
  echo(host) {
    const from = Number(host.process.args[0]);
    const attached = host.descriptors.attach(from, 'read', {
      data: bytes => say(host, `${from}: ${textOf(bytes)}`),
      close: () => host.process.exit(0),
    });
    if (!attached.ok) {
      say(host, `${from}: ${attached.error.code}`);
      host.process.exit(1);
    }
  },
  /** Writes to a pipe nobody reads. */
  broken(host) {
    const pipe = host.descriptors.pipe();
    if (!pipe.ok) return;
    const stream = host.descriptors.attach(pipe.value.write, 'write', IGNORE);
    host.descriptors.close(pipe.value.read);
    if (stream.ok) stream.value.write(utf8('x'));
    host.process.exit(0);
  },
  /** Swallows what exit throws, and goes on as if nothing had been. */
  swallower(host) {
    try {
      host.process.exit(3);
    } catch {
      say(host, 'went on');
    }
  },
  thrower() {
    throw new Error('broken on purpose');
  },
  first(host) {
    host.clock.setTimer(millis(1), () => say(host, 'timer of the old image'));
    host.signals.handle('SIGHUP', 'ignore');
    host.signals.handle('SIGTERM', () => {});
    host.process.exec('second', ['of', 'two']);
  },
  second(host) {
    const ignored = host.signals.handle('SIGHUP', 'default');
    const handled = host.signals.handle('SIGTERM', 'default');
    const told = [ignored, handled].map(result => (result.ok ? String(result.value) : result.error.code));
    host.clock.setTimer(millis(20), () => {
      say(host, `second ${host.process.args.join(' ')}, SIGHUP ${told[0]}, SIGTERM ${told[1]}`);
      host.process.exit(4);
    });
  },
};

function say(host: Host, text: string): void {
  const attached = outputs.get(host) ?? host.descriptors.attach(1, 'write', IGNORE);
  outputs.set(host, attached);
  if (attached.ok) attached.value.write(utf8(`${text}\n`));
}

const outputs = new Map<Host, ReturnType<Host['descriptors']['attach']>>();
