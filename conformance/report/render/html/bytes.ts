/**
 * The bytes of a line: as a dump in which what decided is marked, and as the tree of what the decoder made of them.
 */
import { unhex } from '../../../../src/host/bytes.ts';
import type { LogField, LogItem, LogLine, Refuted } from '../../report.ts';
import { differingField } from './difference.ts';
import type { Content, Markup } from './markup.ts';
import { html } from './markup.ts';

/** Of the bytes of a line. */
export interface ByteRange {
  readonly at: number;
  readonly length: number;
}

/** What broke it: the byte at which the format was broken, the field that is not what was asked for, or else the whole message. */
export function brokenIn({ items = [] }: LogLine, { expected, received }: Refuted): ByteRange | undefined {
  const violation = items.find(each => each.type === 'violation');
  if (violation !== undefined) return placeOf(violation);
  const item = items.find(each => told(each, received)) ?? items.at(-1);
  const name = differingField(expected, received);
  const field = item?.fields.find(each => each.name === name);
  return (field === undefined ? undefined : placeOf(field)) ?? (item === undefined ? undefined : placeOf(item));
}

/** Whether what was received names this message: by its type, and by every field. */
const told = ({ type, fields }: LogItem, received: string): boolean =>
  received.startsWith(type) && fields.every(({ name, value }) => received.includes(`${name} ${value}`));

const placeOf = ({ at, length }: LogItem | LogField): ByteRange | undefined =>
  at === undefined || length === undefined || length === 0 ? undefined : { at, length };

/** Offset, bytes, and what is printable of them, as `hexdump -C` has it. */
export function dump(digits: string, marked?: ByteRange): Content {
  const bytes = [...(unhex(digits) ?? [])];
  const single = bytes.length <= PER_ROW;
  const rows: Content[] = [];
  for (let offset = 0; offset < bytes.length; offset += PER_ROW) {
    const part = bytes.slice(offset, offset + PER_ROW);
    const pairs = inRuns(part.map(hexOf), offset, ' ', marked);
    const text = inRuns(part.map(characterOf), offset, '', marked);
    const padding = single ? '' : ' '.repeat(3 * (PER_ROW - part.length));
    rows.push([offset > 0 && NEWLINE, `${offset.toString(16).padStart(4, '0')}  `, pairs, `${padding}  `, text]);
  }
  return rows;
}

const PER_ROW = 16;
const hexOf = (byte: number): string => byte.toString(16).padStart(2, '0');
const characterOf = (byte: number): string => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.');

/** Before what is marked, it, and after it: three pieces at most in a row. */
function inRuns(cells: readonly string[], offset: number, glue: string, marked: ByteRange | undefined): Content {
  if (marked === undefined) return cells.join(glue);
  const from = Math.min(cells.length, Math.max(0, marked.at - offset));
  const to = Math.max(from, Math.min(cells.length, marked.at + marked.length - offset));
  const pieces = [cells.slice(0, from), cells.slice(from, to), cells.slice(to)];
  const shown = pieces.map((piece, at) =>
    piece.length === 0 ? undefined : at === 1 ? html`<mark>${piece.join(glue)}</mark>` : piece.join(glue),
  );
  return shown.filter(piece => piece !== undefined).map((piece, at) => [at > 0 && glue, piece]);
}

/** Within text it would be shown as a character that nobody can see. */
const NEWLINE = html`
`;

/** Messages and their fields, each with the bytes that it stands in. */
export function tree({ items = [] }: LogLine, broken: ByteRange | undefined): Content {
  if (items.length === 0) return undefined;
  return html`<ul class="tree">${items.map(
    item =>
      html`<li><strong>${item.type === '' ? '(empty type)' : item.type}</strong>${placeText(item)}<ul>${item.fields.map(each => field(each, broken))}</ul>`,
  )}</ul>`;
}

function field({ name, value, ...place }: LogField, broken: ByteRange | undefined): Markup {
  const bad = broken !== undefined && place.at === broken.at && place.length === broken.length;
  return html`<li><i>${name}</i> ${bad ? html`<mark>${value}</mark>` : value}${placeText(place)}`;
}

function placeText({ at, length }: Partial<ByteRange>): Content {
  if (at === undefined || length === undefined || length === 0) return undefined;
  const last = at + length - 1;
  return html` <small>${length === 1 ? `byte ${hexOffset(at)}` : `bytes ${hexOffset(at)} to ${hexOffset(last)}`}</small>`;
}

/** As in the dump beside it. */
const hexOffset = (at: number): string => at.toString(16).padStart(4, '0');
