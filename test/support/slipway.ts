/** Runs the real command, as a user would, and waits for its end. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const ROOT: string = fileURLToPath(new URL('../../', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface SlipwayOptions {
  readonly cwd?: string;
  /** A signal is sent after so many milliseconds: SIGINT, if no other is named. */
  readonly interruptAfter?: number;
  readonly signal?: NodeJS.Signals;
  readonly env?: Readonly<Record<string, string>>;
}

/** Longer than any command of a test takes on a slow machine. */
const LIMIT_MS = 110_000;

export function slipway(args: readonly string[], options: SlipwayOptions = {}): Promise<Ended> {
  return command(process.execPath, [`${ROOT}slipway`, ...args], options);
}

export function command(program: string, args: readonly string[], options: SlipwayOptions = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd ?? ROOT,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', text => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', text => {
      stderr += text;
    });
    const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
    const interrupt =
      options.interruptAfter === undefined ? undefined : setTimeout(() => child.kill(options.signal ?? 'SIGINT'), options.interruptAfter);
    child.on('error', reject).on('close', code => {
      clearTimeout(limit);
      clearTimeout(interrupt);
      resolve({ code, stdout, stderr });
    });
  });
}
