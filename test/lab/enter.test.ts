/** The laboratory itself: what is in it, how it passes on signals and ends, and that nothing of it is left. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { command, ROOT } from '../support/slipway.ts';
import { directory, ENTER, inLab, script } from './lab.ts';

const PEER = join(ROOT, 'lab/peer');

/** Commands of processes, of this machine, that have the text among their arguments. */
function running(text: string): readonly string[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0');
        return words.includes(text) ? [words.join(' ')] : [];
      } catch {
        return [];
      }
    });
}

/** A number of seconds to sleep that no other process sleeps: what it is found by. */
let last = 100_000 + (process.pid % 10_000) * 10;
const mark = (): string => String(++last);

async function said(child: ChildProcess, text: string): Promise<void> {
  let heard = '';
  for await (const chunk of child.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    heard += chunk;
    if (heard.includes(text)) return;
  }
  throw new Error(`it never said ${text}, but ${heard}`);
}

function start(...words: readonly string[]): ChildProcess {
  const child = spawn(ENTER, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

inLab('the laboratory', () => {
  it('has two computers with names, a wire between them, and nothing else', async () => {
    const out = await script(
      directory(),
      `hostname; ip -br -4 address; lab/peer hostname; lab/peer ip -br -4 address; lab/peer --name=n.example.org hostname
      ls /sys/class/net; lab/peer ls /sys/class/net; ip -4 route
      (exec 3<>/dev/udp/10.77.0.2/9); ls /run`,
    );
    expect(out.replace(/ +$/gm, '').replace(/ +/g, ' ').split('\n')).toEqual([
      'tester',
      'lo UNKNOWN 127.0.0.1/8',
      'lan0@if12 UP 10.77.0.1/24',
      'peer',
      'lo UNKNOWN 127.0.0.1/8',
      'lan0@if11 UP 10.77.0.2/24',
      'n.example.org',
      ...['lan0', 'lo', 'lan0', 'lo'],
      '10.77.0.0/24 dev lan0 proto kernel scope link src 10.77.0.1',
      ...['mount', 'netns', ''],
    ]);
  });

  it('ends as the command does', async () => {
    const ends = async (...words: string[]): Promise<number | null> => (await command(ENTER, words)).code;
    expect(await Promise.all([ends('true'), ends('sh', '-c', 'exit 7'), ends(PEER, 'sh', '-c', 'exit 8')])).toEqual([0, 7, 8]);
    expect(await ends(PEER, 'sh', '-c', 'kill -KILL $$')).toBe(128 + 9);
    expect(await ends('no-such-program')).toBe(127);
  });

  it('says what is wrong with a call', async () => {
    expect(await command(ENTER, [])).toMatchObject({ code: 2, stderr: 'usage: enter COMMAND [ARGUMENT...]\n' });
    const outside = await command(PEER, ['true'], { env: { SLIPWAY_LAB: '' } });
    expect(outside).toMatchObject({ code: 2, stderr: expect.stringContaining('no laboratory around') });
    const nobody = await command(ENTER, [PEER, '--host=nobody', 'true']);
    expect(nobody).toMatchObject({ code: 2, stderr: expect.stringContaining('ip netns add nobody') });
    const daemon = join(ROOT, 'lab/rwhod-debian');
    expect(await command(ENTER, [daemon, '/no/such/spool'])).toMatchObject({ code: 2, stderr: expect.stringContaining('/no/such/spool') });
    expect(await command(ENTER, [daemon, directory(), '-x'])).toMatchObject({ code: 1, stderr: expect.stringContaining('invalid option') });
  });

  it('skips, and says why, where a tool is missing or namespaces are refused', async () => {
    const bare = directory();
    const tools = await command('/bin/bash', [ENTER, 'true'], { env: { PATH: bare } });
    expect(tools).toMatchObject({ code: 77 });
    expect(tools.stderr).toMatch(/^lab: no unshare here: install /m);
    // In a namespace of users that may make no network: its limits are its own.
    const limit = ['unshare', '--user', '--map-root-user', 'sh', '-c'];
    if ((await command('env', [...limit, 'true'])).code !== 0) {
      process.stderr.write('test/lab: no namespaces of users here\n');
      return;
    }
    const refused = await command('env', [...limit, 'echo 0 > /proc/sys/user/max_net_namespaces; exec "$0" true', ENTER]);
    expect(refused).toMatchObject({ code: 77 });
    expect(refused.stderr).toMatch(/^lab: namespaces are forbidden here: unshare: /m);
  });

  it.each(['HUP', 'INT', 'TERM', 'USR1'] as const)('passes SIG%s on to the command, through both computers', async signal => {
    const child = start(PEER, 'bash', '-c', `trap 'echo heard; exit 5' ${signal}; echo ready; while :; do sleep 0.05; done`);
    await said(child, 'ready');
    child.kill(`SIG${signal}`);
    await said(child, 'heard');
    const [code] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode];
    expect(code).toBe(5);
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)('leaves nothing behind after %s, whatever was started', async signal => {
    const seconds = mark();
    const away = `sleep ${seconds} & setsid -f sleep ${seconds}`;
    const child = start(
      'bash',
      '-c',
      `${away}; ${PEER} bash -c '${away}; exec sleep ${seconds}' & sleep 0.3; echo ready; exec sleep ${seconds}`,
    );
    await said(child, 'ready');
    await expect.poll(() => running(seconds).length).toBeGreaterThanOrEqual(6);
    child.kill(signal);
    await once(child, 'exit');
    await expect.poll(() => running(seconds), { timeout: 60_000 }).toEqual([]);
  });

  it('has ended when all is gone that was started on a peer', async () => {
    const away = Array.from({ length: 20 }, () => `setsid -f sleep ${mark()}`).join('; ');
    const out = await script(directory(), `for _ in {1..5}; do lab/peer sh -c '${away}'; pgrep -c sleep || true; done`);
    expect(out).toBe('0\n'.repeat(5));
  });

  it('leaves nothing behind when it is killed while it is made', async () => {
    const seconds = mark();
    for (let delay = 0; delay < 60; delay += 5) {
      const child = start(PEER, 'sleep', seconds);
      await new Promise(resolve => setTimeout(resolve, delay));
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
    await expect.poll(() => running(seconds), { timeout: 60_000 }).toEqual([]);
  });

  it('takes what ran on a peer with it, daemons too, and frees its port at once', async () => {
    const dir = directory();
    const out = await script(
      dir,
      `mkdir $dir/spool
      for signal in KILL TERM KILL; do
        lab/rwhod-debian $dir/spool &
        until_there $dir/spool/whod.peer
        kill -$signal $!
        wait $! && echo 0 || echo $?
        rm $dir/spool/whod.peer
      done
      for _ in {1..100}; do pgrep -x rwhod >/dev/null || break; sleep 0.01; done
      ps -A -o comm=`,
    );
    expect(out.split('\n').filter(line => line !== '')).toEqual(['137', '0', '137', 'cat', 'ps']);
  });

  it('is for ordinary users too, as root of a namespace of theirs', async () => {
    const nobody = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : ['env'];
    const ended = await command(nobody[0] ?? '', [...nobody.slice(1), ENTER, PEER, 'sh', '-c', 'id -u; ip -br -4 address show lan0']);
    if (ended.code === 77) process.stderr.write(`test/lab, as an ordinary user: ${ended.stderr}`);
    else expect(ended.stdout.replace(/ +/g, ' ')).toBe('0\nlan0@if11 UP 10.77.0.2/24 \n');
  });
});
