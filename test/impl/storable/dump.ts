/** The dump of a value, as peer.pl writes it of what Perl's thaw makes: what is the same is the same text, sharing and flags included. */
import { hex } from '../../../src/host/bytes.ts';
import { numberText as printed } from '../../../src/impl/storable/number-text.ts';
import {
  ABSENT,
  Alias,
  Blessed,
  KEY_LOCKED,
  KEY_PLACEHOLDER,
  KEY_WAS_UTF8,
  PerlCode,
  PerlHash,
  PerlRegexp,
  type PerlValue,
  RawUtf8,
  type Reference,
  Scalar,
  type StringValue,
  Undef,
  Utf8,
  VString,
  Weak,
} from '../../../src/impl/storable/values.ts';

const latin1 = (text: string): string => Buffer.from(text, 'latin1').toString('hex');
const wide = (text: string): boolean => /[^\0-\xff]/.test(text);

/** Written apart from the code that is tested: a surrogate is three bytes. */
function perlUtf8(text: string): string {
  const bytes = [...text].flatMap(character => {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0xd800 || code > 0xdfff) return [...Buffer.from(character, 'utf8')];
    return [0xed, 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)];
  });
  return hex(Uint8Array.from(bytes));
}

function stringText(value: StringValue): string {
  // Perl forgets the flag of an empty string.
  if (value instanceof Utf8 && value.text === '') return 'b';
  if (value instanceof RawUtf8) return `U${latin1(value.bytes)}`;
  if (value instanceof Utf8) return `U${perlUtf8(value.text)}`;
  return wide(value) ? `U${perlUtf8(value)}` : `b${latin1(value)}`;
}

const keyText = (key: string, flags: number): string =>
  wide(key) || (flags & KEY_WAS_UTF8) !== 0 ? `U${perlUtf8(key)}` : `b${latin1(key)}`;

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'nNaN';
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return Number.isSafeInteger(value) ? `i${value}` : `n${hex(bytes)}`;
}

const utf8Order = (left: string, right: string): number => (perlUtf8(left) < perlUtf8(right) ? -1 : 1);

/** `network`: numbers as they are behind an image in network order, which has those beyond 32 bits as text. */
export function dumped(value: PerlValue, network?: 'network'): string {
  const seen = new Map<object, number>();
  let number = 0;

  function referent(reference: Reference): string {
    if (reference instanceof Scalar && (typeof reference.value === 'boolean' || reference.value instanceof Undef)) {
      number++;
      return `S${content(reference.value)}`;
    }
    const earlier = seen.get(reference);
    if (earlier !== undefined) return `#${earlier}`;
    seen.set(reference, number++);
    if (!(reference instanceof Blessed)) return unblessed(reference);
    const object = reference.referent;
    return `B${latin1(reference.package)}${reference.overloaded ? 'O' : ''}:${unblessed(object)}`;
  }

  function unblessed(object: Reference): string {
    if (Array.isArray(object)) return `[${object.map(each => (each === ABSENT ? absent() : element(each))).join(',')}]`;
    if (object instanceof Map) return hash(object);
    if (object instanceof PerlRegexp) return `q${latin1(object.pattern)}/${latin1(object.flags)}`;
    if (object instanceof Scalar) return `S${content(object.value)}`;
    if (object instanceof PerlCode) return 'code';
    throw new Error('a class of a class');
  }

  function absent(): string {
    number++;
    return 'A';
  }

  function hash(object: Map<string, PerlValue>): string {
    const flags = object instanceof PerlHash ? object.keyFlags : new Map<string, number>();
    const restricted = object instanceof PerlHash && object.restricted;
    const entries = [...object.keys()].sort(utf8Order).map(key => {
      const own = flags.get(key) ?? 0;
      return `${keyText(key, own)}${(own & KEY_LOCKED) !== 0 ? 'L' : ''}=${element(object.get(key) ?? null)}`;
    });
    for (const [key, own] of [...flags].sort(([left], [right]) => utf8Order(left, right))) {
      if ((own & KEY_PLACEHOLDER) === 0) continue;
      number++;
      entries.push(`${keyText(key, own)}?`);
    }
    // Perl forgets that an empty one was restricted.
    return `${restricted && entries.length > 0 ? 'r' : ''}{${entries.join(',')}}`;
  }

  function element(each: PerlValue): string {
    if (each instanceof Alias) {
      const { scalar } = each;
      const earlier = seen.get(scalar);
      if (earlier !== undefined) return `@#${earlier}`;
      seen.set(scalar, number++);
      if (!(scalar instanceof Blessed)) return content(scalar.value);
      if (!(scalar.referent instanceof Scalar)) throw new Error('an alias of no scalar');
      return `B${latin1(scalar.package)}:${content(scalar.referent.value)}`;
    }
    number++;
    return content(each);
  }

  function content(each: PerlValue): string {
    if (each === null) return 'u';
    if (each instanceof Undef) return 'E';
    if (typeof each === 'boolean') return each ? 'T' : 'F';
    if (typeof each === 'bigint') return network === undefined || BigInt.asIntN(32, each) === each ? `i${each}` : `sb${latin1(`${each}`)}`;
    if (typeof each === 'number') {
      if (network === undefined || (Number.isInteger(each) && Math.abs(each) < 2 ** 31)) return numberText(each + 0);
      return each === -(2 ** 31) ? `i${each}` : `sb${latin1(printed(each))}`;
    }
    if (typeof each === 'string' || each instanceof Utf8 || each instanceof RawUtf8) return `s${stringText(each)}`;
    if (each instanceof VString) return `v${latin1(each.literal)}${stringText(each.value)}`;
    if (each instanceof Weak) return `w\\${referent(each.reference)}`;
    if (each instanceof Alias) throw new Error('an alias that is no element');
    return `\\${referent(each)}`;
  }

  return typeof value === 'object' && value !== null ? referent(value as Reference) : content(value);
}
