/** The daemon: it has the network and the table, and parses nothing itself. Arguments: port, address. */
import { type Daemon, utf8 } from 'slipway';
import { advance, newSession, TABLE } from './table.ts';
import { lineReader, requestOf } from './wire.ts';

/** Other tables and readers make mutants. */
export const server =
  (table = TABLE, reader = lineReader): Daemon =>
  host => {
    const [port = '7000', address = '127.0.0.1'] = host.process.args;
    host.network.listen(
      { transport: 'tcp', address, port: Number(port) },
      { backlog: 8 },
      {
        opened: result => {
          host.log('info', 'listens', { ok: result.ok });
          if (!result.ok) host.process.exit(1);
        },
        accept: stream => {
          const session = newSession();
          return {
            data: reader(line => {
              const answer = advance(table, session, requestOf(line));
              if (answer === undefined) return;
              stream.write(utf8(`${answer}\n`));
              if (session.state === 'over') stream.end();
            }),
            end: () => stream.close(),
          };
        },
      },
    );
  };
