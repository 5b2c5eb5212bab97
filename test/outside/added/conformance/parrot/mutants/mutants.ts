/** The mutants of parrot. */
import { EMPTY, textOf, utf8 } from '../../../src/host/bytes.ts';
import type { Daemon, Programs } from '../../../src/host/host.ts';
import { parrot } from '../../../src/impl/parrot/parrot.ts';
import { TRAPS } from '../../../src/impl/parrot/quirks.ts';
import { caught, failsIn } from '../../mutants.ts';
import { replaced } from '../../replaced.ts';
import type { Mutant } from '../../suite.ts';
import fails from './fails.json' with { type: 'json' };

const failsOf = failsIn('parrot', fails);
const mutant = (name: string, text: string, program: string, ...args: readonly string[]): Mutant => ({
  name: `server/${name}`,
  role: 'server',
  text,
  program,
  args: ['{options}', ...args],
  fails: failsOf('server', name),
});

/** What it writes is changed; `at` counts the writes of a connection from 0. */
const saying =
  (change: (bytes: Uint8Array, at: number) => Uint8Array): Daemon =>
  host => {
    const { network } = host;
    const listen: typeof network.listen = (at, options, handler) =>
      network.listen(at, options, {
        opened: result => handler.opened(result),
        accept: stream => {
          let count = 0;
          return handler.accept(replaced(stream, { write: bytes => stream.write(change(bytes, count++)) }));
        },
      });
    parrot(replaced(host, { network: replaced(network, { listen }) }));
  };

export const CANDIDATES: readonly Mutant[] = [
  mutant('shouts', 'says everything in capital letters', 'parrot-shouts'),
  mutant('tired', 'says one line back and no more', 'parrot-tired'),
  ...TRAPS.map(({ id, text, quirk }) => mutant(id.toLowerCase(), `${text} (${id})`, 'parrot', `--quirk=${quirk}`)),
];
export const MUTANTS: readonly Mutant[] = caught(CANDIDATES, fails);
export const MUTANT_PROGRAMS: Programs = {
  'parrot-shouts': saying(bytes => utf8(textOf(bytes).toUpperCase())),
  'parrot-tired': saying((bytes, at) => (at === 0 ? bytes : EMPTY)),
};
