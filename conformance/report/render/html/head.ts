/**
 * The head of the page: the verdict in one sentence and what there is to know before reading on; and, for further down, who was
 * tested how.
 */
import { formatTime, micros } from '../../../../src/host/time.ts';
import type { VerdictName } from '../../../run/grade.ts';
import { findingsOf } from '../../causes.ts';
import { commandLine } from '../../commands.ts';
import type { Report, ReportRole } from '../../report.ts';
import { webLink } from './links.ts';
import type { Content, Markup } from './markup.ts';
import { html } from './markup.ts';

export function head(report: Report): Markup {
  const { suite, sentence, implementation } = report;
  const colon = sentence.indexOf(': ');
  const [short, rest] = colon < 0 ? [sentence, ''] : [sentence.slice(0, colon), sentence.slice(colon + 2)];
  return html`<header class="band ${lookOf(report)}"><div class="wide">
<p class="eyebrow">Conformance report · ${suite.name} · set ${suite.set}</p>
<h1><span class="short"><span aria-hidden="true">${SIGN[lookOf(report)]}</span> ${short}${rest !== '' && html`<span class="sr">:</span>`}</span>${rest !== '' && html` <span class="rest">${rest}</span>`}</h1>
<p class="subject">${nameOf(implementation)} tested against ${suite.title}</p>
${causes(report)}</div></header>
${warnings(report)}`;
}

/** Whoever reads of 17 failures looks for 17 faults. */
function causes(report: Report): Content {
  const red = report.rows.filter(row => row.refuted !== undefined).length;
  const reasons = findingsOf(report).filter(({ row }) => row.refuted !== undefined).length;
  if (reasons === 0 || reasons === red) return undefined;
  return html`<p class="causes"><a href="#findings">${reasons === 1 ? 'One cause' : `${reasons} causes`}</a> for all ${red} cases that were refuted.</p>
`;
}

/** Who was tested, how, and when: for those who have read what came of it. */
export function about(report: Report): Markup {
  return html`<section class="about" aria-labelledby="about"><h2 id="about">About this run</h2><dl>${aboutOf(report).map(
    ([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`,
  )}</dl>
<table class="roles"><caption class="sr">Roles that were tested</caption><thead><tr><th scope="col">Role</th><th scope="col">Met as</th><th scope="col">Claims</th></tr></thead><tbody>${report.implementation.roles.map(role)}</tbody></table>
<p class="again"><span class="label">Command</span> <code class="command">${report.command}</code></p></section>
`;
}

type Look = Extract<VerdictName, 'pass' | 'fail' | 'inconclusive'>;
const SIGN: Readonly<Record<Look, string>> = { pass: '✓', fail: '✗', inconclusive: '?' };

export function lookOf({ conforms, grid }: Report): Look {
  if (conforms) return 'pass';
  return grid.MUST.fail > 0 ? 'fail' : 'inconclusive';
}

/** What a claims file does not say is not made up. */
const nameOf = ({ name, version }: Report['implementation']): Markup =>
  name === ''
    ? html`An implementation without a name`
    : html`<strong>${name}</strong>${version !== '' && html` <span class="version">${version}</span>`}`;

function warnings({ warnings: given, complete }: Report): Content {
  const all = complete ? given : [...given, 'The run was stopped before its end: what follows is what was known by then.'];
  if (all.length === 0) return undefined;
  return html`<div class="wide"><section class="warnings" aria-labelledby="warnings"><h2 id="warnings">Read this first</h2><ul>${all.map(each => html`<li>${each}</li>`)}</ul></section></div>`;
}

function aboutOf(report: Report): readonly (readonly [string, Content])[] {
  const { implementation, suite, arm, seed, patience, timeScale, run, virtualMicros, facts } = report;
  const { name, version, url, contact } = implementation;
  const about: (readonly [string, Content])[] = [
    ['Implementation', name === '' ? 'not named' : name],
    ['Version', version === '' ? 'not stated' : version],
    ['Suite', suite.name],
    ['Requirement set', suite.set],
    ['Arm', arm === 'sim' ? 'simulated' : 'real processes and sockets'],
  ];
  if (url !== '') about.push(['Home', webLink(url)]);
  if (contact !== '') about.push(['Contact', contact]);
  if (run === undefined) about.push(['Virtual time', formatTime(micros(virtualMicros))]);
  else
    about.push(
      ['Started', html`<time datetime="${run.started}">${run.started}</time>`],
      ['Duration', `${(run.millis / 1_000).toFixed(1)} s`],
    );
  if (run !== undefined) about.push(['Host', run.host], ['Platform', run.platform]);
  about.push(['Seed', seed === '' ? '(empty)' : seed]);
  if (patience !== 1_000) about.push(['Deadlines', `× ${patience / 1_000}`]);
  if (timeScale !== 1_000) about.push(['Its timers', `× ${timeScale / 1_000}`]);
  for (const [fact, value] of Object.entries(facts)) about.push([`It speaks: ${fact}`, value]);
  return about;
}

const ADAPTER: Readonly<Record<ReportRole['adapter'], string>> = {
  program: 'program of ours',
  exec: 'command',
  attach: 'attached at',
  shim: 'through a shim',
};

const role = ({ role: name, adapter, command, claims }: ReportRole): Markup =>
  html`<tr><th scope="row">${name}<td><span class="label">${ADAPTER[adapter]}</span> <code>${commandLine(command)}</code><td>${claims.length === 0 ? html`<span class="dim">none</span>` : claims.join(', ')}`;
