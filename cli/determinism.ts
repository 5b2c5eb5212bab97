/**
 * The same runs in a second process, or under another version of Node: every fingerprint must be equal, and where one is
 * not, the first event that differs is shown.
 */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Catalogue } from '../protocols/catalogue.ts';
import { compareFingerprints, eventsOf, fingerprintLines, type Mismatch } from '../src/check/determinism.ts';
import { hasProfile, type Profile } from '../src/check/scenario.ts';
import { packaged } from '../src/node/package.ts';
import { TraceDecoder } from '../src/trace/decode.ts';
import { diffTraces } from '../src/trace/diff.ts';
import type { TraceEvent } from '../src/trace/event.ts';
import { formatDifference } from '../src/trace/report.ts';
import type { Context } from './context.ts';
import { EXIT, type ExitCode, Stop, usage } from './exit.ts';
import type { Interrupt } from './interrupt.ts';
import { count, plural } from './screen.ts';
import type { Seeds } from './seeds.ts';
import type { Job } from './sweep/job.ts';

/** Mismatches whose first differing event is shown; the rest is counted. */
const SHOWN = 3;

export async function checkDeterminism(
  jobs: readonly Job[],
  seeds: Seeds,
  node: string | undefined,
  { screen, catalogue, modules }: Context,
  interrupt: Interrupt,
): Promise<ExitCode> {
  const binary = node ?? process.execPath;
  interrupt.takeAlong();
  const words = [
    ...modules.flatMap(each => ['--load', each]),
    'fingerprints',
    ...jobs.map(nameOf),
    '--seeds',
    `${seeds.from}..${seeds.to}`,
  ];
  const all = jobs.length * (seeds.to - seeds.from + 1);
  let ran = 0;
  // Both are others, so that this process hears Ctrl-C whatever a scenario does.
  const own = collect(process.execPath, words, line => {
    ran += 1;
    screen.progress(() => `${line.slice(0, line.lastIndexOf(' '))}  ${count(ran)} of ${count(all)} runs, in two processes`);
  });
  const other = collect(binary, words);
  const stopped = new Promise<undefined>(resolve => interrupt.signal.addEventListener('abort', () => resolve(undefined)));
  const fingerprints = await Promise.race([Promise.all([own.lines, other.lines]), stopped]).finally(() => {
    own.end();
    other.end();
  });
  if (fingerprints === undefined) {
    screen.line(`stopped after ${count(ran)} of ${plural(all, 'run')}; nothing was compared`);
    screen.value({ format: 'slipway-determinism', v: 1, interrupted: true, equal: 0, mismatches: [] });
    return EXIT.interrupted;
  }
  const { equal, mismatches } = compareFingerprints(...fingerprints);
  screen.value({ format: 'slipway-determinism', v: 1, equal, mismatches });
  screen.line(
    `${plural(equal, 'run')} with the same fingerprint in one process and in another (${binary === process.execPath ? 'the same Node' : binary})`,
  );
  if (mismatches.length === 0) return EXIT.ok;
  screen.line(screen.style('red', `${plural(mismatches.length, 'run')} differ`));
  for (const mismatch of mismatches.slice(0, SHOWN)) await showMismatch(mismatch, binary, { screen, catalogue, modules });
  return EXIT.findings;
}

/** The other side: `slipway fingerprints NAME:PROFILE… --seeds A..B`. */
export function* fingerprints(catalogue: Catalogue, names: readonly string[], seeds: Seeds): Generator<string> {
  for (const name of names) {
    const [scenario, profile] = jobNamed(catalogue, name);
    yield* fingerprintLines(scenario, { ...seeds, profile });
  }
}

function jobNamed(catalogue: Catalogue, name: string): [Job['scenario'], Profile] {
  const colon = name.lastIndexOf(':');
  const scenario = catalogue.scenarioNamed(name.slice(0, colon));
  const profile = name.slice(colon + 1);
  if (scenario === undefined || !hasProfile(scenario, profile)) throw usage(`'${name}' is not SCENARIO:PROFILE`);
  return [scenario, profile];
}

async function showMismatch({ run, left, right }: Mismatch, binary: string, { screen, catalogue, modules }: Context): Promise<void> {
  const [name = '', profile = '', seed = ''] = run.split(' ');
  screen.line(`${run}: ${left ?? 'no run'} here, ${right ?? 'no run'} there`);
  const [scenario, checked] = jobNamed(catalogue, `${name}:${profile}`);
  const decoder = new TraceDecoder();
  const { lines: fingerprints } = collect(binary, [
    ...modules.flatMap(each => ['--load', each]),
    'run',
    name,
    '--profile',
    profile,
    '--seed',
    seed,
    '--trace',
    '/dev/stdout',
    '--json',
  ]);
  const lines = await fingerprints;
  const items = lines.filter(line => line.startsWith('{"')).flatMap(line => decoder.push(new TextEncoder().encode(`${line}\n`)));
  const theirs: TraceEvent[] = items.flatMap(item => (item.type === 'event' ? [item.event] : []));
  const difference = diffTraces(eventsOf(scenario, Number(seed), checked), theirs);
  screen.line(
    difference === undefined ? '  a second run of both gave the same events: the difference does not repeat' : formatDifference(difference),
  );
}

const nameOf = ({ scenario, profile }: Job): string => `${scenario.name}:${profile}`;

interface Collected {
  readonly lines: Promise<readonly string[]>;
  /** It is not needed any more. */
  readonly end: () => void;
}

/** Standard output of this command in another process, in lines. */
function collect(binary: string, args: readonly string[], heard: (line: string) => void = () => {}): Collected {
  const main = packaged('slipway');
  const child = spawn(binary, [main, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const kill = (): void => void child.kill('SIGKILL');
  process.on('exit', kill);
  const lines: string[] = [];
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', error => reject(new Stop(EXIT.usage, `cannot run ${binary}: ${error.message}`)));
    child.on('close', resolve);
  });
  createInterface({ input: child.stdout }).on('line', line => {
    lines.push(line);
    heard(line);
  });
  const complete = ended.then(code => {
    process.off('exit', kill);
    if (code !== EXIT.ok && code !== EXIT.findings) throw new Stop(EXIT.internal, `the second process ended with ${code}`);
    return lines;
  });
  // Whoever waits for the lines hears of it; until then nobody does, and that is no fault of ours.
  complete.catch(() => {});
  return { lines: complete, end: kill };
}
