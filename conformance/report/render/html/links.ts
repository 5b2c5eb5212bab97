/**
 * Addresses inside the page and out of it. An address that comes from a claims file or a baseline is a link only where
 * following it can do no more than show another page.
 */
import { citedIn, clauseCalled } from '../../../clauses.ts';
import type { Report, ReportRequirement } from '../../report.ts';
import type { Content } from './markup.ts';
import { html } from './markup.ts';

/** An id for any text; different texts have different ids. */
const named = (prefix: string, text: string): string =>
  `${prefix}-${text.replace(/[^\w.-]/gu, character => `~${(character.codePointAt(0) ?? 0).toString(16)}~`)}`;

export const caseAnchor = (id: string): string => named('case', id);
export const requirementAnchor = (id: string): string => named('req', id);
export const clauseAnchor = (id: string): string => named('clause', id);
export const groupAnchor = (level: string, verdict: string): string => `${level}-${verdict}`;

/** What a requirement cites, each part leading to what it says; where the report does not tell, to the requirement. */
export function clauseLinks({ clause, id }: Pick<ReportRequirement, 'clause' | 'id'>, { clauses = [] }: Pick<Report, 'clauses'>): Content {
  if (clauses.length === 0) return html`<a href="#${requirementAnchor(id)}">${clause}</a>`;
  return citedIn(clause).map((cited, at) => {
    const found = clauseCalled(clauses, cited);
    return [at > 0 && ', ', found === undefined ? cited : html`<a href="#${clauseAnchor(found.id)}" title="${found.title}">${cited}</a>`];
  });
}

/** A page of the Web, or the text alone. */
export function webLink(address: string): Content {
  return /^https?:\/\/[^\s/]/i.test(address) ? html`<a href="${address}" rel="noopener noreferrer nofollow">${address}</a>` : address;
}

/** A file beside the report, or the words alone. */
export function fileLink(path: string, words: string): Content {
  const parts = path.split('/');
  if (path === '' || path.includes('\\') || parts.some(part => part === '' || part === '..')) return words;
  return html`<a href="${parts.map(encoded).join('/')}">${words}</a>`;
}

/** `a:b` as the first part would be a scheme; encoded it is a name. A lone surrogate has no encoding. */
const encoded = (part: string): string => encodeURIComponent(part.replace(/\p{Cs}/gu, '\ufffd'));
