/**
 * What a child was told to send after 1,0 (README of src/impl/lifetime: lifetime-child), a second time: which of it is sent, and what is
 * refused, and why.
 */
import { concat, unhex, utf8 } from '../../../src/host/bytes.ts';

export interface Extra {
  readonly type: string;
  readonly payload: Uint8Array;
  /** Why it is not sent: what the log has to say of it. */
  readonly refused?: string;
}

const TYPE_MOST = 255;
const PAYLOAD_MOST = 1_048_576;
/** Ids that a table defines. */
const IDS: Readonly<Record<string, number>> = { constants: 2, comment: 3 };

export interface Told {
  readonly args: readonly string[];
  /** By path, what is there. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

const valuesOf = (args: readonly string[], name: string): readonly string[] =>
  args.filter(each => each.startsWith(`--${name}=`)).map(each => each.slice(name.length + 3));

/** All of it, in its order, one round after the other. */
export function extrasOf({ args, files }: Told): readonly Extra[] {
  const ids = valuesOf(args, 'event-ids').at(-1) ?? 'constants';
  const events = args.includes('--lifetimeevents') ? valuesOf(args, 'event').map(each => eventOf(each, ids)) : [];
  const messages = valuesOf(args, 'message').map(each => {
    const [type = '', body = '', size] = each.split(':');
    return judged(type, unhex(body) ?? new Uint8Array(0), size);
  });
  const blobs = valuesOf(args, 'blob').map(each => {
    const [type = '', paths = '', size] = each.split(':');
    const missing = paths.split(',').find(path => !files.has(path));
    const payload = concat(paths.split(',').map(path => files.get(path) ?? new Uint8Array(0)));
    if (missing !== undefined && utf8(type).length <= TYPE_MOST)
      return { type, payload, refused: `payload source failed: ENOENT read ${missing}` };
    return judged(type, payload, size);
  });
  const rounds = Number(valuesOf(args, 'repeat').at(-1) ?? 1);
  const round = [...events, ...messages, ...blobs];
  return round.length === 0 ? [] : Array.from({ length: rounds }, () => round).flat();
}

function eventOf(text: string, ids: string): Extra {
  const [kind = -1, id = -1] = text.split(',').map(Number);
  const event = { type: 'lifetimeevent', payload: Uint8Array.of(kind, id) };
  return kind <= 2 && id < (IDS[ids] ?? 0) ? event : { ...event, refused: `not defined in the ${ids}` };
}

/** `size`: what the sender says of the payload. */
function judged(type: string, payload: Uint8Array, size: string | undefined): Extra {
  const [named, { length }] = [utf8(type).length, payload];
  const declared = size === undefined ? length : Number(size);
  if (named > TYPE_MOST) return { type, payload, refused: `type of ${named} bytes, at most ${TYPE_MOST}` };
  if (length > PAYLOAD_MOST) return { type, payload, refused: `payload of more than ${PAYLOAD_MOST} bytes: a reader need not take it` };
  return declared === length ? { type, payload } : { type, payload, refused: `payload of ${length} bytes, declared as ${declared}` };
}
