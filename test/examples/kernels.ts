/**
 * Kernels of IKC as processes, ours among them: a server, which says where it listens before anybody connects to it, and what clients
 * print.
 * Lacks: a kernel that prints something else than a JSON line for each thing that happens.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command, ROOT } from '../support/slipway.ts';

/** A program, and the words that come before the options of each role. */
export interface KernelProgram {
  readonly name: string;
  readonly server: readonly [program: string, ...words: readonly string[]];
  readonly client: readonly [program: string, ...words: readonly string[]];
  /** Why it cannot be started here; undefined when it can. */
  readonly missing: string | undefined;
}

function example(file: string, interpreter: string, needs: readonly string[]): KernelProgram {
  const here = spawnSync(interpreter, needs).status === 0;
  const missing = here ? undefined : `${[interpreter, ...needs].join(' ')} fails: examples/${file} is NOT tested`;
  if (missing !== undefined) process.stderr.write(`${missing}\n`);
  const start = [interpreter, `${ROOT}examples/${file}`] as const;
  return { name: file, server: start, client: start, missing };
}

export const PYTHON: KernelProgram = example('ikc.py', 'python3', ['-c', 'import asyncio']);
export const PERL: KernelProgram = example('ikc.pl', 'perl', ['-MPOE', '-MJSON::PP', '-e', '1']);
export const OURS: KernelProgram = {
  name: 'ours',
  server: [process.execPath, `${ROOT}slipway`, 'serve', 'ikc-server', '--'],
  client: [process.execPath, `${ROOT}slipway`, 'serve', 'ikc-client', '--'],
  missing: undefined,
};
/** Where tests are counted, what is not tested is a failure. */
export const skips = (...programs: readonly KernelProgram[]): boolean =>
  process.env['CI'] === undefined && programs.some(each => each.missing !== undefined);

export type Row = Readonly<Record<string, unknown>>;
export interface Ended {
  readonly code: number | null;
  readonly rows: readonly Row[];
  readonly stderr: string;
}

const rowsOf = (text: string): readonly Row[] => text.split('\n').flatMap(line => (line === '' ? [] : [JSON.parse(line) as Row]));

/** A client's whole life. */
export async function client({ client: start }: KernelProgram, address: string, options: readonly string[]): Promise<Ended> {
  const [program, ...words] = start;
  const { code, stdout, stderr } = await command(program, [...words, `--connect=${address}`, ...options]);
  return { code, rows: rowsOf(stdout), stderr };
}

export interface Server {
  readonly address: string;
  /** Asks it to end, and waits for that. */
  stop(): Promise<Ended>;
}

export class Place {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'slipway-ikc-'));
  readonly #children: ChildProcess[] = [];
  #sockets = 0;

  /** A Unix-domain socket that nobody else has. */
  path(): string {
    this.#sockets++;
    return join(this.folder, `${this.#sockets}.sock`);
  }

  /** Of a kind: where a server is told to listen. */
  address(kind: 'tcp' | 'unix'): string {
    return kind === 'tcp' ? '127.0.0.1:0' : this.path();
  }

  /** Resolves when it listens. */
  server({ server: start }: KernelProgram, address: string, options: readonly string[] = []): Promise<Server> {
    const [program, ...words] = start;
    const child = spawn(program, [...words, `--listen=${address}`, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#children.push(child);
    let stdout = '';
    let stderr = '';
    const ended = new Promise<Ended>(resolve => child.on('close', code => resolve({ code, rows: rowsOf(stdout), stderr })));
    const stop = (): Promise<Ended> => {
      child.kill('SIGTERM');
      return ended;
    };
    return new Promise((resolve, reject) => {
      // It says where it listens in its first line: the examples on their output, ours in its log.
      const begun = (text: string): void => {
        const [first = '', more] = text.split('\n');
        if (more === undefined || !first.startsWith('{')) return;
        const { listening, log, address: logged } = JSON.parse(first) as Record<string, string>;
        const at = listening ?? (log === 'listening' ? logged : undefined);
        if (at !== undefined) resolve({ address: at, stop });
      };
      child.on('error', reject).on('close', code => reject(new Error(`the server ended with ${code}: ${stderr}`)));
      child.stdout.setEncoding('utf8').on('data', text => {
        stdout += text;
        begun(stdout);
      });
      child.stderr.setEncoding('utf8').on('data', text => {
        stderr += text;
        begun(stderr);
      });
    });
  }

  /** Ends what is left. */
  leave(): void {
    for (const child of this.#children) child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true });
  }
}

/** A bare connection: what is written goes as one piece, and all that has come can be waited for. */
export class Wire {
  readonly #socket: Socket;
  #heard = '';
  #waiting: (() => void) | undefined;

  constructor(address: string) {
    const [, host, port] = /^([^/]*):(\d+)$/.exec(address) ?? [];
    this.#socket = host === undefined ? createConnection(address) : createConnection(Number(port), host);
    const wake = (): void => this.#waiting?.();
    this.#socket
      .setEncoding('latin1')
      .on('data', text => {
        this.#heard += text;
        wake();
      })
      .on('error', wake)
      .on('close', wake);
  }

  write(text: string): void {
    this.#socket.write(text, 'latin1');
  }

  /** All that has come so far, once it satisfies this; the tests' own limit ends the wait. */
  async until(enough: (heard: string) => boolean): Promise<string> {
    while (!enough(this.#heard) && !this.#socket.closed) {
      await new Promise<void>(resolve => {
        this.#waiting = resolve;
      });
    }
    return this.#heard;
  }

  end(): void {
    this.#socket.destroy();
  }
}
