/**
 * The peers of a supervisor and the lives of their children, sans IO: what has died may be started again, so many times,
 * and then no more until somebody asks. Rule 1: every change of a peer's state is in TRANSITIONS; what is absent is refused.
 */
import type { Pid } from '../../host/host.ts';
import type { Duration, Instant } from '../../host/time.ts';
import { since } from '../../host/time.ts';

/**
 * idle: never started. running: has a living child. given-up: dead for good, until re-armed. stopping: its child was told
 * to end. stopped: nothing will be started any more.
 */
export type PeerState = 'idle' | 'running' | 'given-up' | 'stopping' | 'stopped';
export type PeerInput = 'start' | 'restart' | 'give-up' | 'rearm' | 'stop' | 'ended';

export const TRANSITIONS: Readonly<Record<PeerState, Readonly<Partial<Record<PeerInput, PeerState>>>>> = {
  idle: { start: 'running', 'give-up': 'given-up' },
  running: { restart: 'running', 'give-up': 'given-up', stop: 'stopping' },
  'given-up': { rearm: 'running' },
  stopping: { ended: 'stopped' },
  stopped: {},
};

export interface RestartPolicy {
  /** Restarts a peer gets beside its first life. */
  readonly attemptsMax: number;
  /** A life at least this long was a success: the count begins anew. Absent: only re-arming does that. */
  readonly healthyLife: Duration | undefined;
  /**
   * Whom re-arming starts. `given-up`: those that were given up. `spent`: those whose attempts are spent, whether or not
   * their last child lives: there may be two children then.
   */
  readonly rearm: 'given-up' | 'spent';
}

interface Peer {
  state: PeerState;
  attempts: number;
}

interface Life {
  readonly peer: string;
  readonly began: Instant;
}

/** What to do after a death. `attempt` counts from 1. */
export type AfterDeath =
  | { readonly verdict: 'restart'; readonly attempt: number }
  | { readonly verdict: 'give-up' }
  | { readonly verdict: 'nothing' };

export class Peers {
  readonly #policy: RestartPolicy;
  readonly #peers: Map<string, Peer> = new Map();
  readonly #lives: Map<Pid, Life> = new Map();

  constructor(names: readonly string[], policy: RestartPolicy) {
    this.#policy = policy;
    for (const name of names) this.#peers.set(name, { state: 'idle', attempts: 0 });
  }

  get names(): readonly string[] {
    return [...this.#peers.keys()];
  }

  /** Living children, oldest first. */
  get living(): readonly (readonly [pid: Pid, peer: string])[] {
    return [...this.#lives].map(([pid, { peer }]) => [pid, peer] as const);
  }

  state(name: string): PeerState {
    return this.#peer(name).state;
  }

  /** The child of a peer that was idle, restarted or re-armed. */
  born(name: string, pid: Pid, now: Instant): void {
    const peer = this.#peer(name);
    if (peer.state === 'idle') this.#move(peer, 'start');
    this.#lives.set(pid, { peer: name, began: now });
  }

  /** Undefined: no child of ours. */
  died(pid: Pid, now: Instant): ({ readonly peer: string } & AfterDeath) | undefined {
    const life = this.#lives.get(pid);
    if (life === undefined) return undefined;
    this.#lives.delete(pid);
    const { healthyLife } = this.#policy;
    const peer = this.#peer(life.peer);
    if (healthyLife !== undefined && since(life.began, now) >= healthyLife) peer.attempts = 0;
    return { peer: life.peer, ...this.#afterDeath(life.peer, peer) };
  }

  /** A child that could not even be started died at once. */
  stillborn(name: string): AfterDeath {
    const peer = this.#peer(name);
    if (peer.state === 'idle') this.#move(peer, 'start');
    return this.#afterDeath(name, peer);
  }

  /** Begins all counts anew. Returns the peers that are to be started. */
  rearm(): readonly string[] {
    const starts: string[] = [];
    for (const [name, peer] of this.#peers) {
      const spent = this.#policy.rearm === 'spent' && peer.state === 'running' && peer.attempts >= this.#policy.attemptsMax;
      peer.attempts = 0;
      if (peer.state === 'given-up') this.#move(peer, 'rearm');
      else if (!spent) continue;
      starts.push(name);
    }
    return starts;
  }

  /** Nothing is started any more. */
  stop(): void {
    for (const peer of this.#peers.values()) {
      if (peer.state === 'running') this.#move(peer, 'stop');
      else peer.state = 'stopped';
    }
  }

  #afterDeath(name: string, peer: Peer): AfterDeath {
    const twin = (): boolean => [...this.#lives.values()].some(life => life.peer === name);
    if (peer.state === 'stopping') {
      if (!twin()) this.#move(peer, 'ended');
      return { verdict: 'nothing' };
    }
    if (peer.state !== 'running') return { verdict: 'nothing' };
    if (peer.attempts < this.#policy.attemptsMax) {
      peer.attempts += 1;
      this.#move(peer, 'restart');
      return { verdict: 'restart', attempt: peer.attempts };
    }
    if (twin()) return { verdict: 'nothing' };
    this.#move(peer, 'give-up');
    return { verdict: 'give-up' };
  }

  #move(peer: Peer, input: PeerInput): void {
    const next = TRANSITIONS[peer.state][input];
    if (next === undefined) throw new Error(`'${input}' of a peer that is ${peer.state}`);
    peer.state = next;
  }

  #peer(name: string): Peer {
    const peer = this.#peers.get(name);
    if (peer === undefined) throw new Error(`no peer '${name}'`);
    return peer;
  }
}
