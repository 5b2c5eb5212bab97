/**
 * Becoming another user of this machine: initgroups(3), setgid(2), setuid(2), in that order, since each needs the rights that the last one gives up.
 * Lacks: users that are in no /etc/passwd, but in a directory service.
 */
import { readFileSync } from 'node:fs';
import { isUnfit } from '../host/arguments.ts';
import { DONE, fail, type Result } from '../host/result.ts';
import { refuse } from './errors.ts';

/** Of Node since 0.9, and missing in its types. */
interface Initgroups {
  initgroups?(user: string, group: number): void;
}

const PASSWD = '/etc/passwd';

/** `alone`: this process is nobody else's, so that its rights may change. */
export function become(user: string, alone: boolean): Result<void> {
  const call = `become ${user}`;
  try {
    const ids = idsOf(user, readFileSync(PASSWD, 'utf8'));
    if (ids === undefined) return fail('ENOENT', call);
    if (!alone || process.getuid?.() !== 0) return fail('EPERM', call);
    (process as Initgroups).initgroups?.(user, ids.gid);
    process.setgid?.(ids.gid);
    process.setuid?.(ids.uid);
    return DONE;
  } catch (thrown) {
    return refuse(thrown, call);
  }
}

/** passwd(5): name, password, uid, gid, and more, with colons between. */
function idsOf(user: string, passwd: string): { readonly uid: number; readonly gid: number } | undefined {
  if (user === '' || isUnfit(user)) return undefined;
  for (const line of passwd.split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name === user && uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  return undefined;
}
