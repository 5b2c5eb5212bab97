/**
 * Commands as they have to be typed: words that a shell would take apart are quoted, and what cannot be typed is written as bash,
 * zsh and POSIX.1-2024 read it, `$'a\nb'`.
 */
import { quoted } from '../play/templates.ts';

export const typed = (word: string): string => (UNTYPABLE.test(word) ? `$'${word.replace(ESCAPED, escaped)}'` : quoted(word));

export const commandLine = (words: readonly string[]): string => words.map(typed).join(' ');

const UNTYPABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const ESCAPED = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}'\\]/gu;

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === "'" || character === '\\') return `\\${character}`;
  if (character === '\n') return '\\n';
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
