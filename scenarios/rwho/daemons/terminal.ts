/**
 * A terminal at which somebody puts files into a spool and then types one command after the other, and reads what it prints.
 *  --directory=NAME, --file=NAME:HEX   in the spool
 *  --types=COMMAND,ARGUMENT…           with `-` before it: and nobody reads what it prints
 */
import { unhex } from '../../../src/host/bytes.ts';
import type { Daemon, Host } from '../../../src/host/host.ts';
import { Options } from '../../../src/impl/command-line/options.ts';
import { SPOOL_PATH } from '../model/placing.ts';

export const terminal: Daemon = host => {
  const { storage, clock, log, process } = host;
  const options = new Options(process.args);
  const directories = options.all('directory');
  const files = options.all('file').map(text => text.split(':'));
  const typed = [...options.all('types')];
  if (options.problem !== undefined) throw new Error(options.problem);
  for (const name of directories) storage.makeDirectory(`${SPOOL_PATH}/${name}`);
  for (const [name = '', hex = ''] of files) storage.write(`${SPOOL_PATH}/${name}`, unhex(hex) ?? new Uint8Array(0));
  log('info', 'clock', { wall: clock.wall() });
  const next = (): void => {
    const command = typed.shift();
    if (command === undefined) process.exit(0);
    else type(host, command.split(','), next);
  };
  next();
};

function type({ descriptors, process }: Host, [program = '', ...args]: readonly string[], next: () => void): void {
  const unread = program.startsWith('-');
  const pipes = unread ? [] : [descriptors.pipe(), descriptors.pipe()].flatMap(each => (each.ok ? [each.value] : []));
  const ends = Object.fromEntries(pipes.map(({ write }, index) => [index + 1, write]));
  const spawned = process.spawn(program.replace('-', ''), args, { descriptors: ends });
  if (!spawned.ok) throw new Error(`${program}: ${spawned.error.code}`);
  for (const { read, write } of pipes) {
    descriptors.close(write);
    descriptors.attach(read, 'read', { data: () => {} });
  }
  process.wait(next);
}
