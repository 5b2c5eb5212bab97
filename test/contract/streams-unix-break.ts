/**
 * Unix-domain sockets: how a connection breaks.
 */
import { type ContractCase, contractCase, must, programsOf } from './case.ts';
import { pairOf, pause, unixAt } from './kit.ts';

const SECTION = 'Unix-domain sockets: breaking';

export const UNIX_BREAK: readonly ContractCase[] = [
  contractCase(SECTION, {
    name: 'unix-write-after-unread',
    purpose:
      'A write to a peer that has closed is EPIPE at once, and SIGPIPE, also when the peer left input unread: only a read meets the reset.',
    roles: {
      *main(host, { saw }) {
        let raised = 0;
        must(host.signals.handle('SIGPIPE', () => void raised++));
        for (const unread of [false, true]) {
          const { client, server, listener } = yield* pairOf(host, unixAt(`s${unread}`), 'server');
          client.stream.pause();
          if (unread) client.write('never read');
          yield* pause(host);
          server.stream.close();
          yield* pause(host);
          client.write('one');
          yield* client.untilClosed();
          yield* pause(host);
          saw(`${unread ? 'unread input' : 'all read'}: ${client.history}, SIGPIPE ${raised}`);
          listener.close();
        }
      },
    },
    expect: { main: ['all read: close EPIPE, SIGPIPE 1', 'unread input: close EPIPE, SIGPIPE 2'] },
  }),
];

export const programs = programsOf(UNIX_BREAK);
