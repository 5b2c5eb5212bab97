import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import net from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { textOf, utf8 } from '../../src/host/bytes.ts';
import type { Host, StreamHandler } from '../../src/host/host.ts';
import { millis } from '../../src/host/time.ts';
import { Family } from '../../src/node/family.ts';
import { alive, guest, run, until } from './arm.ts';

const HUNGRY = fileURLToPath(new URL('../../dist/test/node/hungry.js', import.meta.url));
/** For what comes at once, but on a busy machine. */
const LONG = 10_000;
const IGNORE: StreamHandler = { data() {} };
const SIGNALS = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGALRM', 'SIGCHLD'] as const;

test('exit ends the guest and not the test, and no callback comes after it', async () => {
  const seen: string[] = [];
  const one = guest(host => {
    host.clock.setTimer(millis(1), () => seen.push('timer'));
    host.process.kill(host.process.pid, 'SIGCONT');
    try {
      host.process.exit(9);
    } catch {
      seen.push('caught');
    }
    host.clock.setTimer(millis(1), () => seen.push('set after exit'));
    seen.push('still running');
  });
  expect(await one.exited).toEqual({ code: 9 });
  await new Promise(resolve => setTimeout(resolve, 20));
  expect(seen).toEqual(['caught']);
  await one.host.close();
});

test('a daemon that throws is a bug: it is logged with its stack and the status is 70', async () => {
  const one = guest(host => {
    host.clock.setTimer(millis(1), () => {
      throw new Error('broken on purpose');
    });
  });
  expect(await one.exited).toEqual({ code: 70 });
  expect(one.logged).toHaveLength(1);
  expect(one.logged[0]).toMatch(/^critical bug .*broken on purpose.*guest\.test/);
  await one.host.close();
});

test.each([
  ['descriptors', 'ulimit -n 60; exec "$0" "$@"', { pipe: 'EMFILE', connect: 'EMFILE', bind: 'EMFILE', listen: 'EMFILE' }],
  ['room for pipes', 'TMPDIR=/proc/none exec "$0" "$@"', { pipe: 'ENOENT' }],
])('a guest for which there are no more %s hears of it, and the program around it goes on', async (_, limit, refused) => {
  const ended = await run('sh', ['-c', limit, process.execPath, HUNGRY]);
  expect(ended).toMatchObject({ code: 0, errors: '' });
  const { codes, status, left } = JSON.parse(ended.output);
  expect({ status, left }).toEqual({ status: { code: 3 }, left: [] });
  for (const [call, code] of Object.entries(refused)) expect([call, codes[call]]).toEqual([call, expect.arrayContaining([code])]);
  // What one socket cannot be given is an answer.
  expect(codes.ttl).toEqual(expect.arrayContaining(['EINVAL']));
  expect(codes.bug).toBeUndefined();
});

test('what cannot be let go is told as a bug, and everything else is let go', async () => {
  const path = `/tmp/slipway-stuck-${process.pid}`;
  const one = guest(host => {
    for (const name of ['a', 'b']) {
      const at = { transport: 'unix', path: `${path}.${name}` } as const;
      host.network.listen(at, { backlog: 1 }, { opened: () => opened.push(name), accept: () => IGNORE });
    }
  });
  const opened: string[] = [];
  await until(() => opened.length === 2);
  const close = vi.spyOn(net.Server.prototype, 'close').mockImplementationOnce(() => {
    throw new Error('stuck on purpose');
  });
  await one.host.close();
  expect(close).toHaveBeenCalledTimes(2);
  expect(one.logged.join()).toContain('stuck on purpose');
  close.mockRestore();
  for (const name of ['a', 'b']) rmSync(`${path}.${name}`, { force: true });
});

test('a signal without a handler ends the guest only', async () => {
  const one = guest(host => host.process.kill(host.process.pid, 'SIGTERM'));
  expect(await one.exited).toEqual({ signal: 'SIGTERM' });
  await one.host.close();
});

test('close kills children and what they started, also when the children in between have ended', async () => {
  let reaped = false;
  const one = guest(host => {
    host.process.wait(() => {
      reaped = true;
    });
    host.process.spawn('stubborn', []);
    host.process.spawn('parent', []);
    host.process.spawn('sh', ['-c', 'trap "" TERM; sleep 60 & echo $!; wait']);
  });
  await until(() => reaped && one.output().trim().split('\n').length === 2);
  const spawned = one.events.filter(event => event.kind === 'spawn').map(event => Number(event.data?.['child']));
  const grandchildren = one.output().trim().split('\n').map(Number);
  expect(spawned).toHaveLength(3);
  expect(grandchildren.map(alive)).toEqual([true, true]);
  await one.host.close();
  expect([...spawned, ...grandchildren].filter(alive)).toEqual([]);
});

test.skipIf(spawnSync('setsid', ['true']).status !== 0).each([
  ['bears its mark', 'setsid sh -c "echo \\$\\$; exec sleep 60 >/dev/null 2>&1" & exit 0'],
  ['holds a pipe of it', 'env -i setsid sh -c "echo \\$\\$; exec sleep 60" & exit 0'],
  ['had a parent when that was killed', 'env -i setsid sh -c "echo \\$\\$; exec sleep 60 >/dev/null 2>&1" & sleep 60'],
])('close kills what is in another session, and %s', async (_how, script) => {
  let said = '';
  let child = 0;
  const one = guest(host => {
    const pipe = host.descriptors.pipe();
    if (!pipe.ok) throw new Error(pipe.error.code);
    const spawned = host.process.spawn('sh', ['-c', script], { descriptors: { 1: pipe.value.write } });
    if (spawned.ok) child = spawned.value;
    host.descriptors.close(pipe.value.write);
    host.descriptors.attach(pipe.value.read, 'read', { data: bytes => (said += textOf(bytes)) });
  });
  await until(() => said.endsWith('\n'));
  if (script.endsWith('exit 0')) await until(() => !alive(child));
  else one.host.host.process.kill(child, 'SIGKILL');
  await until(() => !alive(child));
  expect(alive(Number(said))).toBe(true);
  await one.host.close();
  expect(alive(Number(said))).toBe(false);
});

test('close names what it cannot kill', async () => {
  const one = guest(host => void host.process.spawn('parent', []));
  await until(() => one.output().endsWith('\n'));
  const grandchild = Number(one.output());
  const kill = process.kill.bind(process);
  // As if it belonged to another user.
  const refusing = vi.spyOn(process, 'kill').mockImplementation((pid, signal) => {
    if (signal === 'SIGKILL') throw Object.assign(new Error('kill'), { code: 'EPERM' });
    return kill(pid, signal);
  });
  expect(await one.host.close()).toEqual([grandchild]);
  refusing.mockRestore();
  expect(alive(grandchild)).toBe(true);
  expect(await one.host.close()).toEqual([]);
  expect(alive(grandchild)).toBe(false);
});

test('a guest within the child of a guest bears both marks', () => {
  vi.stubEnv('SLIPWAY_GUEST', 'outer.1.');
  const family = new Family();
  expect(family.variables()).toEqual({ SLIPWAY_GUEST: `outer.1.${family.mark}` });
  expect(new Family().mark).not.toBe(family.mark);
  family.release();
  vi.unstubAllEnvs();
});

test('close leaves no descriptor, no listener for signals, and calls nothing any more', async () => {
  await guestWithEverything().then(one => one.host.close()); // whatever Node opens once for all is open now
  const descriptors = readdirSync('/proc/self/fd').length;
  const listeners = SIGNALS.map(signal => process.listenerCount(signal));
  const one = await guestWithEverything();
  expect(SIGNALS.map(signal => process.listenerCount(signal))).toEqual(listeners.map(count => count + 1));
  await one.host.close();
  await vi.waitFor(() => expect(readdirSync('/proc/self/fd').length).toBe(descriptors), LONG);
  expect(SIGNALS.map(signal => process.listenerCount(signal))).toEqual(listeners);
  const last = one.events.length;
  await new Promise(resolve => setTimeout(resolve, 30));
  expect(one.events.length).toBe(last);
});

/** A guest that holds one of each: timer, listener, connection, datagram socket, pipe, child, signals. */
async function guestWithEverything(): Promise<ReturnType<typeof guest>> {
  let connected = false;
  const one = guest(host => {
    for (const signal of SIGNALS) host.signals.handle(signal, () => {});
    host.clock.setTimer(millis(10_000), () => {});
    host.signals.alarm(millis(10_000));
    const pipe = host.descriptors.pipe();
    host.descriptors.pipe();
    if (pipe.ok) host.descriptors.attach(pipe.value.read, 'read', IGNORE);
    host.process.spawn('sleep', ['60']);
    host.network.bind({ address: '127.0.0.1', port: 0 }, {}, { opened() {}, message() {} });
    loopback(host, () => {
      connected = true;
    });
  });
  await until(() => connected);
  return one;
}

function loopback(host: Host, connected: () => void): void {
  host.network.listen(
    { transport: 'tcp', address: '127.0.0.1', port: 0 },
    { backlog: 1 },
    {
      opened(listener) {
        if (!listener.ok) return;
        host.network.connect(listener.value.local, {}, stream => {
          connected();
          if (stream.ok) stream.value.write(utf8('hello'));
          return IGNORE;
        });
      },
      accept: () => IGNORE,
    },
  );
}

test('what was being opened when the guest ended is not opened', async () => {
  const descriptors = readdirSync('/proc/self/fd').length;
  const one = guest(host => {
    loopback(host, () => {});
    host.network.connect({ transport: 'tcp', address: '127.0.0.1', port: 9 }, {}, () => IGNORE);
    host.network.bind({ address: '127.0.0.1', port: 0 }, {}, { opened() {}, message() {} });
    host.process.exit(0);
  });
  await one.exited;
  // What is opened late would be there by now.
  await new Promise(resolve => setTimeout(resolve, 20));
  await vi.waitFor(() => expect(readdirSync('/proc/self/fd').length).toBe(descriptors), LONG);
  await one.host.close();
});

test('exec swaps the image in the same process: old callbacks and handlers are gone, ignored signals stay', async () => {
  const seen: string[] = [];
  const one = guest(host => {
    const pipe = host.descriptors.pipe();
    if (!pipe.ok) throw new Error(pipe.error.code);
    const { read, write } = pipe.value;
    host.process.spawn('first', [], { descriptors: { 1: write } });
    host.descriptors.close(write);
    host.descriptors.attach(read, 'read', { data: bytes => seen.push(textOf(bytes)) });
    host.process.wait(result => host.process.exit(result.ok && 'code' in result.value.status ? result.value.status.code : 1));
  });
  expect(await one.exited).toEqual({ code: 4 });
  expect(seen.join('')).toBe('second of two, SIGHUP ignore, SIGTERM default\n');
  await one.host.close();
});

test('every crossing is observed, and both ends of a connection name its directions alike', async () => {
  const one = guest(host => loopback(host, () => host.clock.setTimer(millis(30), () => host.process.exit(0))));
  await one.exited;
  const shown = one.events.map(event => [event.kind, event.channel, event.bytes && textOf(event.bytes)].filter(Boolean).join(' '));
  const [open, accept] = [shown.filter(text => text.startsWith('open')), shown.filter(text => text.startsWith('accept'))];
  expect([...open, ...accept].map(text => text.slice(-1)).sort()).toEqual(['<', '>']);
  expect(shown.filter(text => !/^(open|accept) /.test(text))).toEqual([
    'start',
    'listen',
    'connect',
    expect.stringMatching(/^timer$/),
    expect.stringMatching(/^send tcp\d> hello$/),
    expect.stringMatching(/^recv tcp\d> hello$/),
    'fire',
    'exit',
  ]);
  await one.host.close();
});
