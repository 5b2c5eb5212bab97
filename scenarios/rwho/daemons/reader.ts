/**
 * ruptime, again and again: says in its log which host is up or down whenever that changes, and what is no whole record.
 *  --every=MICROSECONDS  between two looks
 *  --from=MS --until=MS  when
 *  --clock               says after each look what time it is
 *  --variant=NAME        of the readers that were published
 *  --lines               says at each look what ruptime and rwho print, each time with other flags
 */
import type { Daemon } from '../../../src/host/host.ts';
import { micros, millis } from '../../../src/host/time.ts';
import { Options } from '../../../src/impl/command-line/options.ts';
import { ruptime } from '../../../src/impl/rwho/readers/ruptime.ts';
import { rwho } from '../../../src/impl/rwho/readers/rwho.ts';
import { listSpool, SPOOL } from '../../../src/impl/rwho/readers/spool-files.ts';
import { CORRECTED, variantNamed } from '../../../src/impl/rwho/readers/variant.ts';
import { secondsOf } from '../../../src/impl/rwho/time.ts';
import { ENTRY, HEADER } from '../../../src/impl/rwho/wire.ts';

const DAY = 86_400_000;
const FLAGS: readonly string[] = ['-', '-a', '-l', '-t', '-u', '-r', '-ar', '-lr', '-tr', '-ur'];

export const reader: Daemon = host => {
  const { clock, log, storage } = host;
  const options = new Options(host.process.args);
  const every = micros(options.number('every', 1_000_000_000, 10) ?? 15_000_000);
  const from = millis(options.number('from', DAY) ?? 0);
  const until = clock.monotonic() + millis(options.number('until', DAY) ?? DAY);
  const variant = variantNamed(options.text('variant') ?? '') ?? CORRECTED;
  const tellsTime = options.flag('clock');
  const tellsLines = options.flag('lines');
  if (options.problem !== undefined) throw new Error(options.problem);
  const said = new Map<string, boolean>();
  let looks = 0;
  const printed = (now: number): void => {
    const flags = FLAGS[looks++ % FLAGS.length] ?? '-';
    const where = { storage, spool: SPOOL, now, variant };
    for (const text of ruptime([flags], where).out) log('info', 'ruptime', { flags, text });
    const all = flags === '-a' ? flags : '-';
    for (const text of rwho([all], { ...where, zone: () => 0 }).out) log('info', 'rwho', { flags: all, text });
    log('info', 'printed', { flags, now });
  };
  const look = (): void => {
    const listing = listSpool(storage, SPOOL);
    for (const { file, bytes, error } of listing.ok ? listing.found : []) {
      const whole = error !== undefined || (bytes !== undefined && (bytes.length - HEADER) % ENTRY === 0);
      if (!whole) log('warning', 'torn', { file, length: bytes?.length ?? 0 });
    }
    const now = secondsOf(clock.wall());
    const { hosts } = ruptime(['-a'], { storage, spool: SPOOL, now, variant });
    for (const { name, up } of hosts) {
      if (said.get(name) !== up) log('info', 'verdict', { host: name, up });
      said.set(name, up);
    }
    for (const name of said.keys()) {
      if (hosts.some(each => each.name === name)) continue;
      said.delete(name);
      log('info', 'gone', { host: name });
    }
    if (tellsTime) log('info', 'looked', { now });
    if (tellsLines) printed(now);
    if (clock.monotonic() < until) clock.setTimer(every, look);
  };
  clock.setTimer(from, look);
};
