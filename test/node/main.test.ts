import { expect, test } from 'vitest';
import { ENTRY, MODULE, run, runMain } from './arm.ts';

test('the process of a daemon ends as the daemon says, by status or by signal', async () => {
  const [swallower, thrower, broken] = await Promise.all(['swallower', 'thrower', 'broken'].map(name => runMain([MODULE, name])));
  expect([swallower?.code, swallower?.output]).toEqual([3, '']);
  expect(thrower?.code).toBe(70);
  const line: unknown = JSON.parse(thrower?.errors ?? '');
  expect(line).toMatchObject({ log: 'bug', severity: 'critical', program: 'thrower', stack: expect.stringContaining('broken on purpose') });
  expect(broken?.signal).toBe('SIGPIPE');
});

test('a wrong call says what was wrong and what there is', async () => {
  const [usage, unknown, inherited] = await Promise.all([runMain([MODULE]), runMain([MODULE, 'nobody']), runMain([MODULE, 'toString'])]);
  expect([usage?.code, usage?.errors.split(':')[0]]).toEqual([64, 'usage']);
  expect(unknown?.code).toBe(127);
  expect(unknown?.errors).toContain('nobody: no such program');
  expect(unknown?.errors).toContain('stubborn parent echo');
  expect(inherited?.code).toBe(127);
});

test("descriptors from a shell are the daemon's own, at their numbers; those of Node are not", async () => {
  const command = [process.execPath, ENTRY, MODULE, 'echo'].map(word => `'${word}'`).join(' ');
  const shell = (words: string) => run('bash', ['-c', words]);
  const [pipe, file, others] = await Promise.all([
    shell(`${command} 7 7< <(printf hello)`),
    shell(`${command} 0 0<<< hello`),
    shell(`${command} 4; ${command} 9; ${command} 14`),
  ]);
  expect(pipe.output).toBe('7: hello\n');
  expect(file.output).toBe('0: hello\n\n');
  expect(others.output).toBe('4: EBADF\n9: EBADF\n14: EBADF\n');
});
