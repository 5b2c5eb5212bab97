/**
 * The world's errors: a value with a POSIX code, never an exception.
 * Lacks: error classes and stacks. A bug of ours throws; a violation by the peer is an event of its protocol.
 */

/**
 * The POSIX codes a Host may answer with (IEEE Std 1003.1, errno.h): what the manual pages say of the calls it is made of, less what
 * cannot come about. test/host/errors.test.ts has them call by call, with the reason for each that is left out.
 */
export const HOST_ERROR_CODES = [
  'E2BIG',
  'EACCES',
  'EADDRINUSE',
  'EADDRNOTAVAIL',
  'EAFNOSUPPORT',
  'EAGAIN',
  'EBADF',
  'EBUSY',
  'ECHILD',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EEXIST',
  'EFBIG',
  'EHOSTUNREACH',
  'EINVAL',
  'EIO',
  'EISDIR',
  'ELOOP',
  'EMFILE',
  'EMLINK',
  'EMSGSIZE',
  'ENAMETOOLONG',
  'ENETUNREACH',
  'ENOBUFS',
  'ENODEV',
  'ENOENT',
  'ENOEXEC',
  'ENOMEM',
  'ENOPROTOOPT',
  'ENOSPC',
  'ENOTDIR',
  'ENOTEMPTY',
  'ENOTSUP',
  'ENXIO',
  'EOVERFLOW',
  'EPERM',
  'EPIPE',
  'EPROTOTYPE',
  'EROFS',
  'ESRCH',
  'ESTALE',
  'ETIMEDOUT',
  'ETXTBSY',
  'EXDEV',
] as const;
Object.freeze(HOST_ERROR_CODES);

export type HostErrorCode = (typeof HOST_ERROR_CODES)[number];

export interface HostError {
  readonly code: HostErrorCode;
  /** The call that failed and on what: `bind /run/lonc/msul1`. For people, never to be compared. */
  readonly call: string;
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: HostError };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
export const fail = (code: HostErrorCode, call: string): Result<never> => ({ ok: false, error: { code, call } });
export const DONE: Result<void> = Object.freeze({ ok: true, value: undefined });
