/**
 * Many connections at once that say nothing: `--server=ADDRESS:PORT --count=N --after=MS --hold=MS`: after so long they are opened, and after so
 * long all are closed, and none before, whatever comes on them; with `--leaves` whoever is told that no more comes closes at once.
 */
import type { Daemon, Stream } from '../../../src/host/host.ts';
import { millis } from '../../../src/host/time.ts';

export const crowd: Daemon = ({ clock, network, process, signals }) => {
  const given = (name: string): string => process.args.find(each => each.startsWith(`--${name}=`))?.slice(name.length + 3) ?? '';
  const [, address = '', port] = /^(.*):(\d+)$/.exec(given('server')) ?? [];
  const leaves = process.args.includes('--leaves');
  const open = new Set<Stream>();
  signals.handle('SIGPIPE', 'ignore');
  clock.setTimer(millis(Number(given('after'))), () => {
    for (let index = 0; index < Number(given('count')); index++)
      network.connect({ transport: 'tcp', address, port: Number(port) }, {}, result => {
        if (!result.ok) return { data: () => {} };
        const stream = result.value;
        open.add(stream);
        const end = (): void => {
          if (leaves && open.delete(stream)) stream.close();
        };
        return { data: () => {}, end };
      });
    clock.setTimer(millis(Number(given('hold'))), () => {
      for (const each of open) each.close();
      process.exit(0);
    });
  });
};
