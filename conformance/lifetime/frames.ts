/**
 * The event pipe as a channel of a case: frames become messages named by their type.
 * Lacks: order, which is what the cases are about.
 */
import { fromUtf8, utf8 } from '../../src/host/bytes.ts';
import type { Frame, FrameEvent, SkippedFrame } from '../../src/impl/lifetime/wire.ts';
import { encodeFrame, FRAME_OVERHEAD, FrameDecoder, KNOWN_TYPES, LIFETIME_EVENT, WIRE_CLAUSES } from '../../src/impl/lifetime/wire.ts';
import type { Decoder, Item } from '../case.ts';

export function frameDecoder(): Decoder {
  const decoder = new FrameDecoder({ wanted: KNOWN_TYPES });
  let fed = 0;
  /** Where the last whole frame ended. */
  let whole = 0;
  return {
    feed(bytes) {
      fed += bytes.length;
      return decoder.push(bytes).map(event => {
        if (event.kind !== 'violation') whole = event.offset + sizeOf(event);
        return { offset: event.offset, ...itemOf(event) };
      });
    },
    end() {
      const cut = decoder.finish();
      return cut === undefined ? [] : [itemOf(cut)];
    },
    get held() {
      return decoder.finish() === undefined ? 0 : fed - whole;
    },
  };
}

const sizeOf = (event: Frame | SkippedFrame): number =>
  FRAME_OVERHEAD + utf8(event.type).length + (event.kind === 'frame' ? event.payload.length : event.length);

function itemOf(event: FrameEvent): Item {
  switch (event.kind) {
    case 'violation':
      return { kind: 'violation', clause: event.clause, detail: event.detail, offset: event.offset };
    case 'skipped':
      // C2: an unknown type is skipped.
      return { kind: 'message', type: event.type, fields: { length: event.length }, bytes: new Uint8Array(0), ignorable: true };
    case 'frame':
      return event.type === LIFETIME_EVENT ? lifetimeItem(event) : addressItem(event);
    default:
      return event satisfies never;
  }
}

function lifetimeItem({ type, payload, offset }: Frame): Item {
  const [kind, id] = payload;
  if (kind === undefined || id === undefined || payload.length !== 2) {
    return { kind: 'violation', clause: WIRE_CLAUSES.event, detail: `payload of ${payload.length} bytes`, offset };
  }
  const at = payloadAt(type);
  return {
    kind: 'message',
    type,
    fields: { kind, id },
    bytes: bytesOf(type, payload),
    spans: { kind: [at, 1], id: [at + 1, 1] },
    ignorable: false,
  };
}

/** Its form is the business of one case, not a reason to fail all of them. */
function addressItem({ type, payload }: Frame): Item {
  const fields = { address: fromUtf8(payload) ?? '' };
  return {
    kind: 'message',
    type,
    fields,
    bytes: bytesOf(type, payload),
    spans: { address: [payloadAt(type), payload.length] },
    ignorable: false,
  };
}

/** C2: behind the version, the type with its length, and the length of the payload. */
const payloadAt = (type: string): number => 6 + type.length;

function bytesOf(type: string, payload: Uint8Array): Uint8Array {
  const encoded = encodeFrame(type, payload);
  return encoded.ok ? encoded.bytes : payload;
}
