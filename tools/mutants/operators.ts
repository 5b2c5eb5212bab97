/**
 * What can be changed in a source: a table of operators over its syntax tree. A change has two texts: that of the mutant, and the
 * same with a call that tells a probe (probe.ts) that the place was come to, and whether the value was another than it would have been.
 * Lacks: types. What the compiler would refuse still means something when it runs, and is judged by that.
 */
import ts from 'typescript';
import { PROBE } from './probe.ts';

export interface Change {
  /** Of the text, in code units. */
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly told: string;
}

/** `words`: the strings of the file, for one that is taken for another. */
type Operator = (node: ts.Node, words: readonly string[]) => readonly Change[];

const REACHED = `${PROBE}.reached()`;

/** A statement that has no effect on another but by what it does: nothing is declared in it. */
const isPlain = (node: ts.Node): node is ts.Statement =>
  ts.isExpressionStatement(node) || ts.isIfStatement(node) || ts.isForOfStatement(node);

const isAssignment = (node: ts.Node): node is ts.BinaryExpression =>
  ts.isBinaryExpression(node) &&
  node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
  node.operatorToken.kind <= ts.SyntaxKind.LastAssignment;

/** It can be evaluated once more than it was written. */
function isPure(node: ts.Node): boolean {
  if (ts.isCallExpression(node) || ts.isNewExpression(node) || ts.isAwaitExpression(node) || ts.isYieldExpression(node)) return false;
  if (ts.isTaggedTemplateExpression(node) || ts.isDeleteExpression(node) || ts.isPostfixUnaryExpression(node)) return false;
  if (ts.isPrefixUnaryExpression(node) && STEPS[node.operator] !== undefined) return false;
  if (isAssignment(node)) return false;
  return ts.forEachChild(node, child => !isPure(child)) !== true;
}

/** An expression in place of another; a word or a literal needs no brackets, and is then what somebody would have written. */
function value(node: ts.Node, text: string): Change {
  const told = isPure(node) ? `${PROBE}.either(() => (${node.getText()}), () => (${text}))` : `(${REACHED}, (${text}))`;
  return { from: node.getStart(), to: node.end, text: /^[\w.]+$|^'[^']*'$/.test(text) ? text : `(${text})`, told };
}

/** What is done in place of a statement or a block. */
const done = (node: ts.Node, text: string): Change => ({
  from: node.getStart(),
  to: node.end,
  text: `{${text}}`,
  told: `{ ${REACHED}; ${text} }`,
});

/** A part of a list in place of itself and what follows it. */
const listed = (from: ts.Node, to: ts.Node, first: string, rest: string): Change => ({
  from: from.getStart(),
  to: to.end,
  text: `${first}${rest}`,
  told: `(${REACHED}, ${first})${rest}`,
});

/** No element, or no property, where there was one. */
const nothing = (node: ts.Node, empty: string): Change => ({
  from: node.getStart(),
  to: node.end,
  text: `...${empty}`,
  told: `...(${REACHED}, ${empty})`,
});

const STEPS: Readonly<Partial<Record<ts.SyntaxKind, string>>> = {
  [ts.SyntaxKind.PlusPlusToken]: '--',
  [ts.SyntaxKind.MinusMinusToken]: '++',
};

const NUMERIC: Readonly<Record<string, string>> = {
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '%': '*',
  '&': '|',
  '|': '&',
  '^': '&',
  '<<': '>>>',
  '>>': '<<',
  '>>>': '<<',
  '+=': '-=',
  '-=': '+=',
};

/** Another operator between the same two. */
const between =
  (table: Readonly<Record<string, string>>): Operator =>
  node => {
    if (!ts.isBinaryExpression(node)) return [];
    const other = table[node.operatorToken.getText()];
    if (other === undefined || isText(node)) return [];
    return [value(node, `${side(node.left)} ${other} ${side(node.right)}`)];
  };

/** As it was read before: another operator may bind more or less. */
const side = (node: ts.Node): string => (ts.isBinaryExpression(node) ? `(${node.getText()})` : node.getText());

/** A sum of texts. */
function isText(node: ts.Node): boolean {
  if (ts.isBinaryExpression(node)) return node.operatorToken.getText().startsWith('+') && (isText(node.left) || isText(node.right));
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
}

function isCondition(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isIfStatement(parent) || ts.isWhileStatement(parent) || ts.isDoStatement(parent)) return parent.expression === node;
  return (ts.isForStatement(parent) || ts.isConditionalExpression(parent)) && parent.condition === node;
}

/** A name, a member, or a literal: what may be taken for another of its kind. */
const kindOf = (node: ts.Node): string | undefined =>
  ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)
    ? 'name'
    : ts.isLiteralExpression(node)
      ? ts.SyntaxKind[node.kind]
      : undefined;

const isKey = (node: ts.Node): boolean => 'name' in node.parent && node.parent.name === node;

/** Of a table: a record without another member is no record of its type. */
const isRow = (node: ts.Node): boolean =>
  ts.isSpreadAssignment(node) ||
  (ts.isPropertyAssignment(node) && (ts.isObjectLiteralExpression(node.initializer) || ts.isArrayLiteralExpression(node.initializer)));

/** A list or record that is made, and not one that is taken apart. */
const isMade = (node: ts.Node): boolean => !(isAssignment(node.parent) && node.parent.left === node);

/** A function that returns nothing may return early. */
function returnsNothing(node: ts.Node): boolean {
  const within = ts.findAncestor(node, ts.isFunctionLike);
  const gives = (each: ts.Node): boolean =>
    (ts.isReturnStatement(each) && each.expression !== undefined) || (!ts.isFunctionLike(each) && ts.forEachChild(each, gives) === true);
  return within !== undefined && 'body' in within && within.body !== undefined && ts.isBlock(within.body) && !gives(within.body);
}

export const OPERATORS: Readonly<Record<string, Operator>> = {
  'condition negated': node => (isCondition(node) ? [value(node, `!(${node.getText()})`)] : []),
  'condition forced': node => (isCondition(node) ? [value(node, 'true'), value(node, 'false')] : []),
  boundary: between({ '<': '<=', '<=': '<', '>': '>=', '>=': '>' }),
  equality: between({ '===': '!==', '!==': '===' }),
  arithmetic: between(NUMERIC),
  logical: between({ '&&': '||', '||': '&&' }),
  'one side of ??': node =>
    ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken
      ? [value(node, node.left.getText()), value(node, node.right.getText())]
      : [],
  'not dropped': node =>
    ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken ? [value(node, node.operand.getText())] : [],
  'step reversed': node => {
    const step = ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node) ? STEPS[node.operator] : undefined;
    if (step === undefined || !('operand' in node)) return [];
    const operand = (node as ts.PostfixUnaryExpression).operand.getText();
    return [value(node, ts.isPostfixUnaryExpression(node) ? `${operand}${step}` : `${step}${operand}`)];
  },
  'number off by one': node => {
    if (isKey(node)) return [];
    if (ts.isBigIntLiteral(node)) return [value(node, `${node.getText()} + 1n`), value(node, `${node.getText()} - 1n`)];
    return ts.isNumericLiteral(node) ? [value(node, `${node.getText()} + 1`), value(node, `${node.getText()} - 1`)] : [];
  },
  'boolean altered': node => {
    if (node.kind === ts.SyntaxKind.TrueKeyword) return [value(node, 'false')];
    return node.kind === ts.SyntaxKind.FalseKeyword ? [value(node, 'true')] : [];
  },
  'string altered': (node, words) => {
    // A sentence is for people.
    if (!ts.isStringLiteral(node) || node.text.includes(' ') || isKey(node)) return [];
    return words.filter(each => each !== node.getText()).map(each => value(node, each));
  },
  'default altered': node => {
    const owner = node.parent;
    if (!(ts.isParameter(owner) || ts.isBindingElement(owner) || ts.isPropertyDeclaration(owner)) || owner.initializer !== node) return [];
    return [value(node, 'undefined')];
  },
  'arguments swapped': node => {
    if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return [];
    const given = node.arguments ?? [];
    return given.flatMap((left, index) => {
      const right = given[index + 1];
      if (right === undefined || kindOf(left) === undefined || kindOf(left) !== kindOf(right)) return [];
      return [listed(left, right, right.getText(), `, ${left.getText()}`)];
    });
  },
  'argument dropped': node => {
    if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return [];
    const [before, last] = (node.arguments ?? []).slice(-2);
    if (before === undefined || last === undefined || ts.isSpreadElement(before)) return [];
    return [listed(before, last, before.getText(), '')];
  },
  'call dropped': node =>
    ts.isCallExpression(node) && ts.isArrowFunction(node.parent) && node.parent.body === node ? [value(node, 'undefined')] : [],
  'statement deleted': node =>
    ts.isExpressionStatement(node) || (ts.isReturnStatement(node) && node.expression === undefined) || ts.isBreakOrContinueStatement(node)
      ? [done(node, '')]
      : [],
  'block emptied': node => (ts.isBlock(node) && node.statements.length > 0 ? [done(node, '')] : []),
  'return early': node =>
    isPlain(node) && ts.isBlock(node.parent) && node.parent.statements[0] !== node && returnsNothing(node) ? [done(node, 'return;')] : [],
  'element dropped': node => {
    const { parent } = node;
    if (ts.isArrayLiteralExpression(parent)) return isMade(parent) ? [nothing(node, '[]')] : [];
    return ts.isObjectLiteralExpression(parent) && isMade(parent) && isRow(node) ? [nothing(node, '{}')] : [];
  },
};

/** Whether nothing of it runs. */
export const isSilent = (node: ts.Node): boolean =>
  ts.isTypeNode(node) ||
  ts.isInterfaceDeclaration(node) ||
  ts.isTypeAliasDeclaration(node) ||
  ts.isImportDeclaration(node) ||
  ts.isExportDeclaration(node);
