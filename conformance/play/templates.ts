/**
 * Placeholders in the command line of an implementation, replaced for every case. Other braces stay as they are.
 *
 *   {host}        the address of the case: 127.0.0.1
 *   {address}     where streams meet: {host}:{port}, or the path of a Unix-domain socket, where that was named (`at`)
 *   {tester}      the address of the tester, where the implementation sends datagrams to
 *   {port}        the port of the case: where the tester listens, or where the implementation has to
 *   {dir}         the directory of the case, fresh and empty but for the files of its role
 *   {case} {role} the id of the case, the name of the role
 *   {scale}       how many times as fast the implementation's own timers are to run
 *   {percent}     the same as how long they are to take, in per cent of what they take otherwise
 *   {seconds:N}   N seconds of the implementation's own timers, as many as they are to take: whole ones, rounded up
 *   {signals}     the signals that the case will send, with commas between them
 *   {fd:CHANNEL}  the number under which the implementation inherits its end of the channel
 *   {options}     the options of the role: as a word of its own that many words, within a word quoted for a POSIX shell.
 *                 Without it they come last.
 *
 */
import type { Wiring } from '../case.ts';

/** What the placeholders stand for in one case. */
export interface Places {
  readonly host: string;
  readonly address: string;
  readonly tester: string;
  readonly port: number;
  readonly dir: string;
  readonly case: string;
  readonly role: string;
  /** In thousandths. */
  readonly scale: number;
  readonly signals: readonly string[];
}

const OPTIONS = '{options}';
const NAMES: readonly string[] = ['host', 'address', 'tester', 'port', 'dir', 'case', 'role', 'scale', 'percent', 'signals', 'options'];
const PLACEHOLDER = new RegExp(String.raw`\{(${NAMES.join('|')}|seconds:[0-9]{1,6}|fd:[^{}]*)\}`, 'g');
/** What looks like one. */
const BRACED = /\{[a-z]+(?::[^{}\s]*)?\}/g;

/** Of the text of a file or of an option, which has no descriptors. */
export function fillText(text: string, places: Places): string {
  return text.replace(PLACEHOLDER, (whole, name: string) => placeOf(name, places) ?? whole);
}

/** The arguments of the implementation, with the options of the case at their place. */
export function fillArguments(args: readonly string[], options: readonly string[], places: Places, wiring: Wiring): readonly string[] {
  const filled = args.flatMap(word => {
    if (word === OPTIONS) return options;
    return [
      word.replace(PLACEHOLDER, (whole, name: string) => {
        if (name === 'options') return options.map(quoted).join(' ');
        return name.startsWith('fd:') ? String(descriptorOf(wiring, name.slice(3)) ?? whole) : (placeOf(name, places) ?? whole);
      }),
    ];
  });
  return args.some(word => word.includes(OPTIONS)) ? filled : [...filled, ...options];
}

/** Why these words cannot be filled for the role; undefined when they can. */
export function templateFault(words: readonly string[], wiring: Wiring, role: string): string | undefined {
  for (const [whole, name = ''] of words.flatMap(word => [...word.matchAll(PLACEHOLDER)])) {
    if ((name === 'port' || name === 'address') && wiring.environment === undefined) return `${whole}: the role ${role} has no port`;
    if (!name.startsWith('fd:') || descriptorOf(wiring, name.slice(3)) !== undefined) continue;
    const known = Object.entries(wiring.channels).filter(([, { descriptor }]) => descriptor !== undefined);
    return `${whole}: the role ${role} has no such channel; its pipes are ${known.map(([channel]) => `{fd:${channel}}`).join(', ')}`;
  }
  return undefined;
}

/** Of a role. */
export const placeholdersOf = (wiring: Wiring): readonly string[] => [
  ...[...NAMES, 'seconds:N'].map(name => `{${name}}`),
  ...Object.keys(wiring.channels).flatMap(channel => (descriptorOf(wiring, channel) === undefined ? [] : [`{fd:${channel}}`])),
];

/** What looks like a placeholder and is none: it is passed on. */
export const passedOn = (words: readonly string[]): readonly string[] =>
  words.flatMap(word => word.replace(PLACEHOLDER, '').match(BRACED) ?? []);

const descriptorOf = (wiring: Wiring, channel: string): number | undefined =>
  Object.hasOwn(wiring.channels, channel) ? wiring.channels[channel]?.descriptor : undefined;

function placeOf(name: string, places: Places): string | undefined {
  switch (name) {
    case 'host':
    case 'address':
    case 'tester':
    case 'dir':
    case 'case':
    case 'role':
      return places[name];
    case 'port':
      return String(places.port);
    case 'scale':
      return String(places.scale / 1_000);
    case 'percent':
      return String(Math.ceil(100_000_000 / places.scale) / 1_000);
    case 'signals':
      return places.signals.join(',');
    default:
      return name.startsWith('seconds:') ? String(Math.ceil((Number(name.slice(8)) * 1_000) / places.scale)) : undefined;
  }
}

/** For a POSIX shell. */
export const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
