/**
 * Reports that nobody sent, as bytes and for command lines.
 */
import { hex } from '../../../src/host/bytes.ts';
import { encode } from '../../../src/impl/rwho/wire.ts';

/** Seconds since 1970 when a world begins. */
export const EPOCH = 1_767_225_600;
/** The load of what is forged: no machine here has it. */
export const FORGED_LOAD = 99_999;

export interface Forged {
  /** Seconds of the world; may be negative. */
  readonly sent?: number;
  readonly booted?: number;
  readonly users?: number;
}

export function forged(hostName: string, { sent = 0, booted = -1_000, users = 0 }: Forged = {}): Uint8Array {
  const entry = { line: 'tty1', name: 'mallory', loginTime: EPOCH, idle: 60 };
  return encode({
    sendTime: EPOCH + sent,
    receiveTime: 0,
    hostName,
    load: [FORGED_LOAD, 0, 0],
    bootTime: EPOCH + booted,
    entries: Array.from({ length: users }, () => entry),
  });
}

/** An argument of the forger. */
export const say = (at: number, bytes: Uint8Array, port?: number): string =>
  `--say=${at}:${hex(bytes)}${port === undefined ? '' : `:${port}`}`;
