/**
 * Says who is logged in on its machine, which is not seen otherwise: since when, and when each has typed last, in microseconds of the
 * clock.
 */
import type { Daemon } from '../../../src/host/host.ts';

export const witness: Daemon = ({ clock, log, system }) => {
  const logins = system.logins();
  log('info', 'people', { known: logins.ok });
  for (const { line, user, since, idle } of logins.ok ? logins.value : [])
    log('info', 'person', { line, user, since, ...(idle === undefined ? {} : { typed: clock.wall() - idle }) });
};
