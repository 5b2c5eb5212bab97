/**
 * The forms of a report, beside report.json itself: a row of this table is all that another one needs.
 */

import { renderBadge, renderShields } from './render/badge.ts';
import { renderCtrf } from './render/ctrf.ts';
import { renderHtml } from './render/html/page.ts';
import { renderJunit } from './render/junit.ts';
import { renderMarkdown } from './render/markdown.ts';
import { renderSarif } from './render/sarif.ts';
import { renderTap } from './render/tap.ts';
import { renderTerminal } from './render/terminal.ts';
import type { Report } from './report.ts';

export interface Form {
  readonly name: string;
  readonly file: string;
  /** For whom. */
  readonly text: string;
  /** Written with every report. */
  readonly always: boolean;
  readonly render: (report: Report) => string;
}

const plain = (report: Report): string => renderTerminal(report, { colour: false });

export const FORMS: readonly Form[] = [
  { name: 'html', file: 'report.html', text: 'people: one page, with every case on it', always: true, render: renderHtml },
  { name: 'text', file: 'report.txt', text: 'people at a terminal', always: false, render: plain },
  { name: 'junit', file: 'junit.xml', text: 'CI systems (JUnit XML)', always: false, render: renderJunit },
  { name: 'ctrf', file: 'ctrf.json', text: 'CI systems (CTRF)', always: false, render: renderCtrf },
  { name: 'sarif', file: 'report.sarif', text: 'code scanning (SARIF 2.1.0)', always: false, render: renderSarif },
  { name: 'tap', file: 'report.tap', text: 'test harnesses (TAP 14)', always: false, render: renderTap },
  { name: 'markdown', file: 'report.md', text: 'the summary of a CI job', always: false, render: renderMarkdown },
  { name: 'badge', file: 'badge.svg', text: 'a README', always: false, render: renderBadge },
  { name: 'shields', file: 'badge.json', text: 'a badge of shields.io (endpoint)', always: false, render: renderShields },
];

export const formNamed = (name: string): Form | undefined => FORMS.find(form => form.name === name);
