/**
 * What clients ask, and what each must be answered: a request says a key, and the value of that key says host and key, so
 * that a reply tells whose it is. What is to be encrypted has the word HUSH in it, which nobody may overhear.
 */

/** Keys that every lond knows. */
export const KEYS = 64;
export const HUSH = 'hush';

export const keyValue = (host: string, key: number): string => `${host}.${key}`;

export const clearAsk = (key: number): string => `get:net:all:env:k${key}`;
/** Asks for two values, of which the second is unknown, and empty. */
export const secretAsk = (key: number): string => `encrypt:get:net:all:env:k${key}&${HUSH}${key}`;

/** Requests of the schedules that were observed with the published gateway, each with the reply it had then. */
export const SLOW = 'slow:AAA';
export const HALF = 'half:AAA';
export const PING = 'ping';
export const PUT = 'put:dom:user:x';

/** A word that comes back as it is. */
export const wordAsk = (word: string): string => `word:${word}`;

/** Request `number` of a client: three digits to the base of KEYS, so that no two of them have the same answer. */
export const numberedAsk = (client: number, number: number): string =>
  `get:net:all:env:${[client, Math.trunc(number / KEYS), number % KEYS].map(digit => `k${digit}`).join('&')}`;

/** Comes back encrypted; asked for encrypted, too. */
export const sealedAsk = (text: string): string => `encrypt:sealed:${text}`;
/** Comes back as so many full stops. */
export const sizeAsk = (length: number): string => `size:${length}`;

const ASK = /^get:net:all:env:(k[0-9]+(?:&k[0-9]+)*)(&hush[0-9]+)?$/;

/** The reply that a client of the child for `host` must get; undefined: nobody knows. */
export function replyTo(host: string, request: string): string | undefined {
  const clear = request.startsWith('encrypt:') ? request.slice('encrypt:'.length) : request;
  const [, as, what = ''] = /^(word|sealed|size):(.*)$/s.exec(clear) ?? [];
  if (as !== undefined) return as === 'size' ? filled(`{${what}}`) : what;
  const [, keys, secret] = ASK.exec(clear) ?? [];
  if (keys === undefined) return { [PING]: host, [PUT]: 'ok', [SLOW]: 'reply-AAA', [HALF]: 'part1-part2-AAA' }[clear];
  const values = keys.split('&').map(key => keyValue(host, Number(key.slice(1))));
  return `${values.join('&')}${secret === undefined ? '' : '&'}`;
}

/** `{N}` in a text stands for N full stops: command lines are short, and what they ask for need not be. */
export const filled = (text: string): string => text.replace(/\{([0-9]+)\}/g, (_whole, length: string) => '.'.repeat(Number(length)));
