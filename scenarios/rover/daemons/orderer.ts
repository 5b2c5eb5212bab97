/**
 * A program that has a client of ours as a library, and sends while it runs: `--wait=MS` before each `--send=` of a client but the first, in
 * their order, again from the beginning when they are used up. All else is as for `rover-client`.
 * Lacks: standard output; what is not sent when it is killed is sent by nobody.
 */
import type { Daemon } from '../../../src/host/host.ts';
import { millis, ZERO } from '../../../src/host/time.ts';
import { EXIT_CLEAN, EXIT_FAILURE } from '../../../src/impl/command-line/exit.ts';
import { Client } from '../../../src/impl/rover/client.ts';
import { clientNoted } from '../../../src/impl/rover/client-log.ts';
import { clientOptions } from '../../../src/impl/rover/client-options.ts';
import type { ClientRequest } from '../../../src/impl/rover/client-queue.ts';

const WAIT = '--wait=';

export const orderer: Daemon = host => {
  const { args } = host.process;
  const given = clientOptions(args.filter(each => !each.startsWith(WAIT)));
  const client = 'problem' in given ? given : Client.open(host, given.client);
  if ('problem' in given || 'problem' in client) return host.process.exit(EXIT_FAILURE);
  const waits = args.filter(each => each.startsWith(WAIT)).map(each => millis(Number(each.slice(WAIT.length))));
  let left = given.requests.length;
  let failed = 0;
  const end = (status: number): never => {
    client.close();
    return host.process.exit(status);
  };
  const send = (request: ClientRequest): void => {
    left -= 1;
    client.send(request, queued => {
      if (!queued.ok) failed += 1;
    });
  };
  const next = (index: number): void => {
    const request = given.requests[index];
    if (request === undefined) return;
    const wait = index === 0 ? ZERO : (waits[(index - 1) % waits.length] ?? ZERO);
    const goOn = (): void => {
      send(request);
      next(index + 1);
    };
    if (wait === 0) goOn();
    else host.clock.setTimer(wait, goOn);
  };
  next(0);
  client.start({
    answered: (_, __, { result }) => {
      if (result !== 'done') failed += 1;
    },
    idle: () => {
      if (left > 0) return;
      clientNoted(host).finished({ failed });
      end(failed === 0 ? EXIT_CLEAN : EXIT_FAILURE);
    },
    stopped: () => end(EXIT_FAILURE),
  });
};
