/**
 * Where things are on every machine.
 */
export const CONF = '/etc/loncapa.conf';
export const SOCKETS = '/s';
export const SPOOL = '/s/delayed';
export const LOGS = '/d/logs';
export const USERS = '/d/users';
export const GATEWAY_LOG = '/d/logs/lonc.log';
export const PERMANENT = '/d/logs/lonnet.perm.log';
export const GATEWAY_PID = '/d/logs/lonc.pid';
export const LOND_PID = '/d/logs/lond.pid';
export const DIRECTORIES: readonly string[] = [
  '/etc',
  '/d',
  '/d/logs',
  '/d/users',
  '/d/users/net',
  '/d/users/net/all',
  '/t',
  '/s',
  '/s/delayed',
  '/w',
  '/w/lon-status',
];
