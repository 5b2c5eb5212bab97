/**
 * A program around a guest that takes all there is: descriptors, and pipes where there may be no room for them. It prints what the
 * guest was answered, by call, and ends with 0 when nothing else came of it.
 *   node hungry.js    (test/node/guest.test.ts sets the limits)
 */
import type { Host } from '../../src/host/host.ts';
import type { Result } from '../../src/host/result.ts';
import { millis } from '../../src/host/time.ts';
import { createNodeHost } from '../../src/node/host.ts';

const ROUNDS = 60;
const codes: Record<string, string[]> = {};

function told(call: string, result: Result<unknown>): void {
  const code = result.ok ? 'ok' : result.error.code;
  codes[call] = [...new Set([...(codes[call] ?? []), code])].sort();
}

function hungry(host: Host): void {
  const at = { transport: 'tcp', address: '127.0.0.1', port: 0 } as const;
  host.network.listen(
    at,
    { backlog: 10 },
    {
      opened: result => {
        told('listen', result);
        if (result.ok) for (let round = 0; round < ROUNDS; round++) eat(host, result.value.local);
        host.clock.setTimer(millis(500), () => host.process.exit(3));
      },
      accept: () => ({ data: () => {} }),
    },
  );
}

function eat(host: Host, at: Parameters<Host['network']['connect']>[0]): void {
  told('pipe', host.descriptors.pipe());
  told('spawn', host.process.spawn('true', []));
  told('write', host.storage.write('/dev/null', new Uint8Array(1)));
  host.network.connect(at, {}, result => {
    told('connect', result);
    return { data: () => {} };
  });
  const opened = (call: string) => (result: Result<unknown>) => told(call, result);
  host.network.bind({ address: '127.0.0.1', port: 0 }, {}, { opened: opened('bind'), message: () => {} });
  host.network.bind(
    { address: '127.0.0.1', port: 0 },
    { groups: ['239.1.2.3'], multicastTtl: 300 },
    { opened: opened('ttl'), message: () => {} },
  );
  host.network.listen(
    { transport: 'tcp', address: '127.0.0.1', port: 0 },
    { backlog: 1 },
    { opened: opened('listen'), accept: () => ({ data: () => {} }) },
  );
}

const guest = createNodeHost({
  programs: {},
  programsModule: '/none',
  program: 'hungry',
  log: (_severity, event, fields) => told(event, { ok: false, error: { code: 'EIO', call: String(fields?.['stack']) } }),
  output: () => {},
  onExit: async status => {
    const left = await guest.close();
    process.stdout.write(JSON.stringify({ codes, status, left }));
  },
});
guest.run(hungry);
