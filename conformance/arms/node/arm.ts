/**
 * The real arm: the tester is a guest in this OS process, the implementation is a child of it: a program of the table, or
 * any executable. Every case has a Host of its own, and nothing of it is left when the case is over: src/node/family.ts says what
 * is found. What cannot be ended makes the case inconclusive.
 * Lacks: implementations that are already running somewhere.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostEvent } from '../../../src/host/event.ts';
import type { Programs } from '../../../src/host/host.ts';
import { instantOf } from '../../../src/host/time.ts';
import { createNodeHost } from '../../../src/node/host.ts';
import { bundled } from '../../../src/node/package.ts';
import { findReaper } from '../../../src/node/reaper.ts';
import { StrainGauge } from '../../../src/node/strain.ts';
import { encodeUtmp } from '../../../src/node/utmp.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import { type Implementation, isAttached } from '../../peer.ts';
import type { Means } from '../../play/forks.ts';
import type { Played } from '../../play/tester.ts';
import { testerDaemon } from '../../play/tester.ts';
import type { Arm, Play, Recorded } from '../arm.ts';
import { BRINGING, elided, joinedReads } from '../arm.ts';

/** Of a case that is about people: utmp(5), for an implementation to read instead of that of this machine. Ours is told of it. */
const ACCOUNTS = 'utmp';
/** The name of the tester in a trace: its real pid would make two traces differ for nothing. */
const TESTER = 'local/tester.1';
/** Beyond the deadline of a case: SIGKILL, waiting, and a machine that is busy. */
const AFTERMATH_MILLIS = 15_000;
/** For what is left to do when this process ends in the midst of a case. */
const LAST_MILLIS = 2_000;
/** The tester bounds what it takes of an implementation, so that no case comes near this. */
const EVENT_LIMIT = 100_000;

/** `reaper` is asked when something forks: without one it is followed by what /proc shows. */
export interface NodeArmOptions {
  readonly eventLimit?: number;
  readonly reaper?: () => Means['reaper'];
}

/** `programsModule` exports the same table, compiled: real children load it from there. */
export function nodeArm(programs: Programs, programsModule: string, options: NodeArmOptions = {}): Arm {
  const { eventLimit = EVENT_LIMIT, reaper = findReaper } = options;
  return { name: 'node', parallel: true, play: play => playForReal({ programs, programsModule, reaper }, play, new Recorder(eventLimit)) };
}

interface Ours {
  readonly programs: Programs;
  readonly programsModule: string;
  readonly reaper: () => Means['reaper'];
}

async function playForReal(ours: Ours, play: Play, recorder: Recorder): Promise<Recorded> {
  const directory = await mkdtemp(join(tmpdir(), 'slipway-case-'));
  directories.add(directory);
  try {
    const { people } = play.case;
    if (people !== undefined) await writeFile(join(directory, ACCOUNTS), encodeUtmp(people));
    const played = await playIn(directory, recorder, ours, play);
    const { events, bugs } = recorder;
    return { played, events, tester: TESTER, clock: 'monotonic', millis: recorder.elapsed() / 1_000, started: recorder.started, bugs };
  } finally {
    await remove(directory);
    directories.delete(directory);
  }
}

/** Of the cases that are played now. Who ends this process between two lines of theirs leaves them to its last moment. */
const directories = new Set<string>();
process.on('exit', () => {
  for (const directory of directories) spawnSync('rm', ['-rf', directory], { stdio: 'ignore', timeout: LAST_MILLIS });
});

async function playIn(
  directory: string,
  recorder: Recorder,
  { programs, programsModule, reaper }: Ours,
  { case: testCase, wiring, implementation, patience, timeScale, pressure = 'none' }: Play,
): Promise<Played | undefined> {
  const probe = wiring.probe === undefined ? undefined : command(wiring.probe, programsModule);
  let over: (played: Played | undefined) => void = () => {};
  const result = new Promise<Played | undefined>(resolve => {
    over = resolve;
  });
  const gauge: StrainGauge = new StrainGauge(isAttached(implementation) ? undefined : () => tester.kin.members().map(({ pid }) => pid));
  const tester = createNodeHost({
    programs,
    programsModule,
    program: 'tester',
    observer: event => recorder.take(event),
    log: (_severity, event, fields) => {
      if (event === 'bug') recorder.bugs.push(String(fields?.['stack']));
    },
    output: () => {},
    onExit: () => over(undefined),
    ...(testCase.people === undefined ? {} : { accounts: join(directory, ACCOUNTS) }),
  });
  recorder.full = () => over(undefined);
  const forks = 'forks' in implementation ? implementation.forks : undefined;
  const means = { kin: tester.kin, reaper: forks === undefined ? undefined : reaper() };
  const parameters = {
    wiring,
    implementation,
    probe,
    report: join(directory, 'report'),
    directory,
    patience,
    timeScale,
    means,
    yardstick: gauge,
    pressure,
  };
  const ready = ('ready' in implementation ? (implementation.ready?.within ?? 0) : 0) + (forks?.within ?? 0);
  const limit = setTimeout(() => over(undefined), ((testCase.deadline + ready) * patience) / 1_000_000 + AFTERMATH_MILLIS);
  const busy = pressure === 'busy-cores' ? keepCoresBusy() : [];
  tester.run(testerDaemon(testCase, parameters, over));
  const played = await result;
  clearTimeout(limit);
  gauge.close();
  for (const each of busy) each.kill('SIGKILL');
  const left = await tester.close();
  if (left.length === 0) return played;
  recorder.bugs.push(`of what the implementation started, these processes cannot be ended: ${left.join(', ')}`);
  return undefined;
}

/** Ends by itself, should nobody end it. */
const BUSY = 'const end = Date.now() + 120_000; while (Date.now() < end);';

const keepCoresBusy = (): readonly ChildProcess[] =>
  Array.from({ length: availableParallelism() }, () => spawn(process.execPath, ['-e', BUSY], { stdio: 'ignore' }));

/** What an implementation has made there may have no permissions, or names too long for a path: then it is for the tools of the system. */
async function remove(directory: string): Promise<void> {
  try {
    await rm(directory, { recursive: true, force: true });
  } catch {
    const removing = spawn('sh', ['-c', 'chmod -R u+rwx "$1"; rm -rf "$1"', 'remove', directory], { stdio: 'ignore' });
    await new Promise(resolve => removing.once('error', resolve).once('exit', resolve));
  }
}

/** What an implementation in any language can execute to run a program of the table. */
function command(program: string, programsModule: string): Implementation {
  return { program: process.execPath, args: [ENTRY, programsModule, program] };
}

class Recorder {
  readonly events: TraceEvent[] = [];
  readonly bugs: string[] = [];
  /** Told once, when there is no room for more: a trace without its end would give another verdict. */
  full: () => void = () => {};
  readonly #limit: number;
  readonly #start = process.hrtime.bigint();
  /** The same instant by the clock on the wall, in microseconds of Unix. */
  readonly started: number = Date.now() * 1_000;
  readonly #seen = new Map<string, number>();
  readonly #counts = new Map<string, number>();
  #overflowing = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Microseconds. */
  elapsed(): number {
    return Number((process.hrtime.bigint() - this.#start) / 1_000n);
  }

  take({ kind, channel = '', bytes, data }: HostEvent): void {
    const index = this.events.length;
    const before = this.#seen.get(channel) ?? 0;
    if (BRINGING.includes(kind)) this.#seen.set(channel, before + (bytes?.length ?? 0));
    const time = instantOf(this.elapsed());
    const event = elided({ index, time, process: TESTER, kind, cause: -1, message: 0, channel, bytes, data }, before);
    const last = this.events.at(-1);
    const joined = last === undefined ? undefined : joinedReads(last, event, this.#reads(channel, kind));
    if (joined !== undefined) this.events[index - 1] = joined;
    else if (index >= this.#limit) this.#overflow();
    // The bytes of a crossing may be the Host's own buffer.
    else this.events.push(event.bytes === undefined ? event : { ...event, bytes: event.bytes.slice() });
  }

  /** How many there were of the channel, with this one. */
  #reads(channel: string, kind: HostEvent['kind']): number {
    if (kind !== 'recv') return 0;
    const reads = (this.#counts.get(channel) ?? 0) + 1;
    this.#counts.set(channel, reads);
    return reads;
  }

  #overflow(): void {
    if (this.#overflowing) return;
    this.#overflowing = true;
    this.bugs.push(`the trace of the case has more than ${this.#limit} events`);
    this.full();
  }
}

const ENTRY = bundled('src/node/main.ts');
