/**
 * Somebody who sends signals: `--send=MS:SIGNAL:TO`, to `gateway` or `lond` (by its pid file), or to the newest process that has written
 * the log as that host (`h2`).
 */
import { textOf } from '../../../src/host/bytes.ts';
import type { Daemon, Host } from '../../../src/host/host.ts';
import { SIGNALS } from '../../../src/host/signal.ts';
import { millis } from '../../../src/host/time.ts';
import { Options } from '../../../src/impl/lonc/options.ts';
import { GATEWAY_LOG, GATEWAY_PID, LOND_PID } from '../parts/places.ts';

const PID_FILES: Readonly<Record<string, string>> = { gateway: GATEWAY_PID, lond: LOND_PID };

export const operator: Daemon = host => {
  const options = new Options(host.process.args);
  for (const text of options.all('send')) {
    const [when = '', name = '', to = ''] = text.split(':');
    const signal = SIGNALS.find(each => each === name);
    if (signal === undefined) throw new Error(`there is no signal ${name}`);
    host.clock.setTimer(millis(Number(when)), () => {
      const file = PID_FILES[to];
      const pid = file === undefined ? newest(host, to) : pidIn(host, file);
      if (pid !== undefined) host.process.kill(pid, signal);
    });
  }
};

const contentOf = (host: Host, path: string): string => {
  const read = host.storage.read(path);
  return read.ok ? textOf(read.value) : '';
};

function pidIn(host: Host, path: string): number | undefined {
  const pid = Number.parseInt(contentOf(host, path), 10);
  return Number.isNaN(pid) ? undefined : pid;
}

function newest(host: Host, tag: string): number | undefined {
  const lines = contentOf(host, GATEWAY_LOG).split('\n');
  const last = lines.findLast(line => line.includes(` [${tag}] `));
  const pid = /\(([0-9]+)\) \[/.exec(last ?? '')?.[1];
  return pid === undefined ? undefined : Number(pid);
}
