/**
 * What a badge says: which suite and roles, how many cases of each level, and of which set. Never a bare percentage, and what
 * does not apply is told apart from what was passed. As SVG, and for shields.io (its endpoint schema, version 1).
 */
import { printable } from '../../../src/host/bytes.ts';
import { LEVELS } from '../../case.ts';
import type { Report } from '../report.ts';
import { attributes, escaped } from './markup.ts';

export interface Badge {
  /** `lonc lond` */
  readonly label: string;
  /** `MUST 41/41 · SHOULD 9/12 · set 2026-11` */
  readonly message: string;
  readonly state: 'conforms' | 'fails' | 'undecided';
}

export function badgeOf({ suite, implementation, grid, conforms }: Report): Badge {
  const parts = LEVELS.flatMap(level => {
    const { pass, nonstrict, info, fail, inconclusive, error } = grid[level];
    const asked = pass + nonstrict + info + fail + inconclusive + error;
    // A MAY is a choice: there is no score in it.
    return asked === 0 || level === 'MAY' ? [] : [`${level} ${pass}/${asked}`];
  });
  const unclaimed = LEVELS.reduce((sum, level) => sum + grid[level]['not-applicable'], 0);
  if (unclaimed > 0) parts.push(`${unclaimed} not applicable`);
  const roles = implementation.roles.map(each => each.role).join('+');
  return {
    label: printable(`${suite.name} ${roles}`.trim(), SHOWN),
    message: printable([...(parts.length === 0 ? ['nothing tested'] : parts), `set ${suite.set}`].join(' · '), SHOWN),
    state: conforms ? 'conforms' : grid.MUST.fail > 0 ? 'fails' : 'undecided',
  };
}

const SHOWN = 120;
const WORD: Readonly<Record<Badge['state'], string>> = { conforms: 'conforms', fails: 'does not conform', undecided: 'not decided' };
/** White on each of these has a contrast of at least 4.5 (WCAG 2.1, 1.4.3). */
const FILL: Readonly<Record<Badge['state'], string>> = { conforms: '#2a7a2a', fails: '#b3261e', undecided: '#8a5a00' };

export function renderShields(report: Report): string {
  const { label, message, state } = badgeOf(report);
  return `${JSON.stringify({ schemaVersion: 1, label, message, color: FILL[state], isError: state !== 'conforms' }, undefined, 2)}\n`;
}

const HEIGHT = 20;
const MARGIN = 6;

export function renderBadge(report: Report): string {
  const { label, message, state } = badgeOf(report);
  const left = widthOf(label) + 2 * MARGIN;
  const right = widthOf(message) + 2 * MARGIN;
  const width = left + right;
  const title = `${label} · ${message} · ${WORD[state]}`;
  const head = {
    xmlns: 'http://www.w3.org/2000/svg',
    width,
    height: HEIGHT,
    viewBox: `0 0 ${width} ${HEIGHT}`,
    role: 'img',
    'aria-labelledby': 'title',
  };
  // The texts are given the room that was reckoned for them, whatever font there is.
  const text = (at: number, content: string): string =>
    `  <text${attributes({ x: at + MARGIN, y: 14, textLength: widthOf(content), lengthAdjust: 'spacingAndGlyphs' })}>${escaped(content)}</text>\n`;
  return [
    `<svg${attributes(head)}>\n`,
    `  <title id="title">${escaped(title)}</title>\n`,
    `  <rect${attributes({ width: left, height: HEIGHT, fill: '#404040' })}/>\n`,
    `  <rect${attributes({ x: left, width: right, height: HEIGHT, fill: FILL[state] })}/>\n`,
    '  <g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11" aria-hidden="true">\n',
    text(0, label),
    text(left, message),
    '  </g>\n</svg>\n',
  ].join('');
}

/** Of a text in Verdana at 11 pixels, near enough. */
const widthOf = (text: string): number =>
  Math.ceil([...text].reduce((sum, character) => sum + (NARROW.includes(character) ? 4.2 : WIDE.test(character) ? 8 : 6.9), 0));
const NARROW = " .,:;|!'·iljtfr/()[]";
const WIDE = /[A-Z%@mw+]/;
