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
  /** Instead of LIMIT_MS. */
  readonly limitMillis?: number;
  /** Sent once the command listens to it, and `once` is true. */
  readonly interrupt?: { readonly signal: NodeJS.Signals; readonly once?: () => boolean };
  readonly env?: Readonly<Record<string, string>>;
}

/** Told to Node beside the command: says on standard error which signals it listens to. */
const LISTENING = 'data:text/javascript,process.on("newListener",event=>console.error("listens to",event))';
const POLL_MS = 50;
/** A little less than a test has: what takes two minutes at a load of 20 is slow, and does not hang. */
const LIMIT_MS = 280_000;

export function slipway(args: readonly string[], options: SlipwayOptions = {}): Promise<Ended> {
  return command(process.execPath, [`${ROOT}slipway`, ...args], options);
}

export function command(program: string, args: readonly string[], options: SlipwayOptions = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const { interrupt } = options;
    const telling = interrupt === undefined ? [] : ['--import', LISTENING];
    const child = spawn(program, [...telling, ...args], {
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
    let sent = false;
    const limit = setTimeout(() => child.kill('SIGKILL'), options.limitMillis ?? LIMIT_MS);
    const poll = setInterval(() => {
      if (sent || interrupt === undefined || !stderr.includes(`listens to ${interrupt.signal}\n`) || interrupt.once?.() === false) return;
      sent = true;
      child.kill(interrupt.signal);
    }, POLL_MS);
    child.on('error', reject).on('close', code => {
      clearTimeout(limit);
      clearInterval(poll);
      resolve({ code, stdout, stderr });
    });
  });
}
