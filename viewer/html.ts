/**
 * The page as one file: style, script, and the traces packed. It asks for nothing else, and its policy forbids that it could.
 * Lacks: compression and digests, which whoever writes the file brings.
 */
import { STYLE } from './style.ts';

export interface PageParts {
  /** Of one trace or two: what pack.ts makes, compressed with gzip, in base64. */
  readonly traces: readonly string[];
  /** JSON of where they differ. */
  readonly difference: string | undefined;
  /** The compiled script of page/. */
  readonly script: string;
  /** SHA-256 of a text, in base64. */
  readonly digest: (text: string) => string;
}

/** Pieces of the file, in order, in ASCII. */
export function pageOf({ traces, difference, script, digest }: PageParts): readonly string[] {
  const policy = `default-src 'none'; style-src 'sha256-${digest(STYLE)}'; script-src 'sha256-${digest(script)}'; base-uri 'none'; form-action 'none'`;
  return [
    `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">`,
    `<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>Trace - Slipway</title>`,
    `<style>${STYLE}</style></head><body><p id="waiting">Unpacking the trace &hellip;</p>`,
    `<noscript><p class="complaint">This page is made by its script, and scripts are off; <code>slipway show</code> prints a trace in a terminal.</p></noscript>\n`,
    // Letters, digits, plus and slash: there is nothing in it that could end an element.
    ...traces.map(trace => `<script type="application/gzip" class="trace">${trace}</script>\n`),
    ...(difference === undefined ? [] : [`<script type="application/json" class="difference">${inert(difference)}</script>\n`]),
    `<script>${script}</script></body></html>\n`,
  ];
}

/** JSON that ends no element and begins no comment, in ASCII, and is the same value. */
const inert = (json: string): string =>
  json.replace(/[<>&]|[^ -~]/g, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
