/** The summary in Markdown: what was found is there, nothing in it is obeyed, and it fits. */
import { describe, expect, test } from 'vitest';
import { code, prose, renderMarkdown, SUMMARY_LIMIT } from '../../../conformance/report/render/markdown.ts';
import { failed, HOSTILE, hostileReport, oneOfEach, toyReport } from './reports.ts';

/** What is left when every code span is taken out. */
const outside = (text: string): string => text.replace(/`[^`\n]*`/g, '');

test('the verdict, the numbers, the findings and what a pass does not mean', () => {
  const text = renderMarkdown(toyReport(oneOfEach('x')));
  for (const part of [
    '## ❌ Does not conform: 1 MUST failure; 1 of 1 SHOULD not met; 1 of 1 MAY answered with no; 2 inconclusive.\n',
    '| | pass | nonstrict | info | fail | inconclusive | not-applicable |\n',
    '| MUST | 1 | 0 | 0 | 1 | 2 | 1 |\n',
    '### fail: `toy.server.b`\n',
    '- requires `toy.server.must` (1&#46;2): A server MUST say it.\n',
    '- received `b x`\n',
    '- and `toy.server.e` (inconclusive)\n',
    '- `toy.server.g` (not-applicable): the implementation does not claim x\n',
    '### What a pass does not mean\n',
  ])
    expect(text).toContain(part);
});

describe('nothing is obeyed', () => {
  test('of text that came from outside', () => {
    const rest = outside(renderMarkdown(hostileReport()));
    expect(rest).not.toMatch(
      /[<>[\]*`_~\\!]|@|\bwww\.|:\/\/|&(?!#\d+;)/.exec(rest.replace(/^- \*[a-z-]+\*: /gm, ''))?.[0] ?? /never-there/,
    );
    // Every line is one that we began.
    for (const line of rest.split('\n')) expect(line).toMatch(/^($|#{2,3} |- |\| |\|---|Requirements \d|, suite|.*&#92;u&#123;0&#125;)/);
  });

  test.each([
    ['a code span', 'a `b` c', '`a \\u{60}b\\u{60} c`'],
    ['a table', 'a|b', '`a\\u{7c}b`'],
    ['a line end', 'a\n\n# b', '`a\\u{a}\\u{a}# b`'],
    ['nothing', '  ', '—'],
  ])('%s in code', (_name, text, shown) => {
    expect(code(text)).toBe(shown);
  });

  test.each([
    ['html', '<b>&amp;', '&#60;b&#62;&#38;amp;'],
    ['a link', '[a](http://x.test)', '&#91;a&#93;(http&#58;//x.test)'],
    ['a bare link', 'www.x.test', 'www&#46;x.test'],
    ['another', 'see WWW.x.test', 'see WWW&#46;x.test'],
    ['an id', 'toy.server.a', 'toy.server.a'],
    ['emphasis', '**a** _b_', '&#42;&#42;a&#42;&#42; &#95;b&#95;'],
    ['a mention', '@all', '&#64;&#8203;all'],
    ['an issue', '#12', '&#35;&#8203;12'],
    ['a list', '1. a', '1&#46; a'],
    ['a list with a dash', '- a', '&#45; a'],
    ['a rule', '---', '&#45;&#45;&#45;'],
    ['a heading from below', '===', '&#61;&#61;&#61;'],
    ['a sentence', 'It is well-known: a child (of 1). Yes', 'It is well-known: a child (of 1&#41;&#46; Yes'],
    ['an indented block', '     a', 'a'],
  ])('%s in prose', (_name, text, shown) => {
    expect(prose(text)).toBe(shown);
  });
});

test('a summary that is too long ends with a whole section and says so', () => {
  const rows = Array.from({ length: 900 }, (_, at) => ({ ...failed(`r${at}`, 'x'.repeat(1_500)), role: `role${at}` }));
  const text = renderMarkdown(toyReport(rows));
  const size = new TextEncoder().encode(text).length;
  expect(size).toBeLessThanOrEqual(SUMMARY_LIMIT);
  expect(size).toBeGreaterThan(SUMMARY_LIMIT - 10_000);
  expect(text.endsWith('the JSON form has everything.\n')).toBe(true);
  expect(text.split('\n\n> The rest')[0]?.endsWith('.jsonl`')).toBe(true);
  expect(renderMarkdown(toyReport(oneOfEach(HOSTILE)))).not.toContain('left out here');
});
