/**
 * Markup and text kept apart: what is put into a template is escaped unless it is markup already, so text of an
 * implementation can reach the page as text only.
 * Lacks: addresses; what may stand in an `href` is in links.ts.
 */

/** Made by `html` alone; `trusted` is for text that this project wrote. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Content = Markup | string | number | undefined | false | readonly Content[];

/** Text in a template is safe between tags and inside double quotes. Nowhere else may a value stand, but a number or a word of ours. */
export function html(literals: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  let text = literals[0] ?? '';
  contents.forEach((content, index) => {
    text += textOf(content) + (literals[index + 1] ?? '');
  });
  return new Markup(text);
}

export const trusted = (text: string): Markup => new Markup(text);

function textOf(content: Content): string {
  if (content instanceof Markup) return content.text;
  if (content === undefined || content === false) return '';
  if (typeof content === 'string') return escapeText(content);
  if (typeof content === 'number') return String(content);
  return content.map(textOf).join('');
}

/**
 * Characters with a meaning in HTML become references. What a reader cannot see, or what would change the order in which
 * he sees the rest, becomes a visible `\u{..}`, as everywhere in a report: controls and NUL, formats such as U+202E, lone
 * surrogates, noncharacters, and accents beyond four on one letter.
 */
export function escapeText(text: string): string {
  return UNSAFE.test(text) ? text.replace(ALL_UNSAFE, character => REFERENCES[character] ?? codeOf(character)) : text;
}

const codeOf = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '##': '&#35;#',
};
/** `##[error]` would be obeyed by the runner of a CI system that shows the page in its log. */
const UNSAFE = /[&<>"'\p{Cc}\p{Cf}\p{Cs}\p{Noncharacter_Code_Point}\u2028\u2029]|##(?=[\w.-]*\[)|(?<=\p{M}{4})\p{M}/u;
const ALL_UNSAFE = new RegExp(UNSAFE.source, 'gu');
