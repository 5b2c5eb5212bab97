/**
 * From what Node throws to the POSIX codes of the contract.
 * Lacks: texts for people beyond the call; the raw code is kept there when the contract has no name for it.
 */
import type { HostError, HostErrorCode, Result } from '../host/result.ts';
import { HOST_ERROR_CODES } from '../host/result.ts';

/** What failed, as the contract says it. A code the contract does not list becomes EIO, and `call` tells which it was. */
export function hostError(thrown: unknown, call: string): HostError {
  const raw = codeOf(thrown);
  const code = KNOWN.get(raw);
  return code === undefined ? { code: 'EIO', call: `${call}: ${raw}` } : { code, call };
}

export const refuse = (thrown: unknown, call: string): Result<never> => ({ ok: false, error: hostError(thrown, call) });

export function codeOf(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return String(thrown);
  if ('code' in thrown && typeof thrown.code === 'string') return thrown.code;
  return 'message' in thrown ? String(thrown.message) : 'unknown error';
}

/** The contract's own codes, and the few of Linux and Node that mean the same as one of them. */
const KNOWN: ReadonlyMap<string, HostErrorCode> = new Map<string, HostErrorCode>([
  ...HOST_ERROR_CODES.map((code): [string, HostErrorCode] => [code, code]),
  ['ENFILE', 'EMFILE'],
  ['EDQUOT', 'ENOSPC'],
  ['EOPNOTSUPP', 'ENOTSUP'],
  ['ENETDOWN', 'ENETUNREACH'],
  ['ENONET', 'EHOSTUNREACH'],
  ['ENOTCONN', 'ECONNRESET'],
  ['EPROTONOSUPPORT', 'EAFNOSUPPORT'],
  ['ELIBBAD', 'ENOEXEC'],
  ['EHOSTDOWN', 'EHOSTUNREACH'],
  ['ERR_SOCKET_BAD_PORT', 'EINVAL'],
  ['ERR_INVALID_ARG_VALUE', 'EINVAL'],
  ['ERR_INVALID_ARG_TYPE', 'EINVAL'],
  ['ERR_INVALID_IP_ADDRESS', 'EINVAL'],
  ['ERR_INVALID_FD_TYPE', 'EINVAL'],
]);
