/** The page of a report as text: what is in it, that nothing of an implementation is markup, and how large it gets. */

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { LIFETIME } from '../../../conformance/lifetime/suite.ts';
import { commandLine } from '../../../conformance/report/commands.ts';
import { dump } from '../../../conformance/report/render/html/bytes.ts';
import { windowOf } from '../../../conformance/report/render/html/depth.ts';
import { firstDifference } from '../../../conformance/report/render/html/difference.ts';
import { fileLink, webLink } from '../../../conformance/report/render/html/links.ts';
import { escapeText, html } from '../../../conformance/report/render/html/markup.ts';
import { renderHtml } from '../../../conformance/report/render/html/page.ts';
import { millis } from '../../../conformance/report/render/html/verdicts.ts';
import type { Report } from '../../../conformance/report/report.ts';
import { byClause } from '../../../conformance/report/words.ts';
import { madeBy } from './reports.ts';
import { sampleReport, withTexts } from './sample.ts';

const sample = sampleReport({ cases: 12, lines: 6 });
const page = renderHtml(sample);

/** A report of a run in which most cases fail. */
async function lifetimeReport(): Promise<Report> {
  return (await madeBy({ suite: LIFETIME, role: 'child', mutant: 'child/version-2' })).report;
}

// ── HTML as a browser takes it apart ────────────────────────────────────────────────────────────────────────────────

interface Tag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

const TAG = /<(\/?[a-zA-Z][^\s/>]*)((?:\s+[^\s=/>]+(?:=(?:"[^"]*"|[^\s">]+))?)*)\s*\/?>|<!doctype html>/g;
const ATTRIBUTE = /([^\s=/>]+)(?:=(?:"([^"]*)"|([^\s">]+)))?/g;

function withoutCode(text: string): string {
  return text.replace(/<style>[\s\S]*?<\/style>/, '').replace(/<script>[\s\S]*?<\/script>/, '');
}

function tagsOf(text: string): readonly Tag[] {
  return [...withoutCode(text).matchAll(TAG)].map(([, name = '', rest = '']) => ({
    name,
    attributes: new Map([...rest.matchAll(ATTRIBUTE)].map(([, key = '', quoted, bare]) => [key, quoted ?? bare ?? ''])),
  }));
}

/** Text between tags, with references taken back. */
function textOf(text: string): string {
  const plain = withoutCode(text).replace(TAG, '');
  return plain.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
}

// ── safe ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const HOSTILE: Readonly<Record<string, string>> = {
  script: '<script>alert(1)</script>',
  'end of our code': '</style></script></title></textarea><img src=x onerror=alert(1)>',
  attribute: '" onmouseover="alert(1)" x="',
  'single quote': "' onfocus='alert(1)' autofocus='",
  reference: '&lt;b&gt;&#60;script&#62;&amp;lt;',
  comment: '--><!-- <![CDATA[ ]]> <?xml?> <svg/onload=alert(1)>',
  terminal: '\u001b[2J\u001b]0;owned\u0007\u009b31m',
  'NUL and CR': 'a\u0000b\r\nc\u000c',
  bidirectional: '\u202egnp.exe\u2066\u200f\u200b\ufeff',
  'not a character': '\ud800 \udfff \ufffe \ufdd0',
  template: `\${alert(1)} {{7*7}} \`x\` =cmd|' /C calc'!A1`,
  address: 'javascript:alert(1)',
};

describe('text of an implementation is never markup', () => {
  const shapeOf = (text: string): ReadonlySet<string> =>
    new Set(tagsOf(text).map(({ name, attributes }) => `${name} ${[...attributes.keys()].sort().join(' ')}`));

  test.each(Object.entries(HOSTILE))('%s', (_, hostile) => {
    const attacked = renderHtml(withTexts(sample, text => `${hostile}${text}`));
    const known = shapeOf(page);
    expect([...shapeOf(attacked)].filter(each => !known.has(each))).toEqual([]);
    expect(attacked.match(/<script/g)).toHaveLength(1);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(attacked).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufdd0\ufffe]/);
    expect(attacked).not.toMatch(/\p{Cs}/u);
    // No `<` is left over that is not the beginning of a tag of ours.
    expect(withoutCode(attacked).replace(TAG, '')).not.toContain('<');
  });

  test('every address in the page is one of ours, of the Web, or a file beside it', () => {
    for (const hostile of Object.values(HOSTILE)) {
      const attacked = renderHtml(withTexts(sample, text => hostile + text));
      const addresses = tagsOf(attacked).flatMap(({ attributes }) => attributes.get('href')?.replaceAll('&#39;', "'") ?? []);
      expect(addresses.filter(each => !/^(#|https?:\/\/|data:,$|[\w%.~!*'()-]+(\/[\w%.~!*'()-]+)*$)/.test(each))).toEqual([]);
    }
  });

  test('a template escapes what is not markup', () => {
    expect(html`<b title="${'"'}">${['<', html`<i>`, 1, undefined, false]}</b>`.text).toBe('<b title="&quot;">&lt;<i>1</b>');
    expect(escapeText('a\u0000\u202e<')).toBe('a\\u{0}\\u{202e}&lt;');
  });

  test('links lead to pages and to files beside the report, and nowhere else', () => {
    const linked = (content: ReturnType<typeof webLink>): boolean => typeof content === 'object';
    for (const address of ['javascript:alert(1)', ' https://x', 'data:text/html,x', 'file:///etc/passwd', 'https:', '//x'])
      expect(linked(webLink(address)), address).toBe(false);
    expect(linked(webLink('https://example.org/a?b'))).toBe(true);
    for (const path of ['../x', '/etc/passwd', 'a/../../x', 'a\\b', '']) expect(linked(fileLink(path, 'x')), path).toBe(false);
    expect(html`${fileLink('javascript:alert(1)', 'x')}`.text).toBe('<a href="javascript%3Aalert(1)">x</a>');
  });

  test('the policy allows the one style and the one script by their hashes', () => {
    const policy = tagsOf(page)
      .find(({ attributes }) => attributes.get('http-equiv') === 'Content-Security-Policy')
      ?.attributes.get('content');
    const hash = (text: string | undefined): string =>
      `'sha256-${createHash('sha256')
        .update(text ?? '')
        .digest('base64')}'`;
    const code = (name: string): string | undefined => new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(page)?.[1];
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`style-src ${hash(code('style'))};`);
    expect(policy).toContain(`script-src ${hash(code('script'))};`);
    expect(policy).not.toContain('unsafe');
    expect(code('script')).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function/);
    const names = tagsOf(page).flatMap(({ attributes }) => [...attributes.keys()]);
    expect(names.filter(name => name === 'style' || name.startsWith('on'))).toEqual([]);
  });
});

// ── whole ───────────────────────────────────────────────────────────────────────────────────────────────────────────

describe('without a script everything is there', () => {
  test('every text of a report', () => {
    const paths = new Map<string, string>();
    const marked = withTexts(sample, (text, path) => {
      // Longer ids of the same text are told apart by the brackets.
      const token = `[${path.startsWith('id ') ? path.slice(3) : `t${paths.size}`}]`;
      paths.set(token, path);
      return /^(https:|traces)/.test(text) ? `${text}/${token}` : `${text} ${token}`;
    });
    const shown = textOf(renderHtml(marked));
    // Why something is required stands beside a requirement, not at every case; the paths are behind their words.
    // What was refuted is told in the words of the refutation.
    const twice = (path: string): boolean => /\.rows\.\d+\.(why|expected|received)$/.test(path);
    const missing = [...paths].filter(([token, path]) => !shown.includes(token) && !/\.evidence\.trace$/.test(path) && !twice(path));
    expect(missing).toEqual([]);
  });

  test('the bytes of the log, with offsets and characters', () => {
    expect(textOf(page)).toContain('0000  70 69 6e 67 20 3c 70 6f 6e 67 3e 0a  ping <pong>.');
  });

  test('only the filters wait for the script', () => {
    const hidden = tagsOf(page).filter(({ attributes }) => attributes.has('hidden'));
    expect(hidden.map(({ attributes }) => attributes.get('id'))).toEqual(['filters']);
  });

  test('each number of the score has its cases', () => {
    const cells = tagsOf(page).filter(({ attributes }) => attributes.has('data-level') && attributes.has('href'));
    expect(cells.map(({ attributes }) => attributes.get('href'))).toContain('#MUST-fail');
    for (const [level, line] of Object.entries(sample.grid)) {
      for (const [verdict, count] of Object.entries(line)) {
        const group = page.split(`<section class="group" id="${level}-${verdict}">`)[1]?.split('<section class="group"')[0] ?? '';
        expect(group.match(/<details class="case/g)?.length ?? 0, `${level} ${verdict}`).toBe(count);
      }
    }
  });

  test('what to read first is first, and a stopped run says so', () => {
    const order = [
      'Conformance report',
      '<h1>',
      'Read this first',
      'id="findings"',
      'id="score"',
      'id="about"',
      'id="matrix"',
      'id="clauses"',
      'id="cases"',
    ];
    const places = order.map(each => page.indexOf(each));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(textOf(renderHtml({ ...sample, complete: false }))).toContain('stopped before its end');
  });

  test('the first difference is marked on both sides, and the line where it was decided', () => {
    expect(page).toContain('text p<mark>ing</mark>');
    expect(page).toContain('text p<mark>ong</mark>');
    expect(page).toMatch(/<tr id=L0-2 class="bad peer">/);
    expect(page).toContain('href=#in-bad');
  });
});

describe('a reader who knows nothing yet', () => {
  test('is led from a clause to what it says, and reads it with the finding', () => {
    expect(page).toContain('Expected (per clause <a href="#clause-0.1" title="Order 0.1">0.1</a>)');
    expect(page).toContain('<summary>Clause 0.1: Order 0.1</summary><p>Toys lie in rows.</p><p class="facts">From: the book of toys</p>');
    expect(page).toContain('<div id="clause-0.1"><dt><strong>0.1</strong> Order 0.1</dt>');
    const { clauses: _clauses, ...older } = sample;
    expect(renderHtml(older)).toContain('Expected (per clause <a href="#req-toy.requirement-0">0.1</a>)');
  });

  test('sees the bytes that decided, in the dump and in the tree of what was decoded', () => {
    expect(page).toContain('0000  70 69 6e 67 20 3c <mark>70 6f 6e 67</mark> 3e 0a  ping &lt;<mark>pong</mark>&gt;.');
    expect(page).toContain('<li><i>text</i> <mark>pong</mark> <small>bytes 0006 to 0009</small>');
    // Of a line that did not decide nothing is marked.
    expect(page).toContain('<li><i>text</i> pong <small>bytes 0006 to 0009</small>');
  });

  test('of a run: the byte that broke the format', async () => {
    const text = renderHtml(await lifetimeReport());
    expect(text).toMatch(/<details open><summary>[\s\S]{0,300}violation[\s\S]{0,400}0000 {2}<mark>02<\/mark> 0d 6c/);
  });

  test('is told how many cases have one cause, and from each of them where to look', async () => {
    const text = renderHtml(await lifetimeReport());
    const [, causes, red] = /<a href="#findings">(\w+) causes?<\/a> for all (\d+) cases that were refuted/.exec(text) ?? [];
    expect([causes, red]).toEqual(['One', '19']);
    const [, folded, hanging] =
      /<summary>(\d+) cases have this one cause; (\d+) more cannot be judged while it is there<\/summary>/.exec(text) ?? [];
    expect(folded).toBe(red);
    expect(text.match(/It fell for the same reason as/g)).toHaveLength(Number(folded) - 1 + Number(hanging));
  });

  test('can type every command that is shown', () => {
    const command = ['my prog', "it's", '$HOME', 'plain', 'a\nb', ''];
    expect(commandLine(command)).toBe(`'my prog' 'it'\\''s' '$HOME' plain $'a\\nb' ''`);
    const told = execFileSync('bash', ['-c', `printf '%s|' ${commandLine([...command, '\u202e\u{1f600}\u{e0068}\u0007\\'])}`], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    });
    expect(told.split('|').slice(0, -1)).toEqual([...command, '\u202e\u{1f600}\u{e0068}\u0007\\']);
    const roles = sample.implementation.roles.map(each => ({ ...each, command }));
    expect(textOf(renderHtml({ ...sample, implementation: { ...sample.implementation, roles } }))).toContain(commandLine(command));
  });

  test('is told of attempts where a deadline decided', () => {
    const late = {
      ...sample,
      rows: sample.rows.map(row =>
        row.refuted === undefined
          ? row
          : { ...row, attempts: { played: 3, refuted: 3, late: 3, undecided: 0 }, refuted: { ...row.refuted, by: 'time' as const } },
      ),
    };
    expect(textOf(renderHtml(late))).toContain('by time: nothing came before the deadline · 3 attempts, 3 too late.');
  });
});

describe('ids and anchors', () => {
  const check = (report: Report): void => {
    const tags = tagsOf(renderHtml(report));
    const ids = tags.flatMap(({ attributes }) => attributes.get('id') ?? []);
    const known = new Set(ids);
    expect(ids.length - known.size).toBe(0);
    const targets = tags.flatMap(({ attributes }) => [...(attributes.get('href') ?? '').matchAll(/^#(.+)$/g)].map(match => match[1] ?? ''));
    const labels = tags.flatMap(({ attributes }) => attributes.get('aria-labelledby') ?? []);
    expect([...targets, ...labels].filter(id => !known.has(id))).toEqual([]);
  };
  test('of a sample', () => check(sample));
  test('of a long one, of which parts are left out', () => check(sampleReport({ cases: 158, lines: 60, red: true })));
  test('with ids that are no words', () => check(withTexts(sample, text => `${text} "<é 😀 a b`)));
  test('of a run', async () => check(await lifetimeReport()));
});

describe('size', () => {
  const LIMIT = 1_500_000;
  const bytes = (report: Report): number => Buffer.byteLength(renderHtml(report));

  test('of 158 cases like those of the largest suite: with a diagram for each that was played', () => {
    const text = renderHtml(sampleReport({ cases: 158, lines: 14 }));
    expect(Buffer.byteLength(text)).toBeLessThan(LIMIT);
    expect(text.match(/<figure class="sequence">/g)).toHaveLength(157);
  });

  test.each([
    ['all red', { red: true, lines: 40 }],
    ['talkative', { red: true, lines: 200 }],
    ['with long lines that must be escaped', { red: false, lines: 30, text: '<&>'.repeat(130), payload: '<'.repeat(90) }],
    ['with characters of four bytes', { red: false, lines: 30, text: '😀'.repeat(200), payload: '😀'.repeat(99) }],
  ])('of 158 cases, %s', (_, options) => {
    expect(bytes(sampleReport({ cases: 158, ...options }))).toBeLessThan(LIMIT);
  });

  test('what is left out is said', () => {
    const text = textOf(renderHtml(sampleReport({ cases: 158, lines: 120 })));
    expect(text).toMatch(/\d+ more lines not shown; the trace has all/);
  });
});

// ── parts ───────────────────────────────────────────────────────────────────────────────────────────────────────────

describe('the first difference', () => {
  const check = (expected: string, received: string): readonly [string, string] | undefined => {
    const found = firstDifference(expected, received);
    if (found === undefined) return undefined;
    const cut = (text: string, { at, length }: { at: number; length: number }): string =>
      `${text.slice(0, at)}<${text.slice(at, at + length)}>${text.slice(at + length)}`;
    return [cut(expected, found.expected), cut(received, found.received)];
  };

  test('is in the first field that differs', () => {
    expect(check("the line 'ab' (line, text ab) on x", 'line, text ac, length 2 [6163]')).toEqual([
      "the line 'ab' (line, text a<b>) on x",
      'line, text a<c>, length 2 [6163]',
    ]);
    expect(check('ready (event, kind 1, id 20) on x', 'event, kind 1, id 21')).toEqual([
      'ready (event, kind 1, id 2<0>) on x',
      'event, kind 1, id 2<1>',
    ]);
    expect(check('ready (event, id 2) on x', 'event, kind 1, id 3')).toEqual(['ready (event, id <2>) on x', 'event, kind 1, id <3>']);
  });

  test('may be the end of one of them', () => {
    expect(check('(line, text own)', 'line, text o, length 1 [6f]')).toEqual(['(line, text o<wn>)', 'line, text o<>, length 1 [6f]']);
    expect(check('(line, text )', 'line, text o')).toEqual(['(line, text <>)', 'line, text <o>']);
  });

  test('does not cut a character', () => {
    expect(check('(line, text \u{1f600})', 'line, text \u{1f601}')).toEqual(['(line, text <\u{1f600}>)', 'line, text <\u{1f601}>']);
  });

  test('is not looked for between things of different forms', () => {
    expect(check('end of file on x', 'line, text a, length 1 [61]')).toBeUndefined();
    expect(check("the line 'a' (line, text a) on x", 'nothing of it within 5.000000 s')).toBeUndefined();
    expect(check('a (line, text a); or b (line, text b) on x', 'line, text c')).toBeUndefined();
    expect(check('a (event, kind 1 or 2)', 'event, kind 3')).toBeUndefined();
    expect(check('a (line, text a)', 'line, text a')).toBeUndefined();
  });
});

test('clauses are in the order of the source', () => {
  const sorted = ['L10', 'L2 [R]', 'A-B04', 'L2', '3.10', '3.2', 'L9'].sort(byClause);
  expect(sorted).toEqual(['3.2', '3.10', 'A-B04', 'L2', 'L2 [R]', 'L9', 'L10']);
});

test('of a long log the lines before the decision are shown', () => {
  expect(windowOf(10, 20, -1)).toEqual({ from: 0, to: 10 });
  expect(windowOf(100, 20, -1)).toEqual({ from: 0, to: 20 });
  expect(windowOf(100, 20, 50)).toEqual({ from: 34, to: 54 });
  expect(windowOf(100, 20, 99)).toEqual({ from: 80, to: 100 });
  for (let focus = 0; focus < 40; focus++) {
    const { from, to } = windowOf(40, 9, focus);
    expect(from <= focus && focus < to && to - from === 9, String(focus)).toBe(true);
  }
});

test('bytes as a dump, times as milliseconds', () => {
  expect(html`${dump('00ff41')}`.text).toBe('0000  00 ff 41  ..A');
  expect(html`${dump('41'.repeat(18))}`.text.split('\n')[1]).toBe(`0010  41 41${' '.repeat(42)}  AA`);
  expect(millis(262_001_015)).toBe('262\u202f001.015');
  expect(millis(7)).toBe('0.007');
});
