/**
 * The command line of rwhod.
 */
import { ipv4 } from '../../host/address.ts';
import { printable } from '../../host/bytes.ts';
import type { DatagramAddress } from '../../host/host.ts';
import { type Duration, seconds } from '../../host/time.ts';
import { Options } from '../command-line/options.ts';
import { quirkOptions } from '../command-line/traps.ts';
import { type Quirks, TRAPS } from './quirks.ts';
import { SPOOL } from './readers/spool-files.ts';
import { WHO_PORT } from './wire.ts';

/** `Rules`: of what decides by them, a part of rwhod or the whole. */
export interface RwhodOptions<Rules> {
  readonly spool: string;
  /** The one that everybody has to send from and to; another one is for tests without privileges. */
  readonly port: number;
  /** The local address; 0.0.0.0 for all. */
  readonly address: string;
  readonly interval: Duration;
  /** Which interfaces are used, by name; none for all. */
  readonly interfaces: readonly string[];
  readonly ways: Ways;
  /** Always talked to. */
  readonly neighbours: readonly DatagramAddress[];
  /** Whoever is heard, and is on no network that is broadcast to, becomes a neighbour. */
  readonly learns: boolean;
  /** Reports of others are passed on. */
  readonly forwards: boolean;
  /** Records that the spool has room for. */
  readonly records: number;
  readonly rules: Rules;
  /** The process that only sends (RW-23). */
  readonly senderOnly: boolean;
}

/** What an own report is sent to beside neighbours. */
export interface Ways {
  readonly broadcast: boolean;
  readonly pointToPoint: boolean;
  /** 224.0.1.3, the group of rwho. */
  readonly multicast: boolean;
}

/** The interval has been three minutes since 1984. */
const INTERVAL_SECONDS = 180;
const INTERVAL_MOST = 660;
export const RECORDS_DEFAULT = 4_096;
const RECORDS_MOST = 100_000;
const NEIGHBOURS_MOST = 64;

export function parseOptions<Rules>(
  args: readonly string[],
  rulesOf: (quirks: Quirks) => Rules,
): RwhodOptions<Rules> | { readonly problem: string } {
  const given = new Options(args);
  const port = given.number('port', 65_535, 1) ?? WHO_PORT;
  const options: RwhodOptions<Rules> = {
    spool: given.text('spool') ?? SPOOL,
    port,
    address: given.address('address') ?? '0.0.0.0',
    interval: seconds(given.number('interval', INTERVAL_MOST, 1) ?? INTERVAL_SECONDS),
    interfaces: given.all('interface'),
    ways: {
      broadcast: !given.flag('no-broadcast'),
      pointToPoint: !given.flag('no-point-to-point'),
      multicast: given.flag('multicast'),
    },
    neighbours: neighbourOptions(given, port),
    learns: given.choice('learn', ['yes', 'no'], 'yes') === 'yes',
    forwards: given.flag('forward'),
    records: given.number('records', RECORDS_MOST, 1) ?? RECORDS_DEFAULT,
    rules: rulesOf(quirkOptions(given, TRAPS)),
    senderOnly: given.flag('sender-only'),
  };
  const { problem } = given;
  return problem === undefined ? options : { problem };
}

/** `--neighbour=10.0.0.7` or `--neighbour=10.0.0.7:1513`. */
function neighbourOptions(given: Options, port: number): readonly DatagramAddress[] {
  const texts = given.all('neighbour');
  if (texts.length > NEIGHBOURS_MOST) given.refuse(`--neighbour= can be given ${NEIGHBOURS_MOST} times, not ${texts.length}`);
  return texts.slice(0, NEIGHBOURS_MOST).map(text => {
    const [address = '', own = String(port), ...rest] = text.split(':');
    const number = rest.length === 0 && /^[0-9]{1,5}$/.test(own) ? Number(own) : 0;
    if (ipv4(address) === undefined || number < 1 || number > 65_535)
      given.refuse(`--neighbour=${printable(text)}: give an IPv4 address, or address:port`);
    return { address, port: number };
  });
}
