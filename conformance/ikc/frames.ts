/**
 * The bytes that the tester sends: text with frames in it, each between << and >>:
 *
 *   <<ping>>             a request as real Perl froze it (vectors/), with the names put in that the case knows by now
 *   <<ping:20>>          the first 20 bytes of it, as a frame of their own
 *   <<forward target=X>> with X for a name
 *   <<hex 050b…>>        any payload
 *   <<json {…}>>         a text
 *
 * Lacks: a writer of images. What Perl does not write is here, byte by byte.
 */
import { concat, unhex, utf8 } from '../../src/host/bytes.ts';
import type { Saved } from '../case.ts';
import vectors from './vectors/images.json' with { type: 'json' };

export const READ: Readonly<Record<string, string>> = vectors.read;

/** A request for ping with these bytes for its params. */
const pinging = (params: string): string => `050b0300000002<poe://{kernel}/IKC/ping>000000056576656e74${params}00000006706172616d73`;

const IMAGES: Readonly<Record<string, string>> = {
  ...vectors.images,
  'announced-array': pinging('04027fffffff'),
  'announced-hash': pinging('04037fffffff'),
  'announced-flagged': pinging('0419007fffffff'),
  'announced-string': pinging('017fffffff'),
  'announced-wide': pinging('187fffffff'),
  'announced-class': pinging('0411807fffffff'),
  'announced-all': '050b027fffffff',
  'unknown-opcode': pinging('24'),
  code: pinging('041a0a0431'),
  hook: pinging('04130400'),
  'unseen-tag': pinging('0000000099'),
  'unseen-class': pinging('0412050200000000'),
  'bad-utf8': pinging('1702c328'),
  deep: pinging(`${'040200000001'.repeat(100_000)}05`),
};

/** Of one channel, whose tester calls itself `me`. */
export const encoderOf =
  (own: Readonly<Record<string, string>>) =>
  (text: string, saved: Saved): Uint8Array =>
    concat(text.split(/(<<.+?>>(?!>))/s).map(part => (part.startsWith('<<') ? framed(part.slice(2, -2), own, saved) : bytesOf(part))));

/** A count and its payload. */
const counted = (payload: Uint8Array): Uint8Array => concat([utf8(`${payload.length}\0`), payload]);

function framed(text: string, own: Readonly<Record<string, string>>, saved: Saved): Uint8Array {
  const [, word = '', cut, rest = ''] = /^([a-z0-9-]+)(?::(\d+))?(?: (.*))?$/s.exec(text) ?? [];
  if (word === 'json') return counted(utf8(rest));
  const given = Object.fromEntries(rest.split(' ').map(each => each.split(/=(.*)/s).slice(0, 2)));
  const image = word === 'hex' ? rest : IMAGES[word];
  if (image === undefined) throw new Error(`there is no image ${word}`);
  const payload = imageOf(image, name => given[name] ?? own[name] ?? saved.get(name));
  return counted(cut === undefined ? payload : payload.subarray(0, Number(cut)));
}

/** Digits, `[digits*n]` for so many times, and short strings with names in them. */
function imageOf(image: string, named: (name: string) => string | undefined): Uint8Array {
  return concat(
    image.split(/(<[^>]*>|\[[^\]]*\])/).map(part => {
      if (part.startsWith('[')) {
        const [once = '', times] = part.slice(1, -1).split('*');
        return digitsOf(once.repeat(Number(times)));
      }
      if (!part.startsWith('<')) return digitsOf(part);
      const text = part.slice(1, -1).replace(/\{([a-z-]+)\}/g, (_whole, name: string) => {
        const value = named(name);
        if (value === undefined) throw new Error(`nobody has said what ${name} is`);
        return value;
      });
      return stringOf(text);
    }),
  );
}

function digitsOf(text: string): Uint8Array {
  const bytes = unhex(text);
  if (bytes === undefined) throw new Error(`these are no bytes: ${text.slice(0, 40)}`);
  return bytes;
}

const [LONG, SHORT, WIDE] = [0x01, 0x0a, 0x18];

/** As Perl writes it: of bytes, unless some character is none. */
function stringOf(text: string): Uint8Array {
  const wide = /[^\0-\xff]/.test(text);
  const bytes = wide ? utf8(text) : bytesOf(text);
  if (!wide && bytes.length < 256) return concat([Uint8Array.of(SHORT, bytes.length), bytes]);
  const head = new DataView(new ArrayBuffer(5));
  head.setUint8(0, wide ? WIDE : LONG);
  head.setUint32(1, bytes.length);
  return concat([new Uint8Array(head.buffer), bytes]);
}

/** A character for each byte. */
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, character => character.charCodeAt(0));
