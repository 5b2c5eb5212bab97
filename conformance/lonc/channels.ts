/**
 * The channels of the three roles as messages. A line is the message `line` with its text, byte for byte (a character for
 * each byte); what comes of a last line that has no end is `partial`. Where the tester knows the key, an encrypted line is
 * the message `enc` with what it says.
 */
import { concat, EMPTY, utf8 } from '../../src/host/bytes.ts';
import { decodeEnc, encodeEnc } from '../../src/impl/cipher/enc.ts';
import { Idea } from '../../src/impl/cipher/idea.ts';
import { clientKey } from '../../src/impl/cipher/key.ts';
import { ENCRYPTED_MAX } from '../../src/impl/lonc/wire.ts';
import type { Decoder, Item, Retelling, Saved } from '../case.ts';

const LF = 0x0a;
/** The name under which a case saves the answer to `ekey`. */
export const BUILD_KEY = 'build-key';

export interface Ids {
  readonly server: string;
  readonly client: string;
}

/** Lines as they are. Any are; what is recognised are words that hardly another protocol has. */
export const lineDecoder = (): Decoder => decoderOf(plainLine, text => WORDS.test(text));

/** The opening dialogue, what is encrypted, what only a gateway says, and requests by how they begin. */
const WORDS =
  /^(?:(?:init|ekey|con_lost|con_delayed|con_failed|no_such_host|self_reply|unknown_cmd|close_connection_exit)\r?$|init:|enc:\d+:[0-9a-f]|encrypt:|(?:current(?:auth|version)|changeuserauth|makeuser|querysend|queryreply|reply|tmpput|tmpget|eget|home|put|get|del|keys|dump):[\w.-]+:[\w.-]+)/;

/** Lines of a lond: the key is known once its answer to `ekey` has been saved. */
export const sealedLineDecoder =
  (ids: Ids) =>
  (saved: Saved): Decoder =>
    decoderOf((bytes, offset) => {
      const cipher = cipherOf(ids, saved);
      const text = textOfBytes(bytes);
      if (cipher === undefined || !text.startsWith('enc:')) return plainLine(bytes, offset);
      const decoded = decodeEnc(cipher, bytes);
      if (!decoded.ok) return { kind: 'violation', clause: decoded.clause, detail: decoded.detail, offset: offset + decoded.offset };
      return { offset, kind: 'message', type: 'enc', fields: { text: textOfBytes(decoded.text) }, bytes, ignorable: false };
    });

/** Text of `say`, where a line that begins with `encrypt:` is sent encrypted, as a gateway would. */
export const sealedEncoder =
  (ids: Ids) =>
  (text: string, saved: Saved): Uint8Array => {
    const cipher = cipherOf(ids, saved);
    return bytesOfText(
      text.replace(/^encrypt:(.*)$/gm, (_line, clear: string) => {
        if (cipher === undefined) throw new Error(`nothing was saved as ${BUILD_KEY}`);
        return sealed(cipher, clear);
      }),
    );
  };

/** Of what was said to a lond: a line that was encrypted with the key of then, as its clear text, to be encrypted with that of now. */
export const sealedRetelling =
  (ids: Ids) =>
  (saved: Saved): Retelling => {
    let held: Uint8Array = EMPTY;
    let begins = true;
    const retold = (line: Uint8Array): Uint8Array | string => {
      const cipher = cipherOf(ids, saved);
      const decoded = cipher === undefined ? undefined : decodeEnc(cipher, line.subarray(0, -1));
      const clear = decoded?.ok === true ? textOfBytes(decoded.text) : undefined;
      return clear === undefined || UNSAYABLE.test(clear) ? line : `encrypt:${clear}\n`;
    };
    return {
      feed(bytes) {
        const said: (Uint8Array | string)[] = [];
        let rest = concat([held, bytes]);
        held = EMPTY;
        while (rest.length > 0) {
          const end = rest.indexOf(LF) + 1;
          const mayBeSealed = begins && ENC.startsWith(textOfBytes(rest.subarray(0, ENC.length)));
          if (end === 0 && mayBeSealed && rest.length <= ENCRYPTED_MAX) {
            held = rest;
            break;
          }
          const line = rest.subarray(0, end === 0 ? rest.length : end);
          said.push(mayBeSealed && end > 0 ? retold(line) : line);
          begins = end > 0;
          rest = rest.subarray(line.length);
        }
        return said;
      },
      end() {
        const rest = held;
        held = EMPTY;
        return rest.length === 0 ? [] : [rest];
      },
    };
  };
const ENC = 'enc:';
/** The text of `say` has lines, and names of saved values in braces. */
const UNSAYABLE = /[\r\n]|\{[a-z-]+\}/;

/** One character for each byte. */
export const plainEncoder = (text: string): Uint8Array => bytesOfText(text);

export const cipherFor = ({ server, client }: Ids, buildKey: string): Idea =>
  new Idea(clientKey({ server: utf8(server), client: utf8(client) }, utf8(buildKey)));

/** The wire form of a text. */
export function sealed(cipher: Idea, text: string): string {
  const encoded = encodeEnc(cipher, bytesOfText(text));
  if (!encoded.ok) throw new Error(encoded.detail);
  return textOfBytes(encoded.line);
}

function cipherOf(ids: Ids, saved: Saved): Idea | undefined {
  const buildKey = saved.get(BUILD_KEY);
  return buildKey === undefined ? undefined : cipherFor(ids, buildKey);
}

/** `isOwn`: the text of a line that is of this protocol; absent: any is. */
function decoderOf(line: (bytes: Uint8Array, offset: number) => Item, isOwn?: (text: string) => boolean): Decoder {
  let recognised = isOwn === undefined;
  let held: Uint8Array[] = [];
  let length = 0;
  let offset = 0;
  const take = (last: Uint8Array): Uint8Array => {
    if (length === 0) return last;
    const bytes = concat([...held, last]);
    held = [];
    length = 0;
    return bytes;
  };
  return {
    feed(bytes) {
      let at = bytes.indexOf(LF);
      let from = 0;
      const items: Item[] = [];
      for (; at >= 0; at = bytes.indexOf(LF, from)) {
        const whole = take(bytes.slice(from, at));
        const item = line(whole, offset);
        items.push(item);
        if (!recognised && item.kind === 'message') recognised = isOwn?.(String(item.fields['text'])) ?? true;
        offset += whole.length + 1;
        from = at + 1;
      }
      if (from < bytes.length) {
        held.push(bytes.slice(from));
        length += bytes.length - from;
      }
      return items;
    },
    end() {
      const rest = take(EMPTY);
      if (rest.length === 0) return [];
      return [
        { kind: 'message', type: 'partial', fields: { text: textOfBytes(rest), length: rest.length }, bytes: rest, ignorable: false },
      ];
    },
    get held() {
      return length;
    },
    get recognised() {
      return recognised;
    },
  };
}

const plainLine = (bytes: Uint8Array, offset: number): Item => ({
  offset,
  kind: 'message',
  type: 'line',
  fields: { text: textOfBytes(bytes), length: bytes.length },
  bytes,
  ignorable: false,
});

/** Some thousand at once, because a function takes no more arguments. */
function textOfBytes(bytes: Uint8Array): string {
  if (bytes.length <= TEXT_PIECE) return String.fromCharCode.apply(undefined, bytes as unknown as number[]);
  let text = '';
  for (let at = 0; at < bytes.length; at += TEXT_PIECE) text += textOfBytes(bytes.subarray(at, at + TEXT_PIECE));
  return text;
}
const TEXT_PIECE = 4_096;

function bytesOfText(text: string): Uint8Array {
  return Uint8Array.from(text, character => {
    const code = character.charCodeAt(0);
    if (code > 0xff) throw new Error(`character U+${code.toString(16)} is not a byte`);
    return code;
  });
}
