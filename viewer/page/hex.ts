/**
 * The payload of an event as a dump, in which a part can be marked.
 */
import { hex } from '../../src/host/bytes.ts';
import { append, button, element } from './elements.ts';

export interface Part {
  readonly at: number;
  readonly length: number;
}

const PER_ROW = 16;
/** Bytes that are shown before somebody asks for all. */
const SHOWN = 1_024;

export class HexDump {
  readonly element: HTMLElement;
  readonly #bytes: Uint8Array;
  readonly #pre: HTMLPreElement = element('pre', { tabindex: 0, 'aria-label': 'payload in hexadecimal' });
  #shown = SHOWN;
  #part: Part | undefined;

  /** `length`: bytes as they were, which may be more than are here. */
  constructor(bytes: Uint8Array, length: number) {
    this.#bytes = bytes;
    this.element = element('div', { class: 'hex' }, this.#pre);
    if (bytes.length > SHOWN) {
      const more = button(`all ${bytes.length} bytes`, 'show the rest of the payload', () => {
        this.#shown = bytes.length;
        more.remove();
        this.#draw();
      });
      this.element.append(more);
    }
    if (length > bytes.length) append(this.element, element('p', {}, `${length - bytes.length} more bytes are not in this page`));
    this.#draw();
  }

  mark(part: Part | undefined): void {
    this.#part = part;
    this.#draw();
  }

  #draw(): void {
    const bytes = this.#bytes.subarray(0, this.#shown);
    const lines: (Node | string)[] = [];
    for (let offset = 0; offset < bytes.length; offset += PER_ROW) {
      const row = bytes.subarray(offset, offset + PER_ROW);
      const pairs = Array.from(row, byte => hex(Uint8Array.of(byte)));
      const texts = Array.from(row, byte => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'));
      lines.push(
        `${offset.toString(16).padStart(4, '0')}  `,
        ...this.#marked(pairs, offset, ' '),
        ' '.repeat(bytes.length < PER_ROW ? 2 : 3 * (PER_ROW - row.length) + 2),
        ...this.#marked(texts, offset, ''),
        '\n',
      );
    }
    this.#pre.replaceChildren(...lines);
  }

  /** Before what is marked, it, and after it. */
  #marked(cells: readonly string[], offset: number, glue: string): readonly (Node | string)[] {
    const { at, length } = this.#part ?? { at: 0, length: 0 };
    const from = Math.min(cells.length, Math.max(0, at - offset));
    const to = Math.max(from, Math.min(cells.length, at + length - offset));
    if (from === to) return [cells.join(glue)];
    const [before, marked, after] = [cells.slice(0, from), cells.slice(from, to), cells.slice(to)];
    return [
      before.join(glue) + (before.length > 0 ? glue : ''),
      element('mark', {}, marked.join(glue)),
      (after.length > 0 ? glue : '') + after.join(glue),
    ];
  }
}
