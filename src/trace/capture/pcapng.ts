/**
 * The blocks of a pcapng file (draft-ietf-opsawg-pcapng), little-endian, one Ethernet interface, microseconds.
 * Lacks: everything that a capture of one process does not need: other interfaces, statistics, names, secrets.
 */
import { concat, EMPTY, utf8 } from '../../host/bytes.ts';

export const LINKTYPE_ETHERNET = 1;

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const ENHANCED_PACKET = 6;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

/** Options of all blocks, and of the section header and the interface. */
const COMMENT = 1;
const USER_APPLICATION = 4;
const INTERFACE_NAME = 2;
const TIME_RESOLUTION = 9;
const MICROSECONDS = 6;

interface Option {
  readonly code: number;
  readonly value: Uint8Array;
}
const option = (code: number, text: string): Option => ({ code, value: utf8(text) });

/** Opens the file: a section whose length is not said, and the one interface. */
export function sectionStart(comment: string, interfaceName: string): readonly Uint8Array[] {
  const version = new Uint8Array(16);
  const view = new DataView(version.buffer);
  view.setUint32(0, BYTE_ORDER_MAGIC, true);
  view.setUint16(4, 1, true);
  view.setUint16(6, 0, true);
  version.fill(0xff, 8);
  const link = new Uint8Array(8);
  new DataView(link.buffer).setUint16(0, LINKTYPE_ETHERNET, true);
  return [
    block(SECTION_HEADER, [version, options([option(COMMENT, comment), option(USER_APPLICATION, 'slipway')])]),
    block(INTERFACE_DESCRIPTION, [
      link,
      options([option(INTERFACE_NAME, interfaceName), { code: TIME_RESOLUTION, value: Uint8Array.of(MICROSECONDS) }]),
    ]),
  ];
}

/** `micros` since 1970. The whole packet was seen. */
export function packetBlock(micros: number, packet: Uint8Array, comment: string): Uint8Array {
  const head = new Uint8Array(20);
  const view = new DataView(head.buffer);
  view.setUint32(4, Math.floor(micros / 2 ** 32), true);
  view.setUint32(8, micros % 2 ** 32, true);
  view.setUint32(12, packet.length, true);
  view.setUint32(16, packet.length, true);
  return block(ENHANCED_PACKET, [head, padded(packet), options(comment === '' ? [] : [option(COMMENT, comment)])]);
}

/** Type, length, body, and the length once more, so that a reader can go back. */
function block(type: number, parts: readonly Uint8Array[]): Uint8Array {
  const body = concat(parts);
  const bytes = new Uint8Array(body.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, bytes.length, true);
  bytes.set(body, 8);
  view.setUint32(bytes.length - 4, bytes.length, true);
  return bytes;
}

function options(list: readonly Option[]): Uint8Array {
  if (list.length === 0) return EMPTY;
  const parts = list.map(({ code, value }) => {
    const head = new Uint8Array(4);
    const view = new DataView(head.buffer);
    view.setUint16(0, code, true);
    view.setUint16(2, value.length, true);
    return [head, padded(value)];
  });
  const end = new Uint8Array(4);
  return concat([...parts.flat(), end]);
}

/** To a multiple of four. */
function padded(bytes: Uint8Array): Uint8Array {
  if (bytes.length % 4 === 0) return bytes;
  const whole = new Uint8Array(bytes.length + 4 - (bytes.length % 4));
  whole.set(bytes);
  return whole;
}
