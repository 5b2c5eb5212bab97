/**
 * Runs the command in this process, where not the process is what is tested: its start costs more than most commands do.
 * Lacks: what starts threads or processes of its own, an environment, signals; and two at once.
 */
import { main } from '../../cli/main.ts';
import type { Ended } from './slipway.ts';

type Written = Parameters<typeof process.stdout.write>[0];

export async function inProcess(args: readonly string[]): Promise<Ended> {
  const stdout = heard(process.stdout);
  const stderr = heard(process.stderr);
  try {
    const code = (await main(args)) ?? null;
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    stdout.release();
    stderr.release();
  }
}

interface Heard {
  text(): string;
  release(): void;
}

function heard(stream: NodeJS.WriteStream): Heard {
  const write = stream.write;
  let text = '';
  stream.write = (chunk: Written) => {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    return true;
  };
  const release = (): void => {
    stream.write = write;
  };
  return { text: () => text, release };
}
