/**
 * The codes of the contract, held against the manual pages of Linux (man-pages 6): whatever a call of a Host can be answered with
 * has a name in the contract, or means the same as one that has, or cannot come about. Whoever adds a call adds its row.
 */
import { describe, expect, it } from 'vitest';
import { HOST_ERROR_CODES } from '../../src/host/result.ts';
import { hostError } from '../../src/node/errors.ts';

/** Each call of the contract, what it is made of, and ERRORS of those pages, with what the pages refer to. */
const PAGES: Readonly<Record<string, string>> = {
  // path_resolution(7), open(2), read(2), write(2), ftruncate(2), close(2)
  'read, write, append':
    'EACCES EAGAIN EBUSY EDQUOT EEXIST EFAULT EFBIG EINTR EINVAL EIO EISDIR ELOOP EMFILE ENAMETOOLONG ENFILE ENODEV ENOENT ENOMEM ENOSPC ENOTDIR ENXIO EOPNOTSUPP EOVERFLOW EPERM EROFS ESTALE ETXTBSY EWOULDBLOCK',
  rename:
    'EACCES EBUSY EDQUOT EFAULT EINVAL EIO EISDIR ELOOP EMLINK ENAMETOOLONG ENOENT ENOMEM ENOSPC ENOTDIR ENOTEMPTY EEXIST EPERM EROFS ESTALE EXDEV',
  unlink: 'EACCES EBUSY EFAULT EIO EISDIR ELOOP ENAMETOOLONG ENOENT ENOMEM ENOTDIR EPERM EROFS ESTALE',
  makeDirectory:
    'EACCES EDQUOT EEXIST EFAULT EINVAL EIO ELOOP EMLINK ENAMETOOLONG ENOENT ENOMEM ENOSPC ENOTDIR EPERM EROFS ESTALE EOVERFLOW',
  list: 'EACCES EBADF EFAULT EINVAL EIO ELOOP EMFILE ENAMETOOLONG ENFILE ENOENT ENOMEM ENOTDIR EPERM ESTALE',
  stat: 'EACCES EFAULT EINVAL EIO ELOOP ENAMETOOLONG ENOENT ENOMEM ENOTDIR EOVERFLOW ESTALE',
  sync: 'EACCES EDQUOT EINTR EINVAL EIO ELOOP EMFILE ENAMETOOLONG ENFILE ENOENT ENOMEM ENOSPC ENOTDIR ENXIO EROFS ESTALE',
  // socket(2), setsockopt(2), bind(2), listen(2), tcp(7), unix(7), ip(7), ipv6(7)
  listen:
    'EACCES EADDRINUSE EADDRNOTAVAIL EAFNOSUPPORT EFAULT EINVAL ELOOP EMFILE ENAMETOOLONG ENFILE ENOBUFS ENODEV ENOENT ENOMEM ENOSPC ENOTDIR EOPNOTSUPP EPERM EPROTONOSUPPORT EROFS ESTALE EIO EDQUOT',
  // and connect(2), getsockopt(2), icmp(7)
  connect:
    'EACCES EADDRINUSE EADDRNOTAVAIL EAFNOSUPPORT EAGAIN EALREADY ECONNABORTED ECONNREFUSED ECONNRESET EFAULT EHOSTDOWN EHOSTUNREACH EINPROGRESS EINTR EINVAL EISCONN ELOOP EMFILE ENAMETOOLONG ENETDOWN ENETUNREACH ENFILE ENOBUFS ENODEV ENOENT ENOMEM ENONET ENOPROTOOPT ENOTDIR ENOTSOCK EOPNOTSUPP EPERM EPROTONOSUPPORT EPROTOTYPE ESTALE ETIMEDOUT',
  // send(2), write(2), recv(2), read(2), shutdown(2), getsockopt(2)
  'a stream':
    'EACCES EAGAIN EBADF ECONNABORTED ECONNREFUSED ECONNRESET EDESTADDRREQ EFAULT EHOSTDOWN EHOSTUNREACH EINTR EINVAL EIO EISCONN EMSGSIZE ENETDOWN ENETUNREACH ENOBUFS ENOMEM ENONET ENOPROTOOPT ENOTCONN ENOTSOCK EOPNOTSUPP EPERM EPIPE ETIMEDOUT EWOULDBLOCK',
  // udp(7), ip(7), igmp
  bind: 'EACCES EADDRINUSE EADDRNOTAVAIL EAFNOSUPPORT EFAULT EINVAL EMFILE ENFILE ENOBUFS ENODEV ENOMEM ENOPROTOOPT EPERM EPROTONOSUPPORT',
  'a datagram':
    'EACCES EADDRNOTAVAIL EAFNOSUPPORT EAGAIN EDESTADDRREQ EFAULT EHOSTDOWN EHOSTUNREACH EINTR EINVAL EMSGSIZE ENETDOWN ENETUNREACH ENOBUFS ENODEV ENOMEM EOPNOTSUPP EPERM EWOULDBLOCK',
  // pipe(2), mkfifo(3), dup(2), close(2)
  'pipe, attach, close': 'EBADF EDQUOT EFAULT EINTR EINVAL EIO EMFILE ENFILE ENOMEM ENOSPC ENXIO EROFS',
  // fork(2), execve(2), dup2(2)
  'spawn, exec':
    'E2BIG EACCES EAGAIN EBADF EBUSY EFAULT EINVAL EIO EISDIR ELIBBAD ELOOP EMFILE ENAMETOOLONG ENFILE ENOENT ENOEXEC ENOMEM ENOSYS ENOTDIR EPERM ERESTARTNOINTR ETXTBSY',
  wait: 'ECHILD EINTR EINVAL',
  kill: 'EINVAL EPERM ESRCH',
  handle: 'EFAULT EINVAL',
  logins: 'EACCES EIO ELOOP EMFILE ENFILE ENOENT ENOMEM ENOTDIR EPERM',
};

/** What none of these calls is answered with, and why. */
const IMPOSSIBLE: Readonly<Record<string, string>> = {
  EFAULT: 'addresses are those of the runtime',
  EINTR: 'every Host begins again',
  EWOULDBLOCK: 'is EAGAIN on Linux',
  EALREADY: 'a socket is connected once',
  EINPROGRESS: 'is waited for',
  EISCONN: 'a socket is connected once',
  ENOTSOCK: 'a Host knows its sockets',
  EDESTADDRREQ: 'every datagram is given its address',
  ENOSYS: 'Linux has them all',
  ERESTARTNOINTR: 'is seen by debuggers only',
};

const CODES = new Set(Object.values(PAGES).flatMap(codes => codes.split(' ')));

describe('the codes of the contract', () => {
  it('tell everything that the manual pages say a call may be answered with', () => {
    const untold = [...CODES].filter(code => IMPOSSIBLE[code] === undefined && code !== 'EIO' && hostError({ code }, 'x').code === 'EIO');
    expect(untold).toEqual([]);
  });

  it('are all told by some page, but for the one that is a Host of Node its own', () => {
    expect(HOST_ERROR_CODES.filter(code => !CODES.has(code))).toEqual(['ENOTSUP']);
  });

  it('are in order, once each, and none of them is impossible', () => {
    expect(HOST_ERROR_CODES).toEqual([...new Set(HOST_ERROR_CODES)].sort());
    expect(HOST_ERROR_CODES.filter(code => IMPOSSIBLE[code] !== undefined)).toEqual([]);
    expect(Object.keys(IMPOSSIBLE).filter(code => !CODES.has(code))).toEqual([]);
  });
});
