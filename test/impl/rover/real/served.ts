/** Rover as real processes: started by the command, asked by curl. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from '../../../support/slipway.ts';

type Line = Readonly<Record<string, unknown>> & { readonly log: string };

export class Served {
  readonly child: ChildProcess;
  /** What was logged so far, by all of its processes. */
  readonly lines: Line[] = [];
  /** What else was said on standard error. */
  readonly words: string[] = [];
  readonly #waiting: (() => void)[] = [];

  private constructor(child: ChildProcess) {
    this.child = child;
    if (child.stderr === null) throw new Error('no standard error');
    createInterface({ input: child.stderr }).on('line', line => {
      if (line.startsWith('{')) this.lines.push(JSON.parse(line));
      else this.words.push(line);
      for (const each of this.#waiting.splice(0)) each();
    });
  }

  static start(program: string, args: readonly string[], as: { readonly uid?: number; readonly gid?: number } = {}): Served {
    const words = [`${ROOT}slipway`, 'serve', program, '--', ...args];
    return new Served(spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'pipe'], ...as }));
  }

  logged(slug: string): readonly Line[] {
    return this.lines.filter(({ log }) => log === slug);
  }

  /** The `count`-th line of that kind, when it is there. */
  async line(slug: string, count = 1): Promise<Line> {
    for (;;) {
      const found = this.logged(slug)[count - 1];
      if (found !== undefined) return found;
      await new Promise<void>(resolve => void this.#waiting.push(resolve));
    }
  }

  /** Its exit code, or the signal that ended it. */
  end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string | null> {
    const ended = new Promise<number | string | null>(resolve => void this.child.once('close', (code, by) => resolve(by ?? code)));
    this.child.kill(signal);
    return ended;
  }
}

/** A folder, and a file of users in it. */
export function folder(): { readonly path: string; readonly users: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'slipway-rover-'));
  const users = join(path, 'users');
  writeFileSync(users, 'ann s3cret\nbob b0b\n');
  return { path, users, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** What curl prints of an answer and its header; or its exit status, where there is none. */
export function curl(...args: readonly string[]): Promise<string> {
  return new Promise(resolve => {
    execFile('curl', ['-s', '-S', '-i', '--max-time', '60', ...args], (error, stdout) =>
      resolve(error === null ? stdout : `${stdout}curl ${error.code}`),
    );
  });
}

export const form = (pairs: Readonly<Record<string, string | number>>): readonly string[] =>
  Object.entries(pairs).flatMap(([token, value]) => ['--data-urlencode', `${token}=${value}`]);

/** `STATUS RESULT` and the body; what is to be continued is passed over. */
export function brief(answer: string): string {
  const [head = '', ...body] = answer.replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '').split('\r\n\r\n');
  const [, status] = /^HTTP\/[\d.]+ (\d+)/.exec(head) ?? [];
  const [, result] = /^Rover-Result: (.*?)\r?$/m.exec(head) ?? [];
  return status === undefined ? answer : `${status} ${result} ${body.join('\r\n\r\n')}`.trimEnd();
}
