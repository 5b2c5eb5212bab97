/** A client that has its numbers added up. Where the connection breaks it begins anew. Arguments: port, numbers, address. */
import { type Daemon, millis, seconds, utf8 } from 'slipway';
import { lineReader } from './wire.ts';

const RETRY = seconds(1);
/** Before it says something. */
const THINKS = millis(200);

export const client: Daemon = host => {
  const [port = '7000', numbers = '1,2', address = '127.0.0.1'] = host.process.args;
  const sum = numbers.split(',').reduce((total, number) => total + Number(number), 0);
  attempt();

  function again(): void {
    host.clock.setTimer(RETRY, attempt);
  }

  function attempt(): void {
    host.network.connect({ transport: 'tcp', address, port: Number(port) }, {}, result => {
      if (!result.ok) {
        again();
        return { data: () => {} };
      }
      const stream = result.value;
      const left = ['HELLO client', ...numbers.split(',').map(number => `ADD ${number}`), 'BYE'];
      let total = 0;
      const sayNext = () => {
        host.clock.setTimer(THINKS, () => {
          const next = left.shift();
          if (next !== undefined) stream.write(utf8(`${next}\n`));
        });
      };
      const giveUp = () => {
        left.length = 0;
        stream.close();
        again();
      };
      sayNext();
      return {
        data: lineReader(line => {
          const [verb, word] = line.split(' ');
          if (verb === 'TOTAL') total = Number(word);
          if (verb === 'BYE') {
            host.log('info', 'done', { total, right: total === sum });
            host.process.exit(0);
          }
          sayNext();
        }),
        end: giveUp,
        close: giveUp,
      };
    });
  }
};
