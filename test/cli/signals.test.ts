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

/** One that comes in the moment in which a slice of work begins may be lost: interrupt.ts. A person presses again; here it is tried again. */
describe('Ctrl-C', { retry: 2 }, () => {
  test('in a sweep: what was done, what was cut short, what was not begun, and no verdict on that', async () => {
    const { code, stdout } = await until(slipway('run lifetime --seeds 0..399'), 'lifetime/healthy', interrupt);
    expect(code).toBe(130);
    expect(stdout).not.toContain('✗');
    expect(stdout).not.toContain('all as expected');
    expect(stdout).toMatch(/^stopped; [\d ]+ runs of \d+ whole and [01] partial of \d+ sweeps: as expected so far$/m);
    expect(stdout).toMatch(/^ {2}not begun: \d+ sweeps, from lifetime\/\S+ \S+ to lifetime\/listener-fails as-written$/m);
    for (const line of stdout.match(/^…/gm) ?? []) expect(line).toBe('…');
  });

  test('in the main job: the same of all three parts', async () => {
    const { code, stdout } = await until(slipway('demo'), 'lifetime/healthy', interrupt);
    expect(code).toBe(130);
    expect(stdout).not.toContain('✗');
    expect(stdout).toMatch(/^stopped; /m);
    expect(stdout).toMatch(/^ {2}not begun: \d+ sweeps/m);
    expect(stdout).toMatch(/^ {2}0 of \d+ roles met their suite to its end$/m);
    expect(stdout).toMatch(/^ {2}0 of \d+ recorded traces replayed$/m);
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

/** A simulation that never comes back to the loop of events. */
const SPIN = `
  const { Interrupt } = await import('${ROOT}dist/src/cli/interrupt.js');
  const interrupt = new Interrupt();
  let rounds = 0;
  await interrupt.compute(() => {
    rounds += 1;
    require('node:fs').writeSync(1, 'spinning\\n');
    for (;;);
  });
  console.log('asked', interrupt.asked, 'rounds', rounds);
`;
const spinning = ['--input-type=module', '-e', `import { createRequire } from 'node:module'; const require = createRequire('/');${SPIN}`];

describe('a long simulation is one call, and yet', () => {
  test('Ctrl-C cuts it off', async () => {
    const { code, stdout } = await until(spinning, 'spinning', interrupt);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'spinning\nasked true rounds 1\n' });
  });
  test.each(['SIGTERM', 'SIGHUP'] as const)('%s ends it', async signal => {
    expect(await until(spinning, 'spinning', child => child.kill(signal))).toMatchObject({ code: null, signal });
  });
  test('what it throws is thrown', async () => {
    const script = SPIN.replace('for (;;);', "throw new Error('ours');");
    const words = [
      '--input-type=module',
      '-e',
      `import { createRequire } from 'node:module'; const require = createRequire('/');${script}`,
    ];
    expect(await until(words, 'spinning', () => {})).toMatchObject({ code: 1, stdout: 'spinning\n' });
  });
});

test('who does not read any more ends it quietly', async () => {
  const { code, stdout } = await until(slipway('run lifetime'), 'lifetime/healthy', child => child.stdout.destroy());
  expect(code).toBe(0);
  expect(stdout).toContain('lifetime/healthy');
});
