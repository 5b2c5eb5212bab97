/**
 * A judge in a process of its own, which the kernel ends when it has used up its CPU time.
 */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { compiled } from '../../src/node/package.ts';
import type { Ending, Line, Task } from './task.ts';

const JUDGE = compiled('tools/mutants/judge.ts');
const GRACE = 5;
const MEBIBYTES = 1_024;
const SAID = 300;

/** `grace`: seconds of CPU beyond the budget. No run and no case of ours takes as long, so what is still busy then hangs. */
export async function judged(task: Task, grace: number = GRACE): Promise<Ending> {
  const limit = Math.ceil(task.budget) + grace;
  const command = `ulimit -S -t ${limit} && exec "$0" --max-old-space-size=${MEBIBYTES} "$@"`;
  const child = spawn('sh', ['-c', command, process.execPath, JUDGE], { stdio: ['pipe', 'pipe', 'pipe'] });
  // A judge that ends before it has read its task says why on its standard error.
  child.stdin.on('error', () => {});
  child.stdin.end(JSON.stringify(task));
  const ended = new Promise<NodeJS.Signals | null>(resolve => child.on('close', (_, signal) => resolve(signal)));
  const [out, complaint, signal] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  const lines = out.split('\n').flatMap(line => (line === '' ? [] : [JSON.parse(line) as Line]));
  const last = lines.at(-1);
  if (last !== undefined && 'verdict' in last) return last;
  const where = last?.begins ?? 'start';
  const why = signal === 'SIGXCPU' ? `still busy after ${limit} s of CPU` : `ended by ${signal ?? 'itself'}: ${complaint.slice(-SAID)}`;
  return { verdict: 'killed', killer: { by: signal === 'SIGXCPU' ? 'hangs' : 'crash', where, why }, runs: lines.length, cpu: limit };
}
