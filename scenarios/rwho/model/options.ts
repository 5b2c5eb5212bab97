/**
 * What a rwhod was told, and what of it cannot be: read off its command line a second time.
 */
import { seconds } from '../../../src/host/time.ts';
import { type Grammar, wrongIn } from '../../usage.ts';

export interface Options {
  /** Words of the command line that cannot be. */
  readonly wrong: readonly string[];
  readonly port: number;
  readonly interval: number;
  readonly records: number;
  readonly forwards: boolean;
  /** As datagrams name them. */
  readonly neighbours: readonly string[];
  /** Names of interfaces; none for all. */
  readonly interfaces: readonly string[];
  readonly broadcasts: boolean;
  readonly links: boolean;
  readonly multicasts: boolean;
  readonly learns: boolean;
}

const NEIGHBOURS_MOST = 64;
const isAddress = (text: string): boolean => {
  const parts = text.split('.');
  return parts.length === 4 && parts.every(each => /^\d{1,3}$/.test(each) && Number(each) <= 255);
};
const isNeighbour = (text: string): boolean => {
  const [address = '', port = '1', ...rest] = text.split(':');
  return rest.length === 0 && isAddress(address) && /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535;
};
const GRAMMAR: Grammar = {
  profile: new Set(['corrected', 'as-written']),
  quirk: 'anything',
  spool: 'anything',
  port: [1, 65_535],
  address: isAddress,
  interval: [1, 660],
  interface: { each: () => true },
  'no-broadcast': 'nothing',
  'no-point-to-point': 'nothing',
  multicast: 'nothing',
  neighbour: { each: isNeighbour },
  learn: new Set(['yes', 'no']),
  forward: 'nothing',
  records: [1, 100_000],
  'sender-only': 'nothing',
};

export function optionsIn(args: string): Options {
  const given = args.split(' ').filter(each => each !== '');
  const all = (name: string): readonly string[] =>
    given.filter(each => each.startsWith(`--${name}=`)).map(each => each.slice(name.length + 3));
  const number = (name: string, otherwise: number): number => Number(all(name).at(-1) ?? otherwise);
  const port = number('port', 513);
  const neighbours = all('neighbour');
  return {
    wrong: [...wrongIn(given, GRAMMAR), ...(neighbours.length > NEIGHBOURS_MOST ? ['--neighbour='] : [])],
    port,
    interval: seconds(number('interval', 180)),
    records: number('records', 4_096),
    forwards: given.includes('--forward'),
    neighbours: neighbours.map(each => (each.includes(':') ? each : `${each}:${port}`)),
    interfaces: all('interface'),
    broadcasts: !given.includes('--no-broadcast'),
    links: !given.includes('--no-point-to-point'),
    multicasts: given.includes('--multicast'),
    learns: all('learn').at(-1) !== 'no',
  };
}
