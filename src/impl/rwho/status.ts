/**
 * What this machine says of itself: a report made of what the Host knows (A4).
 * Lacks: sending it (rwhod.ts).
 * May import: host, its own folder.
 */
import type { Host, Login } from '../../host/host.ts';
import { shortName } from './name.ts';
import type { Quirks } from './quirks.ts';
import { QUIRK } from './quirks.ts';
import { secondsOf, stampOf } from './time.ts';
import type { Entry, Status } from './wire.ts';
import { ENTRIES_MAX, encode, HOSTNAME_MAX, OFFSET, TEXT_MAX } from './wire.ts';

const MICROSECONDS = 1_000_000;
/** gethostname fails for Debian's sender from here on (RW-24). */
const LONG_NAME = 63;
const NAME_FIELD = 32;

/** `undefined`: there is nothing to send, because a quirk has ended the sender. */
export function ownReport(host: Host, quirks: Quirks): Uint8Array | undefined {
  const { system, clock } = host;
  const full = system.hostName();
  if (quirks.has(QUIRK.LONG_NAME_ENDS) && full.length >= LONG_NAME) return undefined;
  const hostName = shortName(full);
  const logins = system.logins();
  const entries = logins.ok ? entriesOf(logins.value, quirks) : [];
  const status: Status = {
    sendTime: stampOf(secondsOf(clock.wall())),
    receiveTime: 0,
    hostName,
    load: system.loadAverages(),
    bootTime: stampOf(secondsOf(system.bootTime())),
    entries: quirks.has(QUIRK.FORGET_USERS) ? [] : entries,
  };
  return spoilt(host, encode(status), hostName, quirks);
}

function entriesOf(logins: readonly Login[], quirks: Quirks): readonly Entry[] {
  const most = quirks.has(QUIRK.SKIP_LAST_SLOT) ? ENTRIES_MAX - 1 : ENTRIES_MAX;
  return logins.slice(0, most).map((login, index): Entry => {
    const { line, user, since } = login;
    const skipped = quirks.has(QUIRK.IDLE_OF_EVERY_SECOND) && index % 2 === 1;
    return {
      line: line.slice(0, TEXT_MAX),
      name: user.slice(0, TEXT_MAX),
      loginTime: stampOf(secondsOf(since)),
      idle: skipped ? 0 : idleOf(login, quirks),
    };
  });
}

function idleOf({ idle, user }: Login, quirks: Quirks): number {
  if (idle !== undefined) return stampOf(Math.floor(idle / MICROSECONDS));
  if (!quirks.has(QUIRK.IDLE_OF_NAME)) return 0;
  // A field of 32 bytes is copied into one of eight: these four land in the idle time, which is then sent as it is.
  const byte = (at: number): number => user.charCodeAt(at) || 0;
  return (byte(12) << 24) | (byte(13) << 16) | (byte(14) << 8) | byte(15);
}

function spoilt(host: Host, bytes: Uint8Array, hostName: string, quirks: Quirks): Uint8Array {
  if (quirks.has(QUIRK.SPILL_NAME)) {
    for (let index = HOSTNAME_MAX; index < hostName.length && OFFSET.hostName + index < OFFSET.bootTime; index++)
      bytes[OFFSET.hostName + index] = hostName.charCodeAt(index);
  }
  if (quirks.has(QUIRK.LEAK_STACK)) {
    host.random.fill(bytes.subarray(OFFSET.receiveTime, OFFSET.receiveTime + 4));
    const end = OFFSET.hostName + Math.min(hostName.length, HOSTNAME_MAX) + 1;
    host.random.fill(bytes.subarray(end, OFFSET.hostName + NAME_FIELD - 1));
  }
  return bytes;
}
