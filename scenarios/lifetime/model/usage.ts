/**
 * The command lines of both daemons (README of src/impl/lifetime), a second time.
 */
import { type Grammar, wrongIn } from '../../usage.ts';

const HOUR = 3_600_000;
const PAYLOAD_MOST = 4_294_967_295;
const COMMON: Grammar = { profile: new Set(['corrected', 'as-written']), quirk: 'anything' };

const isPort = (text: string): boolean => /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
/** ADDRESS:PORT, or [ADDRESS]:PORT. */
const isEndpoint = (text: string): boolean => {
  const colon = text.lastIndexOf(':');
  const [host, port] = [text.slice(0, Math.max(0, colon)), text.slice(colon + 1)];
  const isBracketed = host.startsWith('[') && host.endsWith(']');
  const bare = isBracketed ? host.slice(1, -1) : host;
  return colon > 0 && isPort(port) && bare !== '' && !/\s|\]/.test(bare) && (isBracketed || !bare.includes(':'));
};
const isByte = (text: string): boolean => /^\d{1,3}$/.test(text) && Number(text) <= 255;
const isEvent = (text: string): boolean => {
  const parts = text.split(',');
  return parts.length === 2 && parts.every(isByte);
};
const isSize = (size: string | undefined): boolean => size === undefined || (/^\d*$/.test(size) && Number(size) <= PAYLOAD_MOST);
const isMessage = (text: string): boolean => {
  const [, body = '', size] = text.split(':');
  return /^(?:[0-9a-fA-F]{2})*$/.test(body) && isSize(size);
};
const isBlob = (text: string): boolean => {
  const [, files = '', size] = text.split(':');
  return files !== '' && isSize(size);
};

const childGrammar = (args: readonly string[]): Grammar => {
  // Who listens nowhere is not asked where.
  const listens = (off: string): Grammar[string] => ({ each: value => args.includes(off) || isEndpoint(value) });
  return {
    ...COMMON,
    pipetx: [0, 1_048_575],
    piperx: [0, 1_048_575],
    lifetimeevents: 'nothing',
    boundaddrevents: 'nothing',
    listen: listens('--nolisten'),
    rpclisten: listens('--norpc'),
    nolisten: 'nothing',
    norpc: 'nothing',
    'event-ids': new Set(['constants', 'comment']),
    'open-delay': [0, HOUR],
    database: 'anything',
    'ipc-only': 'nothing',
    event: { each: isEvent },
    message: { each: isMessage },
    blob: { each: isBlob },
    repeat: [0, 1_000_000],
  };
};

const PARENT: Grammar = {
  ...COMMON,
  'stop-after': [0, HOUR],
  grace: [0, HOUR],
  'kill-after': [0, HOUR],
  'payload-limit': [0, PAYLOAD_MOST],
};

export const wrongForChild = (args: readonly string[]): readonly string[] => wrongIn(args, childGrammar(args));

/** Its own options, and that there is a program behind them. */
export function wrongForParent(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  const own = end < 0 ? args : args.slice(0, end);
  const isAlone = end < 0 || args.slice(end + 1).length === 0;
  return [...wrongIn(own, PARENT), ...(isAlone ? ['PROGRAM'] : [])];
}
