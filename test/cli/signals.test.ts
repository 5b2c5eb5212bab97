/** Ctrl-C and the other signals, on the real command: it says what was done and what was not, and it always ends. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';
import { slipway as ended, ROOT } from '../support/slipway.ts';

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
}

/** Runs it and does something with it at the first line that has `text` in it. */
function until(words: readonly string[], text: string, act: (child: ChildProcessWithoutNullStreams) => void): Promise<Ended> {
  const child = spawn(process.execPath, words);
  let stdout = '';
  let acted = false;
  child.stdout.on('data', chunk => {
    stdout += String(chunk);
  });
  createInterface({ input: child.stdout }).on('line', line => {
    if (acted || !line.includes(text)) return;
    acted = true;
    act(child);
  });
  child.stderr.resume();
  return new Promise(resolve => child.on('close', (code, signal) => resolve({ code, signal, stdout })));
}

const slipway = (line: string): readonly string[] => [`${ROOT}slipway`, ...line.split(' ')];
const interrupt = (child: ChildProcessWithoutNullStreams): boolean => child.kill('SIGINT');

describe('Ctrl-C', () => {
  test('in a sweep: what was done, what was cut short, what was not begun, and no verdict on that', async () => {
    const { code, stdout } = await until(slipway('run lifetime --seeds 0..399'), 'lifetime/healthy', interrupt);
    expect(code).toBe(130);
    expect(stdout).not.toContain('✗');
    expect(stdout).not.toContain('all as expected');
    expect(stdout).toMatch(/^stopped; [\d ]+ runs of \d+ whole and [01] partial of \d+ sweeps: as expected so far$/m);
    expect(stdout).toMatch(/^ {2}not begun: \d+ sweeps, from lifetime\/\S+ \S+ to lifetime\/\S+ \S+$/m);
  });

  test('in the tour', async () => {
    const { code, stdout } = await until(slipway('tour'), '2  a bug', interrupt);
    expect(code).toBe(130);
    expect(stdout).toMatch(/^stopped before its end$/m);
    expect(stdout).not.toContain('What to type next');
  });

  test('with --json: each sweep says how far it came', async () => {
    const { code, stdout } = await ended(['run', 'lifetime', '--seeds', '0..99999', '--json'], { interrupt: { signal: 'SIGINT' } });
    expect(code).toBe(130);
    const { interrupted, sweeps } = JSON.parse(stdout);
    expect(interrupted).toBe(true);
    const states = sweeps.map((each: { state: string }) => each.state);
    expect(states.at(-1)).toBe('not-begun');
    expect(states).not.toContain('done');
    for (const { state, asked, counts, findings } of sweeps) {
      expect(asked).toBe(100_000);
      expect(counts.runs > 0).toBe(state === 'cut-short');
      expect(findings).toEqual([]);
    }
  });
});

/** A simulation that never comes back to the loop of events. It counts one run before. */
const THREAD = `
  import { parentPort } from 'node:worker_threads';
  parentPort.on('message', () => {
    parentPort.postMessage({ counts: 1, over: false });
    for (;;);
  });
`;
const threaded = (thread: string): readonly string[] => [
  '--input-type=module',
  '-e',
  `
  const { Interrupt } = await import('${ROOT}dist/cli/interrupt.js');
  const { Threads } = await import('${ROOT}dist/cli/threads.js');
  const interrupt = new Interrupt();
  const threads = new Threads([], new URL('data:text/javascript,' + encodeURIComponent(${JSON.stringify(thread)})));
  interrupt.signal.addEventListener('abort', () => threads.stop());
  await threads.run({}, ({ counts }) => console.log('told', counts));
  console.log('asked', interrupt.asked);
  interrupt.release();
`,
];

describe('a long simulation is one call, and yet', () => {
  test('Ctrl-C cuts it off', async () => {
    const { code, stdout } = await until(threaded(THREAD), 'told', interrupt);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'told 1\nasked true\n' });
  });
  test('a second Ctrl-C ends at once', async () => {
    const both = (child: ChildProcessWithoutNullStreams): void => {
      child.stderr.once('data', () => child.kill('SIGINT'));
      child.kill('SIGINT');
    };
    const { code, stdout } = await until(threaded(THREAD), 'told', both);
    expect({ code, stdout }).toEqual({ code: 130, stdout: 'told 1\n' });
  });
  test.each(['SIGTERM', 'SIGHUP'] as const)('%s ends it', async signal => {
    expect(await until(threaded(THREAD), 'told', child => child.kill(signal))).toMatchObject({ code: null, signal });
  });
  test('a thread that ends by itself is told, and not waited for', async () => {
    const words = threaded(THREAD.replace('for (;;);', 'process.exit(3);'));
    expect(await until(words, 'told', () => {})).toMatchObject({ code: 1 });
  });
  test('what it throws is thrown', async () => {
    const words = threaded(THREAD.replace('for (;;);', "throw new Error('ours');"));
    expect(await until(words, 'told', () => {})).toMatchObject({ code: 1 });
  });
});

test('who does not read any more ends it quietly', async () => {
  const { code, stdout } = await until(slipway('run lifetime'), 'lifetime/healthy', child => child.stdout.destroy());
  expect(code).toBe(0);
  expect(stdout).toContain('lifetime/healthy');
});
