/**
 * What a Host call may be refused for though nothing is wrong with it: something there is none left of, or a disk that fails.
 * From ERRORS of the manual pages (man-pages 6) of what each call is made of.
 * Lacks: EINTR, which every Host hides by beginning again, and what only the caller can cause.
 */
export type RefusalCode = 'EIO' | 'ENOSPC' | 'EMFILE' | 'EAGAIN' | 'ENOMEM';
/** As the trace names them. */
export type RefusableCall =
  | 'read'
  | 'write'
  | 'append'
  | 'rename'
  | 'unlink'
  | 'mkdir'
  | 'list'
  | 'stat'
  | 'sync'
  | 'listen'
  | 'connect'
  | 'bind'
  | 'pipe'
  | 'spawn';

export const REFUSALS: Readonly<Record<RefusableCall, readonly RefusalCode[]>> = Object.freeze({
  read: ['EIO', 'EMFILE', 'ENOMEM'],
  write: ['EIO', 'ENOSPC', 'EMFILE', 'ENOMEM'],
  append: ['EIO', 'ENOSPC', 'EMFILE', 'ENOMEM'],
  rename: ['EIO', 'ENOSPC', 'ENOMEM'],
  unlink: ['EIO', 'ENOMEM'],
  mkdir: ['EIO', 'ENOSPC', 'ENOMEM'],
  list: ['EIO', 'EMFILE', 'ENOMEM'],
  stat: ['EIO', 'ENOMEM'],
  sync: ['EIO', 'ENOSPC', 'EMFILE', 'ENOMEM'],
  listen: ['EMFILE', 'ENOMEM'],
  connect: ['EMFILE', 'ENOMEM'],
  bind: ['EMFILE', 'ENOMEM'],
  pipe: ['EMFILE', 'ENOMEM'],
  spawn: ['EAGAIN', 'ENOMEM'],
});

export const mayRefuse = (call: RefusableCall, code: RefusalCode): boolean => REFUSALS[call].includes(code);

/** What a program cannot get while it lasts. */
export interface Shortage {
  readonly program: string;
  readonly code: RefusalCode;
  readonly fired: () => void;
}
