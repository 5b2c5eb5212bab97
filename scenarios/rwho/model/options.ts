/**
 * What a rwhod was told, as far as the model asks for it: read off its command line a second time.
 */
import { seconds } from '../../../src/host/time.ts';

export interface Options {
  readonly port: number;
  readonly interval: number;
  readonly records: number;
  readonly forwards: boolean;
  /** As datagrams name them. */
  readonly neighbours: readonly string[];
}

export function optionsIn(args: string): Options {
  const given = args.split(' ');
  const all = (name: string): readonly string[] =>
    given.filter(each => each.startsWith(`--${name}=`)).map(each => each.slice(name.length + 3));
  const number = (name: string, otherwise: number): number => Number(all(name)[0] ?? otherwise);
  const port = number('port', 513);
  return {
    port,
    interval: seconds(number('interval', 180)),
    records: number('records', 4_096),
    forwards: given.includes('--forward'),
    neighbours: all('neighbour').map(each => (each.includes(':') ? each : `${each}:${port}`)),
  };
}
