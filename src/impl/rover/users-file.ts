/**
 * The file of users, as programs find it (R3). One that cannot be used ends the process: without it nobody but nobody would be known.
 */
import type { Host } from '../../host/host.ts';
import { EXIT_USAGE } from '../command-line/exit.ts';
import { failed } from './log.ts';
import { type Users, usersOf } from './users.ts';

export function readUsers(host: Host, path: string | undefined): Users {
  if (path === undefined) return new Map();
  const file = host.storage.read(path);
  const users = file.ok ? usersOf(file.value) : { problem: `${path}: ${file.error.code}` };
  if (!('problem' in users)) return users;
  failed(host)['no-users'](users);
  return host.process.exit(EXIT_USAGE);
}
