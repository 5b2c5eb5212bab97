/** Ctrl-C and the other signals, on the real command: it says what was done and what was not, and it always ends. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { slipway as ended, ROOT } from '../support/slipway.ts';

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs it and does something with it at the first line that has `text` in it. */
function until(words: readonly string[], text: string, act: (child: ChildProcessWithoutNullStreams) => void): Promise<Ended> {
  const child = spawn(process.execPath, words);
  let stdout = '';
  let stderr = '';
  let acted = false;
  child.stdout.on('data', chunk => {
    stdout += String(chunk);
  });
  createInterface({ input: child.stdout }).on('line', line => {
    if (acted || !line.includes(text)) return;
    acted = true;
    act(child);
  });
  child.stderr.on('data', chunk => {
    stderr += String(chunk);
  });
  return new Promise(resolve => child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr })));
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
const WORK = `
  export const work = ({ tell }) => async () => {
    tell({ counts: process.pid, over: false });
    for (;;);
  };
`;
/** Waits for one task, of a worker that must show a sign of life within so many seconds, if it must. */
const working = (work: string, patience = 'undefined'): readonly string[] => [
  '--input-type=module',
  '-e',
  `
  const { Interrupt } = await import('${ROOT}dist/cli/interrupt.js');
  const { Workers } = await import('${ROOT}dist/cli/workers/workers.js');
  const interrupt = new Interrupt();
  const workers = new Workers([], new URL('data:text/javascript,' + encodeURIComponent(${JSON.stringify(work)})), { patience: ${patience} });
  interrupt.signal.addEventListener('abort', () => workers.stop());
  const told = ({ counts }) => console.log('told', counts);
  const hung = await workers.run({}, told).catch(({ message }) => console.log('thrown', message));
  console.log('asked', interrupt.asked, 'hung', hung);
  await workers.close();
  interrupt.release();
`,
];
const workerOf = ({ stdout }: Ended): number => Number(/^told (\d+)$/m.exec(stdout)?.[1]);

/** When there is no such process any more. */
async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await setTimeout(10);
  }
}

describe('a long simulation is one call, and yet', () => {
  test('Ctrl-C cuts it off', async () => {
    const ended = await until(working(WORK), 'told', interrupt);
    expect(ended).toMatchObject({ code: 0, stdout: `told ${workerOf(ended)}\nasked true hung undefined\n` });
  });
  test('a second Ctrl-C ends at once', async () => {
    const both = (child: ChildProcessWithoutNullStreams): void => {
      child.stderr.once('data', () => child.kill('SIGINT'));
      child.kill('SIGINT');
    };
    const ended = await until(working(WORK), 'told', both);
    expect(ended).toMatchObject({ code: 130, stdout: `told ${workerOf(ended)}\n` });
  });
  test.each(['SIGTERM', 'SIGHUP', 'SIGKILL'] as const)('%s ends it, and no process is left', async signal => {
    const ended = await until(working(WORK), 'told', child => child.kill(signal));
    expect(ended).toMatchObject({ code: null, signal });
    await gone(workerOf(ended));
  });
  test('what shows no sign of life is ended, and what it was at is told', async () => {
    const work = WORK.replace('({ tell })', '({ tell, beat })').replace('for (;;);', 'beat.begin(7); for (;;);');
    const ended = await until(working(work, '1'), 'told', () => {});
    expect(ended).toMatchObject({ code: 0, stdout: `told ${workerOf(ended)}\nasked false hung { at: 7 }\n` });
    await gone(workerOf(ended));
  });
  test('Ctrl-C that a worker hears as well, as from a terminal, does not end it', async () => {
    const work = WORK.replace('for (;;);', "process.kill(process.pid, 'SIGINT'); setTimeout(() => tell({ counts: 2, over: true }), 100);");
    const ended = await until(working(work), 'told', () => {});
    expect(ended).toMatchObject({ code: 0, stdout: `told ${workerOf(ended)}\ntold 2\nasked false hung undefined\n` });
  });
  test('a worker that ends by itself is told, and not waited for', async () => {
    const { stdout } = await until(working(WORK.replace('for (;;);', 'process.exit(3);')), 'told', () => {});
    expect(stdout).toContain('thrown a worker ended by itself, with 3\n');
  });
  test.each(['', 'await new Promise(setImmediate); '])('what it throws is thrown', async before => {
    const { stdout } = await until(working(WORK.replace('for (;;);', `${before}throw new Error('ours');`)), 'told', () => {});
    expect(stdout).toContain('thrown ours\n');
  });
  test('what its module throws is thrown', async () => {
    expect(await until(working("throw new Error('ours');"), 'told', () => {})).toMatchObject({
      stdout: 'thrown ours\nasked false hung undefined\n',
    });
  });
});

test('who does not read any more ends it quietly', async () => {
  const { code, stdout } = await until(slipway('run lifetime'), 'lifetime/healthy', child => child.stdout.destroy());
  expect(code).toBe(0);
  expect(stdout).toContain('lifetime/healthy');
});
