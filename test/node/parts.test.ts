import { expect, test, vi } from 'vitest';
import { broadcastOf } from '../../src/host/address.ts';
import { instantOf } from '../../src/host/time.ts';
import { Alarm, monotonic } from '../../src/node/clock.ts';
import { hostError } from '../../src/node/errors.ts';
import { logLine } from '../../src/node/log.ts';
import { findExecutable } from '../../src/node/programs.ts';
import { guest } from './arm.ts';

test('an error the contract does not know is EIO, and its own name is not lost', () => {
  expect(hostError({ code: 'ECONNRESET' }, 'read')).toEqual({ code: 'ECONNRESET', call: 'read' });
  expect(hostError({ code: 'ENFILE' }, 'pipe')).toEqual({ code: 'EMFILE', call: 'pipe' });
  expect(hostError({ code: 'EUCLEAN' }, 'read /a')).toEqual({ code: 'EIO', call: 'read /a: EUCLEAN' });
  expect(hostError(new Error('odd'), 'read /a')).toEqual({ code: 'EIO', call: 'read /a: odd' });
});

test('a line of the log begins with the same four members, whatever the fields are called', () => {
  const line = logLine('lonc', 'info', 'opened', { pid: 5, port: 80, log: 'x' });
  expect(line).toBe(`{"log":"opened","severity":"info","program":"lonc","pid":${process.pid},"pid_":5,"port":80,"log_":"x"}`);
});

test.each([
  ['10.1.2.3', '255.255.255.0', '10.1.2.255'],
  ['10.1.2.3', '255.255.240.0', '10.1.15.255'],
  ['10.1.2.3', '255.255.255.254', undefined],
  ['10.1.2.3', '255.255.255.255', undefined],
])('the broadcast address of %s with %s is %s', (address, netmask, broadcast) => {
  expect(broadcastOf(address, netmask)).toBe(broadcast);
});

test('an executable is looked for as execvp does', () => {
  const find = (program: string, path: string): string => {
    const found = findExecutable(program, path);
    return found.ok ? found.value : found.error.code;
  };
  expect(find('sh', '/nowhere:/bin')).toBe('/bin/sh');
  expect(find('/bin/sh', '')).toBe('/bin/sh');
  expect(find('sh', '/nowhere')).toBe('ENOENT');
  expect(find('', '/bin')).toBe('ENOENT');
  expect(find('/etc/passwd', '')).toBe('EACCES');
  expect(find('/etc', '')).toBe('EACCES');
});

test('an alarm does not ring before its time, and not when it was cancelled', async () => {
  const lates: number[] = [];
  const cancelled = new Alarm();
  cancelled.set(instantOf(monotonic() + 2_000), () => lates.push(Number.NaN));
  cancelled.cancel();
  for (let delay = 0; delay < 12_000; delay += 300) {
    const due = instantOf(monotonic() + delay);
    new Alarm().set(due, () => lates.push(monotonic() - due));
  }
  await vi.waitFor(() => expect(lates).toHaveLength(40), 10_000);
  expect(lates.filter(late => !(late >= 0))).toEqual([]);
});

test('a guest that listened for SIGPIPE leaves the program as safe from it as before', async () => {
  const one = guest(host => {
    host.signals.handle('SIGPIPE', () => {});
    host.signals.handle('SIGPIPE', 'default');
  });
  await one.host.close();
  process.kill(process.pid, 'SIGPIPE');
  await new Promise(resolve => setTimeout(resolve, 20));
  expect(process.listenerCount('SIGPIPE')).toBe(1);
});
