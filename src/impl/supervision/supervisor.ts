/**
 * A PARENT THAT KEEPS ONE CHILD FOR EACH PEER. A child that ends is started again, up to a number of attempts; SIGUSR1
 * gives up nobody any more and asks every child for its status; SIGTERM and SIGINT end all, SIGHUP ends all and begins
 * anew in the same process. What a daemon adds (which program, what to say at the end, where to write) is its SupervisorPlan.
 * Lacks: detaching from a terminal (whoever starts it does that), dependencies between children.
 */
import type { Host, Pid, Reaped, SpawnOptions } from '../../host/host.ts';
import type { HostError, HostErrorCode, Result } from '../../host/result.ts';
import type { ExitStatus, Signal } from '../../host/signal.ts';
import type { Duration } from '../../host/time.ts';
import { micros, seconds, ZERO } from '../../host/time.ts';
import { EXIT_CLEAN, EXIT_FAILURE, EXIT_TEMPFAIL } from '../command-line/exit.ts';
import type { EscalationStep } from './escalation.ts';
import { Escalation } from './escalation.ts';
import { LIFELINE } from './lifeline.ts';
import type { AfterDeath, RestartPolicy } from './peers.ts';
import { Peers } from './peers.ts';
import { claimPidFile, releasePidFile } from './pid-file.ts';

/** What happened, as data: the daemon makes log lines of it. */
export type SupervisorEvent =
  | { readonly event: 'already-running'; readonly by: Pid }
  | { readonly event: 'pid-file-failed'; readonly error: HostError }
  | { readonly event: 'starting' }
  | { readonly event: 'starting-child'; readonly peer: string }
  | { readonly event: 'started' }
  | { readonly event: 'spawn-failed'; readonly peer: string; readonly error: HostError }
  | { readonly event: 'child-ended'; readonly peer: string; readonly pid: Pid; readonly status: ExitStatus }
  | { readonly event: 'restarting'; readonly peer: string; readonly attempt: number; readonly of: number }
  | { readonly event: 'gave-up'; readonly peer: string }
  | { readonly event: 'rearming' }
  | { readonly event: 'rearmed'; readonly peer: string }
  | { readonly event: 'sweeping' }
  | { readonly event: 'child-dead'; readonly pid: Pid }
  | { readonly event: 'stop-signal'; readonly peer: string; readonly pid: Pid }
  | { readonly event: 'stopping'; readonly then: 'exit' | 'restart' }
  | { readonly event: 'stopped'; readonly then: 'exit' | 'restart' }
  | { readonly event: 'quit' };

/** Which life of a peer a launch is for. */
export interface Life {
  readonly restart: boolean;
  /** The other children, as they are now; counted when it is asked for. */
  readonly siblings: readonly (readonly [pid: Pid, peer: string])[];
}

export interface SupervisorPlan {
  readonly pidFile: string;
  /** A child for each of them. */
  readonly peers: readonly string[];
  readonly policy: SupervisorPolicy;
  /** The child finds its lifeline (lifeline.ts) at descriptor LIFELINE, beside those that are given to it. */
  launch(peer: string, life: Life): Pick<SpawnOptions, 'descriptors'> & { readonly program: string; readonly args: readonly string[] };
  /** Said to a child before it is signalled to end. Calls `done` once, and within `farewellLimit` or it is not waited for. */
  farewell(peer: string, done: () => void): void;
  report(event: SupervisorEvent): void;
  /** What SIGHUP makes of this process when all children have ended. */
  readonly successor: { readonly program: string; readonly args: readonly string[] };
}

export interface SupervisorPolicy extends RestartPolicy {
  /** Before a child that has ended is started again, for the time `attempt`. Absent: at once. */
  readonly restartPause?: (attempt: number) => Duration;
  /** Before the next try where a child could not be started, or could not begin, for want of a process, a descriptor or memory. */
  readonly shortagePause: Duration;
  /** Between the status signals of a sweep. */
  readonly sweepPause: Duration;
  readonly farewellLimit: Duration;
  /** What tells a child to end, and how long it has before SIGKILL. */
  readonly stopSignal: Signal;
  readonly stopGrace: Duration;
  /** Longest random time after the children are started before signals are handled; zero: they are handled first. Until then SIGHUP and SIGUSR1 are ignored. */
  readonly unguardedMax: Duration;
}

export const SUPERVISOR_DEFAULTS: SupervisorPolicy = {
  attemptsMax: 5,
  healthyLife: seconds(900),
  rearm: 'given-up',
  shortagePause: seconds(60),
  sweepPause: seconds(1),
  farewellLimit: seconds(10),
  stopSignal: 'SIGINT',
  stopGrace: seconds(5),
  unguardedMax: micros(0),
};

/** fork(2), pipe(2): there is none left. */
const SHORTAGES: readonly HostErrorCode[] = ['EAGAIN', 'EMFILE', 'ENOMEM'];

export class Supervisor {
  readonly #host: Host;
  readonly #plan: SupervisorPlan;
  readonly #peers: Peers;
  /** Write ends of the lifelines. */
  readonly #lifelines: Map<Pid, number> = new Map();
  /** Calls of `wait` that have not come back. */
  #waits = 0;
  #stopping: 'exit' | 'restart' | undefined;
  #sweep: readonly Pid[] = [];

  constructor(host: Host, plan: SupervisorPlan) {
    this.#host = host;
    this.#plan = plan;
    this.#peers = new Peers(plan.peers, plan.policy);
  }

  /** Ends the process when there is one already. */
  start(): void {
    const { report, pidFile, policy, peers } = this.#plan;
    const claim = claimPidFile(this.#host, pidFile);
    if (!claim.ok || !claim.value.claimed) {
      if (!claim.ok) report({ event: 'pid-file-failed', error: claim.error });
      else if (!claim.value.claimed) report({ event: 'already-running', by: claim.value.by });
      this.#host.process.exit(EXIT_FAILURE);
    }
    report({ event: 'starting' });
    const unguarded = policy.unguardedMax > 0;
    if (unguarded) for (const signal of ['SIGHUP', 'SIGUSR1'] as const) this.#host.signals.handle(signal, 'ignore');
    else this.#handleSignals();
    for (const peer of peers) this.#launch(peer, false);
    report({ event: 'started' });
    if (unguarded) this.#host.clock.setTimer(micros(this.#host.random.below(policy.unguardedMax)), () => this.#handleSignals());
  }

  #handleSignals(): void {
    const { signals, process } = this.#host;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) signals.handle(signal, () => this.#stop('exit'));
    signals.handle('SIGHUP', () => this.#stop('restart'));
    signals.handle('SIGUSR1', () => this.#rearm());
    signals.handle('SIGQUIT', () => {
      this.#plan.report({ event: 'quit' });
      process.exit(EXIT_FAILURE);
    });
  }

  // ── lives ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Starts a child; one that cannot be started has died at once. */
  #launch(peer: string, restart: boolean): void {
    for (let next: AfterDeath = { verdict: 'restart', attempt: 0 }; next.verdict === 'restart'; next = this.#peers.stillborn(peer)) {
      if (next.attempt > 0) this.#reportRestart(peer, next.attempt);
      this.#plan.report({ event: 'starting-child', peer });
      const spawned = this.#spawn(peer, restart || next.attempt > 0);
      if (spawned.ok) {
        this.#peers.born(peer, spawned.value, this.#host.clock.monotonic());
        this.#wait();
        return;
      }
      this.#plan.report({ event: 'spawn-failed', peer, error: spawned.error });
      if (SHORTAGES.includes(spawned.error.code)) {
        this.#launchLater(peer, () => this.#peers.stillborn(peer));
        return;
      }
    }
    this.#plan.report({ event: 'gave-up', peer });
  }

  /** What is short now may be there then; what it was counts, so that nobody tries for ever. */
  #launchLater(peer: string, count: () => AfterDeath, pause = this.#plan.policy.shortagePause): void {
    this.#host.clock.setTimer(pause, () => {
      // Somebody may have asked for it meanwhile.
      if (this.#stopping !== undefined || this.#peers.living.some(([, each]) => each === peer)) return;
      const next = count();
      if (next.verdict === 'give-up') this.#plan.report({ event: 'gave-up', peer });
      if (next.verdict !== 'restart') return;
      this.#reportRestart(peer, next.attempt);
      this.#launch(peer, true);
    });
  }

  #spawn(peer: string, restart: boolean): Result<Pid> {
    const { descriptors, process } = this.#host;
    const peers = this.#peers;
    const life: Life = {
      restart,
      get siblings() {
        return peers.living;
      },
    };
    const { program, args, descriptors: given } = this.#plan.launch(peer, life);
    const pipe = descriptors.pipe();
    if (!pipe.ok) return pipe;
    const spawned = process.spawn(program, args, { descriptors: { ...given, [LIFELINE]: pipe.value.read } });
    descriptors.close(pipe.value.read);
    if (spawned.ok) this.#lifelines.set(spawned.value, pipe.value.write);
    else descriptors.close(pipe.value.write);
    return spawned;
  }

  /** One call of `wait` for each child. */
  #wait(): void {
    this.#waits += 1;
    this.#host.process.wait(result => {
      this.#waits -= 1;
      if (result.ok) this.#reaped(result.value);
    });
  }

  #reaped({ pid, status }: Reaped): void {
    const death = this.#peers.died(pid, this.#host.clock.monotonic());
    if (death === undefined) {
      // A child of the image before this one. It took the place of one of ours.
      if (this.#waits < this.#peers.living.length) this.#wait();
      return;
    }
    const lifeline = this.#lifelines.get(pid);
    if (lifeline !== undefined) this.#host.descriptors.close(lifeline);
    this.#lifelines.delete(pid);
    this.#plan.report({ event: 'child-ended', peer: death.peer, pid, status });
    if (death.verdict === 'give-up') this.#plan.report({ event: 'gave-up', peer: death.peer });
    else if (death.verdict === 'restart') this.#restart(death.peer, death, status);
    this.#finishIfLast();
  }

  #restart(peer: string, death: AfterDeath & { readonly verdict: 'restart' }, status: ExitStatus): void {
    const { shortagePause, restartPause } = this.#plan.policy;
    const short = 'code' in status && status.code === EXIT_TEMPFAIL;
    const pause = restartPause?.(death.attempt) ?? ZERO;
    if (short || pause > 0) {
      this.#launchLater(peer, () => death, short ? shortagePause : pause);
      return;
    }
    this.#reportRestart(peer, death.attempt);
    this.#launch(peer, true);
  }

  #reportRestart(peer: string, attempt: number): void {
    this.#plan.report({ event: 'restarting', peer, attempt, of: this.#plan.policy.attemptsMax });
  }

  // ── SIGUSR1 ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #rearm(): void {
    if (this.#stopping !== undefined) return;
    this.#plan.report({ event: 'rearming' });
    for (const peer of this.#peers.rearm()) {
      this.#plan.report({ event: 'rearmed', peer });
      this.#launch(peer, true);
    }
    this.#plan.report({ event: 'sweeping' });
    const idle = this.#sweep.length === 0;
    this.#sweep = this.#peers.living.map(([pid]) => pid);
    // A sweep that is going on becomes the new one.
    if (idle) this.#nextOfSweep();
  }

  #nextOfSweep(): void {
    if (this.#sweep.length === 0) return;
    this.#host.clock.setTimer(this.#plan.policy.sweepPause, () => {
      const [pid, ...rest] = this.#sweep;
      this.#sweep = this.#stopping === undefined ? rest : [];
      if (pid === undefined || this.#stopping !== undefined) return;
      // A child that was reaped has no pid any more; by now it may be somebody else's.
      const living = this.#peers.living.some(([child]) => child === pid);
      if (!living || !this.#host.process.kill(pid, 'SIGUSR1').ok) this.#plan.report({ event: 'child-dead', pid });
      this.#nextOfSweep();
    });
  }

  // ── the end ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #stop(then: 'exit' | 'restart'): void {
    // An order to end that comes while we begin anew is obeyed; the other way round is not.
    const first = this.#stopping === undefined;
    if (first || then === 'exit') this.#stopping = then;
    if (!first) return;
    this.#plan.report({ event: 'stopping', then });
    this.#peers.stop();
    for (const [pid, peer] of this.#peers.living) this.#endChild(pid, peer);
    this.#finishIfLast();
  }

  /** Farewell, signal, and if that does not help SIGKILL. All children at the same time: the slowest one decides. */
  #endChild(pid: Pid, peer: string): void {
    const { farewell, policy, report } = this.#plan;
    const { clock, process } = this.#host;
    const signal = (): void => {
      report({ event: 'stop-signal', peer, pid });
      process.kill(pid, policy.stopSignal);
    };
    const steps: readonly EscalationStep[] = [
      { take: next => farewell(peer, next), wait: policy.farewellLimit },
      { take: signal, wait: policy.stopGrace },
      { take: () => void process.kill(pid, 'SIGKILL') },
    ];
    new Escalation(clock, steps, () => !this.#lifelines.has(pid)).begin();
  }

  #finishIfLast(): void {
    const then = this.#stopping;
    if (then === undefined || this.#peers.living.length > 0) return;
    const { successor, pidFile, report } = this.#plan;
    releasePidFile(this.#host, pidFile);
    report({ event: 'stopped', then });
    if (then === 'restart') this.#host.process.exec(successor.program, successor.args);
    // An exec that returns has failed.
    this.#host.process.exit(then === 'restart' ? EXIT_FAILURE : EXIT_CLEAN);
  }
}
