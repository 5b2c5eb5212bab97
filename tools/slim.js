/**
 * What `npm run build` does to the compiled scripts of the package: their comments go, which stand in the types beside them, and their
 * indentation. The compiler cannot keep the comments of types alone. Rewrites in one step what has changed since it ran last.
 * Lacks: anything that makes a stack trace hard to read; names, lines and statements stay.
 */
import { existsSync, readdirSync, readFileSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** Of literals, in which nothing is a comment or an indentation. */
const LITERALS = new Set([
  ts.SyntaxKind.StringLiteral,
  ts.SyntaxKind.RegularExpressionLiteral,
  ts.SyntaxKind.NoSubstitutionTemplateLiteral,
  ts.SyntaxKind.TemplateHead,
  ts.SyntaxKind.TemplateMiddle,
  ts.SyntaxKind.TemplateTail,
]);

/** The text of a script that does the same. A comment between two tokens of one line stays, and the first line of a command. */
export function slim(text) {
  const source = ts.createSourceFile('script.js', text, ts.ScriptTarget.ES2023, false, ts.ScriptKind.JS);
  const literals = [];
  const visit = node => {
    if (LITERALS.has(node.kind)) literals.push({ start: node.getStart(source), end: node.end });
    ts.forEachChild(node, visit);
  };
  visit(source);
  let made = '';
  let at = 0;
  for (const { start, end } of literals) {
    made += slimCode(text.slice(at, start)) + text.slice(start, end);
    at = end;
  }
  return made + slimCode(text.slice(at));
}

/** An indentation, or a comment with the blanks before it: nothing else of code without literals begins with a slash and goes on so. */
const PIECE = /\n +(?! *\/[/*])|(?:\n *| *)(?:\/\/[^\n]*|\/\*(?:(?!\*\/)[\s\S])*\*\/)/g;

function slimCode(code) {
  return code.replace(PIECE, (piece, at) => {
    if (!piece.includes('/')) return '\n';
    return /^(?:\n|$)/.test(code.slice(at + piece.length, at + piece.length + 1)) ? '' : piece;
  });
}

const ROOT = resolve(import.meta.dirname, '..');
/** Compiled for tests and for us. */
const NOT_PACKED = /^dist\/(?:test|bench|tools|\.build)\//;

function main() {
  const stamp = join(ROOT, 'dist/.build/slim');
  const last = existsSync(stamp) ? statSync(stamp).mtimeMs : 0;
  writeFileSync(stamp, '');
  for (const name of readdirSync(join(ROOT, 'dist'), { recursive: true })) {
    const path = join(ROOT, 'dist', name);
    if (!name.endsWith('.js') || NOT_PACKED.test(`dist/${name}`)) continue;
    const { atime, mtime, mtimeMs } = statSync(path);
    if (mtimeMs < last) continue;
    const text = readFileSync(path, 'utf8');
    const made = slim(text);
    if (made === text) continue;
    // Whoever loads it meanwhile has the one or the other.
    const beside = `${path}.${process.pid}`;
    writeFileSync(beside, made);
    utimesSync(beside, atime, mtime);
    renameSync(beside, path);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
