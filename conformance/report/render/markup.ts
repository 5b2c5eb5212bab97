/**
 * Text of unknown origin inside XML and HTML: what either forbids is made visible, what either would obey is escaped.
 */
import { printable } from '../../../src/host/bytes.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
/** Beyond the controls and lone surrogates that `printable` makes visible, XML 1.0 §2.2 has no U+FFFE and U+FFFF. */
const FORBIDDEN = /[\ufffe\uffff]/g;

/** For the content of an element and for an attribute in either quotes. One line: a line end becomes visible as well. */
export function escaped(text: string, limit = 4_000): string {
  return printable(text, limit)
    .replace(FORBIDDEN, character => `\\u{${character.charCodeAt(0).toString(16)}}`)
    .replace(/[&<>"']/g, character => ENTITIES[character] ?? '');
}

/** ` name="value"` for each. */
export const attributes = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join('');
