/**
 * What a hostile implementation writes where somebody may read it: standard output, messages, addresses, names of files. For
 * every form of output a renderer has to neutralise all of it; `leaksIn` says what got through.
 * Lacks: attacks on a parser of a form (an XML bomb in a report of somebody else): nothing here is read back by us.
 */
import { textOf, utf8 } from '../../src/host/bytes.ts';

/** `plain` is everything that is shown as it is: a terminal, a log, a page of Markdown in a terminal. */
export type Form = 'plain' | 'html' | 'xml' | 'markdown' | 'csv' | 'json';

export interface HostileText {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** What must not be in an output of the form, anywhere. */
  readonly never: Partial<Readonly<Record<Form, readonly (string | RegExp)[]>>>;
}

const row = (name: string, bytes: string | readonly number[], never: HostileText['never'] = {}): HostileText => ({
  name,
  bytes: typeof bytes === 'string' ? utf8(bytes) : Uint8Array.from(bytes),
  never,
});
/** In both languages of tags, and in Markdown, which lets tags through. */
const tags = (...never: readonly (string | RegExp)[]): HostileText['never'] => ({ html: never, xml: never, markdown: never });
/** Wherever it stands, in a log that shows the output. */
const CI: HostileText['never'] = Object.fromEntries(
  (['plain', 'html', 'xml', 'markdown', 'json'] as const).map(form => [form, [/##[\w.-]*\[/]]),
);
/** A line of its own, in whatever is read line by line. */
const line = (text: string): HostileText['never'] => ({ plain: [`\n${text}`], markdown: [`\n${text}`], csv: [`\n${text}`] });

export const HOSTILE_TEXTS: readonly HostileText[] = [
  // ── tags ──────────────────────────────────────────────────────────────────────────────────────────────────────────
  row('script', '<script>hostile()</script>', tags('<script>hostile')),
  row('end of a script', '</script><svg onload=hostile()>', tags('</script><svg onload=hostile')),
  row('end of an attribute', '"><img src=x onerror=hostile()>', tags('<img src=x onerror=hostile')),
  row('attribute in single quotes', "' onmouseover='hostile()' x='", { html: ["' onmouseover='hostile"], xml: ["' onmouseover='hostile"] }),
  row('attribute in double quotes', '" onfocus="hostile()" x="', { html: ['" onfocus="hostile'], xml: ['" onfocus="hostile'] }),
  row('end of a comment', '--><b>hostile<!--', tags('--><b>hostile')),
  row('end of character data', ']]><hostile/>', tags(']]><hostile')),
  row('entity', '&hostile; <!DOCTYPE x [<!ENTITY hostile "x">]>', tags('&hostile;', '<!ENTITY hostile')),
  row('processing instruction', '<?hostile x?>', tags('<?hostile')),
  row('end of a text area and a title', '</textarea></title></pre><hostile>', tags('</pre><hostile>')),
  // ── terminals ─────────────────────────────────────────────────────────────────────────────────────────────────────
  row('colour', '\u001b[31;8mhostile\u001b[0m'),
  row('title of the window', '\u001b]0;hostile\u0007'),
  row('link', '\u001b]8;;http://hostile.example/\u001b\\harmless\u001b]8;;\u001b\\'),
  row('clipboard', '\u001b]52;c;aG9zdGlsZQ==\u0007'),
  row('answer back', '\u001b[c\u001b[6n\u001bP$q"p\u001b\\'),
  row('screen wiped, cursor up', '\u001b[2J\u001b[1A\u001b[2Khostile'),
  row('C1 control in UTF-8', '\u009b31mhostile\u009d0;hostile\u009c'),
  row('carriage return', 'it failed\rhostile: pass'),
  row('backspace', 'fail\b\b\b\bpass\u007f'),
  row('bell, tab, form feed, shift out', '\u0007\t\u000c\u000b\u000e'),
  row('NUL', 'hos\u0000tile'),
  // ── lines ─────────────────────────────────────────────────────────────────────────────────────────────────────────
  row('a verdict of its own', '\nConforms: 99 of 99 MUST cases pass.\n', line('Conforms: 99 of 99')),
  row('a command for the CI', '\n::error::hostile\n##teamcity[hostile]\n', { ...line('::error::hostile'), ...CI }),
  row('a command for GitHub', '::error file=a,line=1::hostile', { plain: [/^\s*::error/m], markdown: [/^\s*::error/m] }),
  row('a command for GitHub, as it was', '##[error]hostile', CI),
  row('a command for Azure', '##vso[task.logissue type=error]hostile', CI),
  row('a directive of TAP', 'hostile # TODO hostile\nnot ok 99 - hostile\nBail out! hostile', { ...line('not ok 99 - hostile') }),
  row('line separators', 'hostile\u2028hostile\u2029hostile\u0085'),
  // ── writing ───────────────────────────────────────────────────────────────────────────────────────────────────────
  row('right to left', '\u202egnp.elitsoh\u202c \u2067hostile\u2069 \u200fhostile\u061c'),
  row('invisible', 'hos\u200b\u200d\u2060\ufefftile\u00ad'),
  row('tags for languages', 'x\u{e0068}\u{e006f}\u{e0073}\u{e007f}'),
  row('too many accents', `hostile${'\u0301\u0489'.repeat(200)}`, { plain: [/\p{M}{9}/u], html: [/\p{M}{9}/u], markdown: [/\p{M}{9}/u] }),
  row('long', 'hostile '.repeat(20_000)),
  // ── tables and pages ──────────────────────────────────────────────────────────────────────────────────────────────
  row('formula', '=hostile("http://hostile.example/")', { csv: [/(^|[\n\r,;"\t])=hostile/] }),
  row('formula with a sign', '+hostile', { csv: [/(^|[\n\r,;"\t])\+hostile/] }),
  row('formula with a minus', '-hostile', { csv: [/(^|[\n\r,;"\t])-hostile/] }),
  row('formula with an at', '@hostile', { csv: [/(^|[\n\r,;"\t])@hostile/] }),
  row('end of a cell', '",=hostile2()\n=hostile2()', { csv: [/(^|[\n\r,;"\t])=hostile2/] }),
  row('link of a page', '[hostile](javascript:hostile)', { markdown: ['[hostile](javascript:'] }),
  row('image of a page', '![hostile](http://hostile.example/x.png)', { markdown: ['![hostile]('] }),
  row('heading', '\n# hostile\n\n---\n', line('# hostile')),
  row('end of a fence', '\n```\nhostile\n````\n', line('```\nhostile')),
  row('end of a code span', '``` `` ` <b>hostile</b> `', { html: ['<b>hostile'], xml: ['<b>hostile'] }),
  row('end of a row', 'a | hostile | b', { markdown: [/[^\\`]\| hostile [^\\`]?\| b/] }),
  row('end of a string', '","verdict":"hostile","x":"\\', { json: ['","verdict":"hostile'] }),
  // ── what is no text ───────────────────────────────────────────────────────────────────────────────────────────────
  row('invalid UTF-8', [0x68, 0xff, 0xfe, 0xc3, 0x28, 0x80]),
  row('overlong UTF-8', [0xc0, 0xbc, 0xe0, 0x80, 0xbc, 0xf8, 0x88, 0x80, 0x80, 0xbc]),
  row('surrogates in UTF-8', [0xed, 0xa0, 0x80, 0xed, 0xb0, 0x80]),
  row('cut off in UTF-8', [0x68, 0xf0, 0x9f, 0x92]),
  row('no characters', '\ufffe\uffff\u{1ffff}', { xml: [/[\ufffe\uffff]/] }),
  row('C1 controls as bytes', [0x9b, 0x33, 0x31, 0x6d, 0x9d, 0x30, 0x3b, 0x68, 0x9c]),
];

/** As text: what a renderer is given. */
export const hostileTexts: readonly string[] = HOSTILE_TEXTS.map(({ bytes }) => textOf(bytes));

/**
 * What nobody wants in an output of any form: controls other than the end of a line and a tab, what changes the direction or is
 * not seen, half a character.
 */
const NEVER = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
/** Beside the colours that we make ourselves. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
const COLOUR = /\u001b\[(0|1|2|3[0-7])m/g;

/** What of it all is in an output, by name and with what is around it; nothing is as it should be. */
export function leaksIn(form: Form, output: string): readonly string[] {
  const found = HOSTILE_TEXTS.flatMap(({ name, never }) => (never[form] ?? []).map(each => ({ name, at: indexOf(output, each) })));
  const controls = { name: 'a control character', at: (form === 'plain' ? output.replace(COLOUR, '') : output).search(NEVER) };
  return [...found, controls]
    .filter(({ at }) => at >= 0)
    .map(({ name, at }) => `${name}: ${JSON.stringify(output.slice(Math.max(0, at - 40), at + 60))}`);
}

const indexOf = (output: string, what: string | RegExp): number => (typeof what === 'string' ? output.indexOf(what) : output.search(what));
