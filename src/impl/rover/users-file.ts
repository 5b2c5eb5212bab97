/**
 * The file of users, as programs find it (R3). A daemon that cannot use it does not start: without it nobody but nobody would be known.
 */
import type { Host } from '../../host/host.ts';
import { EXIT_USAGE } from '../command-line/exit.ts';
import { failed } from './log.ts';
import { type Users, usersOf } from './users.ts';

/** What is wrong with it is in the log. */
export function usersIn(host: Host, path: string | undefined): Users | undefined {
  if (path === undefined) return new Map();
  const file = host.storage.read(path);
  const users = file.ok ? usersOf(file.value) : { problem: `${path}: ${file.error.code}` };
  if (!('problem' in users)) return users;
  failed(host)['no-users'](users);
  return undefined;
}

/** Ends the process where it cannot be used. */
export const readUsers = (host: Host, path: string | undefined): Users => usersIn(host, path) ?? host.process.exit(EXIT_USAGE);
