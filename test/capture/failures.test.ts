/**
 * A failure of each protocol, captured in the field: a real daemon of ours does what a trap of the published source makes it do, a real tshark or strace
 * sees it, and the capture is replayed. By ours as it was written it is reproduced, by ours corrected it is not, and the story says what was seen and why.
 */

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { CONF, confOf, DIRECTORIES, HOSTS, hostLine } from '../../conformance/lonc/settings.ts';
import { CHALLENGE, CLIENT, KEY_LINE, SERVER, SOCKET } from '../../conformance/lonc/vocabulary.ts';
import { CI, canCapture, canTrace, ended, logged, SLIPWAY, serve, slipway, sniffed, traced } from './live.ts';

const folder = mkdtempSync(join(tmpdir(), 'slipway-failures-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Story {
  readonly file: string;
  readonly role: readonly string[];
  /** What was captured at the decisive step, what ours corrected does there, and the trap. */
  readonly captured: RegExp;
  readonly corrected: RegExp;
  readonly trap: string;
  /** What was agreed before. */
  readonly agreed: readonly string[];
}

/** Both replays of a capture, by their verdicts, exit codes and words. */
function replays({ file, role, captured, corrected, trap, agreed }: Story): void {
  const asked = ['replay', file, '--protocol', ...role];
  const same = slipway(...asked, '--profile', 'as-written');
  expect(same.stderr).toBe('');
  expect(same.stdout).toMatch(/ reproduced: \S+ --profile=as-written does what was captured: /);
  expect(same.stdout).toMatch(new RegExp(`- captured +${captured.source}`));
  expect(same.stdout).toMatch(new RegExp(`\\+ corrected +${corrected.source}`));
  expect(same.status).toBe(0);

  const other = slipway(...asked);
  expect(other.stderr).toBe('');
  expect(other.stdout).toMatch(/ not-reproduced: \S+ does something else at step \d+ of \d+, where the failure was\n/);
  for (const line of agreed) expect(other.stdout).toContain(`agreed        ${line}`);
  expect(other.stdout).toMatch(new RegExp(`- captured +${captured.source}`));
  expect(other.stdout).toMatch(new RegExp(`\\+ played +${corrected.source}`));
  expect(other.stdout).toContain(`    ${trap}: `);
  expect(other.status).toBe(11);
}

/** As soon as somebody listens there: the name is made before that. */
async function connected(path: string): Promise<Socket> {
  for (;;) {
    const socket = connect(path);
    try {
      await once(socket, 'connect');
      return socket;
    } catch {
      await after(50);
    }
  }
}

describe.skipIf(!canCapture && !CI)('seen by tshark', () => {
  test('a server of IKC does not answer SETUP', async () => {
    const file = join(folder, 'ikc.pcapng');
    const server = serve('ikc-server', '--', '--listen=127.0.0.1:0', '--profile=as-written');
    const port = Number(await logged(server, /"address":"127\.0\.0\.1:(\d+)"/));
    await sniffed(file, port, async () => {
      const socket = connect(port, '127.0.0.1', () => socket.write('SETUP KERNEL=x\r\nHELLO\r\n'));
      await once(socket, 'data');
      socket.end();
      await once(socket, 'close');
    });
    server.kill('SIGTERM');
    await ended(server);
    replays({
      file,
      role: ['ikc', '--as', 'server', '--option=--listen={address}'],
      captured: /iam IAM \S+ \(iam, name any\) on a/,
      corrected: /line, text NOT /,
      trap: 'B-T20, setup-unanswered',
      agreed: ['somebody connects: a', 'it is told on a: SETUP KERNEL=x\\r\\nHELLO\\r\\n'],
    });
  });

  test('a server of Rover knows fields by their exact letters', async () => {
    const file = join(folder, 'rover.pcapng');
    const users = join(folder, 'users');
    writeFileSync(users, 'ann s3cret\n');
    mkdirSync(join(folder, 'state'));
    const server = serve('rover', '--', '--listen=127.0.0.1:0', `--state=${folder}/state`, `--users=${users}`, '--profile=as-written');
    const port = Number(await logged(server, /"address":"127\.0\.0\.1:(\d+)"/));
    const body = 'USER=ann&HOST=h&MSGID=1&AUTH=s3cret&COMMAND=IMPORTDATA&OBJECT=Irolo__work';
    await sniffed(file, port, async () => {
      const socket = connect(port, '127.0.0.1', () => socket.write(`POST / HTTP/1.0\r\ncontent-length: ${body.length}\r\n\r\n${body}`));
      socket.resume();
      await once(socket, 'close');
    });
    server.kill('SIGTERM');
    await ended(server);
    replays({
      file,
      role: ['rover', '--as', 'daemon', '--place', `users=${users}`],
      captured: /answer \S+ \(answer, .*status 411.* on a/,
      corrected: /answer, .*status 200/,
      trap: 'RV-26, field-names-exact',
      agreed: ['somebody connects: a', 'it is told on a: POST / HTTP/1.0\\r\\ncontent-length: '],
    });
  });
});

/** A parent of one child, with pipes as in dcrd's own tools: asks it to end once it has said this. 75: the child had no time to say the last. */
const PARENT = `
import os, subprocess, sys
mark, last, command = bytes.fromhex(sys.argv[1]), bytes.fromhex(sys.argv[2]), sys.argv[3:]
events, theirs = os.pipe()
control, ours = os.pipe()
def wire():
    for end, high in (theirs, 103), (control, 104):
        os.dup2(end, high)
    os.dup2(103, 3)
    os.dup2(104, 4)
child = subprocess.Popen(command, pass_fds=(3, 4), preexec_fn=wire)
os.close(theirs)
os.close(control)
said = b''
while mark not in said:
    said += os.read(events, 65536)
os.close(ours)
while more := os.read(events, 65536):
    said += more
status = child.wait()
sys.exit(status if said.endswith(last) else 75)
`;

describe.skipIf(!canTrace && !CI)('seen by strace', () => {
  test('a child of the lifetime protocol sends an id that nobody has defined', async () => {
    const file = join(folder, 'lifetime.log');
    const own = ['--pipetx=3', '--piperx=4', '--lifetimeevents', '--boundaddrevents', '--event=0,255'];
    const child = [process.execPath, SLIPWAY, 'serve', 'lifetime-child', '--', ...own, '--profile=as-written'];
    let status: number | null = 75;
    // A child waits a second for its pipe to be read, which may be too short for a busy machine.
    for (let time = 0; time < 3 && status === 75; time++) {
      const parent = traced(file, 'python3', ['-c', PARENT, '0200000000ff', '020000000200', ...child]);
      await ended(parent);
      status = parent.exitCode;
    }
    expect(status).toBe(0);
    replays({
      file,
      role: ['lifetime', '--as', 'child', ...own.map(each => `--option=${each}`)],
      captured: /lifetimeevent 0 \(lifetimeevent, kind 0, id 255\) on events/,
      corrected: /nothing of it within /,
      trap: 'DC-28, undefined-ids-sent',
      agreed: [
        'it starts with --pipetx=3',
        'it says on events: lifetimeevent, kind 0, id 0; lifetimeevent, kind 0, id 1; p2plistenaddr 127.0.0.1:',
      ],
    });
  });

  test('a server of rwho dies of a name without an end', async () => {
    const file = join(folder, 'rwho.log');
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { port } = socket.address();
    const told = [`--spool=${folder}`, '--address=127.0.0.2', `--port=${port}`, `--neighbour=127.0.0.1:${port}`];
    const quiet = ['--no-broadcast', '--no-point-to-point', '--profile=as-written'];
    const server = traced(file, process.execPath, [SLIPWAY, 'serve', 'rwhod', '--', ...told, ...quiet]);
    // Version 1, type 1, and no NUL for longer than a name or a path has room.
    socket.once('message', (_report, from) =>
      socket.send(Buffer.concat([Buffer.of(1, 1), Buffer.alloc(82, 'A')]), from.port, from.address),
    );
    await ended(server);
    socket.close();
    expect(server.exitCode).toBe(139);
    replays({
      file,
      role: ['rwho', '--as', 'sender'],
      captured: /the implementation ends with status 139/,
      corrected: /nothing of it within .* had not been seen to end by then/,
      trap: 'RW-07, name-unterminated',
      agreed: ['it says on who: report, version 1, type 1', `it is told on who: 0101${'41'.repeat(30)}… 84 bytes`],
    });
  });

  test('a gateway of LON-CAPA hands on what was said to itself', async () => {
    const file = join(folder, 'lonc.log');
    const home = join(folder, 'lonc');
    const answers: Readonly<Record<string, string>> = { init: CHALLENGE, [CHALLENGE]: 'ok', pong: `${SERVER}:${CLIENT}`, ekey: KEY_LINE };
    const lond = createServer(socket => {
      let text = '';
      socket.on('data', bytes => {
        const lines = `${text}${bytes}`.split('\n');
        text = lines.pop() ?? '';
        for (const line of lines) socket.write(`${answers[line] ?? 'unknown_cmd'}\n`);
      });
      socket.on('error', () => {});
    });
    lond.listen(0, '127.0.0.1');
    await once(lond, 'listening');
    for (const path of DIRECTORIES) mkdirSync(join(home, path), { recursive: true });
    const filled = { '{dir}': home, '{port}': String((lond.address() as AddressInfo).port), '{percent}': '100' };
    writeFileSync(
      join(home, CONF),
      confOf(CLIENT).replace(/\{\w+\}/g, name => filled[name as keyof typeof filled]),
    );
    writeFileSync(join(home, HOSTS), hostLine(SERVER));
    const gateway = traced(file, process.execPath, [SLIPWAY, 'serve', 'gateway', '--', `--conf=${home}/${CONF}`, '--profile=as-written']);
    const pid = Number(await logged(gateway, /"program":"gateway","pid":(\d+)/));
    const client = await connected(join(home, SOCKET));
    client.write('close_connection_exit\n');
    expect(String(await once(client, 'data'))).toBe('unknown_cmd\n');
    client.end();
    await once(client, 'close');
    process.kill(pid, 'SIGTERM');
    await ended(gateway);
    lond.close();
    replays({
      file,
      role: ['lonc', '--as', 'local'],
      captured: /line close_connection_exit \(line, text close_connection_exit\) on lond/,
      corrected: /end of file; /,
      trap: 'A-B07, close-request-forwarded',
      agreed: [
        'it says on lond: line ekey',
        `it is told on lond: ${KEY_LINE}\\n`,
        'somebody connects: a',
        'it is told on a: close_connection_exit\\n',
      ],
    });
  });
});
