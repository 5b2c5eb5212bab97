/**
 * What this machine says of itself: a report made of what the Host knows (A4).
 * Lacks: sending it (server.ts).
 */
import type { Host, Login, Random } from '../../host/host.ts';
import { shortName } from './name.ts';
import { secondsOf, stampOf } from './time.ts';
import { ENTRIES_MAX, type Entry, encode, type Status, TEXT_MAX } from './wire.ts';

const MICROSECONDS = 1_000_000;

export interface ReportRules {
  /** What a machine of that host name calls itself; undefined for nothing: its sender ends. */
  readonly hostName: (hostName: string) => string | undefined;
  /** People who are told of. */
  readonly entriesMost: number;
  /** Whether the idle time of the person at that index is told. */
  readonly tellsIdle: (index: number) => boolean;
  /** The idle time, a stamp, of somebody whose terminal has no node. */
  readonly idleUnknown: (user: string) => number;
  readonly encodes: (status: Status) => Uint8Array;
  /** What becomes of the bytes of a report that say nothing. */
  readonly unsaid: (report: Uint8Array, hostName: string, random: Random) => void;
}

export const CORRECTED_REPORT: ReportRules = {
  hostName: shortName, // RW-24: the first component, of which the field takes 31 bytes
  entriesMost: ENTRIES_MAX, // RW-30, RW-60: as many as there is room for, each time
  tellsIdle: () => true, // RW-59: everybody's is
  idleUnknown: () => 0, // RW-27: a name is no time
  encodes: encode, // RW-26: a long name is cut
  unsaid: () => {}, // RW-25: what nobody says is zero
};

/** `undefined`: there is nothing to send, and a process that only sends ends. */
export function ownReport({ system, clock, random }: Host, rules: ReportRules): Uint8Array | undefined {
  const hostName = rules.hostName(system.hostName());
  if (hostName === undefined) return undefined;
  const logins = system.logins();
  const report = rules.encodes({
    sendTime: stampOf(secondsOf(clock.wall())),
    receiveTime: 0,
    hostName,
    load: system.loadAverages(),
    bootTime: stampOf(secondsOf(system.bootTime())),
    entries: logins.ok ? entriesOf(logins.value, rules) : [],
  });
  rules.unsaid(report, hostName, random);
  return report;
}

const entriesOf = (logins: readonly Login[], rules: ReportRules): readonly Entry[] =>
  logins.slice(0, rules.entriesMost).map((login, index) => ({
    line: login.line.slice(0, TEXT_MAX),
    name: login.user.slice(0, TEXT_MAX),
    loginTime: stampOf(secondsOf(login.since)),
    idle: rules.tellsIdle(index) ? idleOf(login, rules) : 0,
  }));

const idleOf = ({ idle, user }: Login, rules: ReportRules): number =>
  idle === undefined ? rules.idleUnknown(user) : stampOf(Math.floor(idle / MICROSECONDS));
