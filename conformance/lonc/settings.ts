/**
 * The configuration files of both daemons, as templates: `{dir}`, `{port}` and `{percent}` are those of the case.
 */

export const CONF = 'loncapa.conf';
export const HOSTS = 'tab/hosts.tab';
export const DIRECTORIES: readonly string[] = [
  'daemons',
  'daemons/logs',
  'daemons/users',
  'tab',
  'sock',
  'sock/delayed',
  'www',
  'www/lon-status',
];

/** For the machine with this host id. */
export const confOf = (id: string): string =>
  [
    '# of a conformance case',
    'PerlSetVar lonAdmEMail nobody@localhost',
    'PerlSetVar lonSysEMail nobody@localhost',
    `PerlSetVar lonHostID ${id}`,
    'PerlSetVar lonDaemons {dir}/daemons',
    'PerlSetVar lonTabDir {dir}/tab',
    'PerlSetVar lonSockDir {dir}/sock',
    'PerlSetVar lonDocRoot {dir}/www',
    'PerlSetVar londPort {port}',
    // Of our own; others do not know the variable.
    'PerlSetVar lonTimePercent {percent}',
    '',
  ].join('\n');

export const hostLine = (id: string, address = '127.0.0.1'): string => `${id}:dom:library:${id}.example:${address}\n`;
