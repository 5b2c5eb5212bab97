/**
 * One sentence of the contract, as a case: a few small daemons that say what they see, and what they must say.
 * The simulator and Node run the same case; where they differ the kernel is right.
 *
 * What a daemon sees it logs as event `saw`. Nothing that depends on timing goes into a line: no times, ports or pids, but
 * relations between them (`later: true`). Every process of a case ends by itself; the case is over when all have.
 * Lacks: the order of lines of two processes, which no Host promises.
 */
import type { Daemon, Descriptor, Host, Pid, Programs } from '../../src/host/host.ts';
import type { Result } from '../../src/host/result.ts';
import type { Duration } from '../../src/host/time.ts';
import { seconds } from '../../src/host/time.ts';
import { type Story, tell } from './story.ts';

export interface ContractCase {
  /** A slug; the programs of the case begin with it. */
  readonly name: string;
  readonly section: string;
  /** What is observed, one sentence. */
  readonly purpose: string;
  readonly programs: Programs;
  /** The program the case starts with. */
  readonly main: string;
  readonly args: readonly string[];
  /** Role -> what it sees, in order. A role that is not named here must be silent. */
  readonly expect: Readonly<Record<string, readonly string[]>>;
  readonly limit: Duration;
  /** Only root can play it on a real machine. */
  readonly asRoot: boolean;
}

/** One process of a case. A story that has been told exits with status 0; a plain function exits by itself. */
export type Role = ((host: Host, stage: Stage) => Story<void>) | ((host: Host, stage: Stage) => void);

/** Child's descriptor -> ours. */
export type Given = Readonly<Record<number, Descriptor>>;

export interface Stage {
  /** One line. */
  saw(what: string): void;
  /** Starts another role of the case; that this fails is a bug of the case. */
  start(role: string, args?: readonly string[], descriptors?: Given): Pid;
  /** The program name of a role. */
  program(role: string): string;
}

interface Script {
  readonly name: string;
  readonly purpose: string;
  /** The case starts with `main`. */
  readonly roles: Readonly<Record<string, Role>> & { readonly main: Role };
  readonly args?: readonly string[];
  readonly expect: Readonly<Record<string, readonly string[]>>;
  readonly limit?: Duration;
  readonly asRoot?: boolean;
}

/** What a case may take on a busy machine, when it says nothing else. */
const LIMIT: Duration = seconds(20);

export function contractCase(section: string, script: Script): ContractCase {
  const { name, purpose, roles, args = [], expect, limit = LIMIT, asRoot = false } = script;
  const programs: Record<string, Daemon> = {};
  for (const [role, play] of Object.entries(roles)) programs[`${name}-${role}`] = daemonOf(name, play);
  return { name, section, purpose, programs, main: `${name}-main`, args, expect, limit, asRoot };
}

export const programsOf = (cases: readonly ContractCase[]): Programs =>
  Object.fromEntries(cases.flatMap(one => Object.entries(one.programs)));

/** The role a program of the case plays. */
export const roleOf = (contract: ContractCase, program: string): string => program.slice(contract.name.length + 1);

function daemonOf(name: string, play: Role): Daemon {
  return host => {
    const story = play(host, stageOf(host, name));
    if (typeof story === 'object') tell(story, () => host.process.exit(0));
  };
}

function stageOf(host: Host, name: string): Stage {
  const program = (role: string): string => `${name}-${role}`;
  return {
    program,
    saw: what => host.log('info', 'saw', { what }),
    start: (role, args = [], descriptors = {}) => must(host.process.spawn(program(role), args, { descriptors })),
  };
}

/** The value; an error here means that the case itself went wrong. */
export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.call}: ${result.error.code}`);
  return result.value;
}
