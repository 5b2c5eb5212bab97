/**
 * What two published schemas of JUnit XML require, as data, and a validator that is as large as they need: which children an element
 * has in which order, which attributes with which type, and whether text may stand in it.
 * Sources: junit-10.xsd of Jenkins' xUnit plugin, JUnit.xsd of windyroad/JUnit-Schema (that of Apache Ant's reports).
 */
import { XMLParser } from 'fast-xml-parser';

type Type = 'string' | 'token' | 'int' | 'decimal' | 'second' | 'surefire-time';

/** `!` for an attribute that has to be there. */
type Attributes = Readonly<Record<string, Type | `${Type}!`>>;

interface Element {
  readonly attributes: Attributes;
  /** In this order, each as often as its sign says: none or one `?`, any `*`, exactly one without. Without an order: any of them, as often as may be. */
  readonly sequence?: readonly string[];
  readonly anyOf?: readonly string[];
  /** At most one of them. */
  readonly oneOf?: readonly string[];
  readonly text: boolean;
}

export type Schema = Readonly<Record<string, Element>>;

const RESULT: Element = { attributes: { type: 'string', message: 'string' }, text: true };
const TEXT: Element = { attributes: {}, text: true };

export const JENKINS: Schema = {
  testsuites: {
    attributes: { name: 'string', time: 'surefire-time', tests: 'string', failures: 'string', errors: 'string' },
    sequence: ['testsuite*'],
    text: false,
  },
  testsuite: {
    attributes: {
      name: 'string!',
      tests: 'string!',
      failures: 'string!',
      errors: 'string!',
      group: 'string',
      time: 'surefire-time',
      skipped: 'string',
      timestamp: 'string',
      hostname: 'string',
      id: 'string',
      package: 'string',
      file: 'string',
      log: 'string',
      url: 'string',
    },
    anyOf: ['testsuite', 'properties', 'testcase', 'system-out', 'system-err'],
    text: false,
  },
  testcase: {
    attributes: { name: 'string!', time: 'string', classname: 'string', group: 'string' },
    anyOf: ['skipped', 'error', 'failure', 'rerunFailure', 'rerunError', 'flakyFailure', 'flakyError', 'system-out', 'system-err'],
    text: false,
  },
  properties: { attributes: {}, sequence: ['property*'], text: false },
  property: { attributes: { name: 'string!', value: 'string!' }, text: false },
  failure: RESULT,
  error: RESULT,
  skipped: RESULT,
  'system-out': TEXT,
  'system-err': TEXT,
};

const ANT_RESULT: Element = { attributes: { type: 'string!', message: 'string' }, text: true };

export const ANT: Schema = {
  testsuites: { attributes: {}, sequence: ['testsuite*'], text: false },
  testsuite: {
    attributes: {
      package: 'token!',
      id: 'int!',
      name: 'token!',
      timestamp: 'second!',
      hostname: 'token!',
      tests: 'int!',
      failures: 'int!',
      errors: 'int!',
      skipped: 'int',
      time: 'decimal!',
    },
    sequence: ['properties', 'testcase*', 'system-out', 'system-err'],
    text: false,
  },
  testcase: {
    attributes: { name: 'token!', classname: 'token!', time: 'decimal!' },
    oneOf: ['skipped', 'error', 'failure'],
    text: false,
  },
  properties: { attributes: {}, sequence: ['property*'], text: false },
  property: { attributes: { name: 'token!', value: 'string!' }, text: false },
  failure: ANT_RESULT,
  error: ANT_RESULT,
  // Its type is not given, which is anything; libxml2 takes a message and no type.
  skipped: { attributes: { message: 'string' }, text: true },
  'system-out': TEXT,
  'system-err': TEXT,
};

const TYPES: Readonly<Record<Type, RegExp>> = {
  string: /^/,
  token: /\S/,
  int: /^-?\d{1,9}$/,
  decimal: /^-?\d+(?:\.\d+)?$/,
  second: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/,
  // Groups of thousands may be parted by commas.
  'surefire-time': /^(?:(?:\d{0,3},)*\d{3}|\d{0,3})*(?:\.\d*)?$/,
};

type Node = Readonly<Record<string, unknown>>;

const PARSER = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  ignoreDeclaration: true,
  trimValues: true,
});

/** What is wrong, by place; nothing for a document that is valid. Whether it is well formed is for somebody else. */
export function invalidIn(xml: string, schema: Schema): readonly string[] {
  const roots = PARSER.parse(xml) as readonly Node[];
  return roots.flatMap(root => (nameOf(root) === 'testsuites' ? wrongIn(root, schema, '') : [`the root is ${nameOf(root)}`]));
}

function wrongIn(node: Node, schema: Schema, parent: string): readonly string[] {
  const name = nameOf(node);
  const place = `${parent}/${name}`;
  const element = schema[name];
  if (element === undefined) return [`${place}: no such element`];
  const children = (node[name] as readonly Node[]).filter(child => nameOf(child) !== '#text');
  const text = (node[name] as readonly Node[]).some(child => nameOf(child) === '#text');
  return [
    ...wrongAttributes(node, element.attributes).map(each => `${place}: ${each}`),
    ...(text && !element.text ? [`${place}: text`] : []),
    ...wrongOrder(children.map(nameOf), element).map(each => `${place}: ${each}`),
    ...children.flatMap(child => wrongIn(child, schema, place)),
  ];
}

function wrongAttributes(node: Node, known: Attributes): readonly string[] {
  const given = (node[':@'] ?? {}) as Readonly<Record<string, string>>;
  const missing = Object.entries(known).filter(([name, type]) => type.endsWith('!') && given[name] === undefined);
  const wrong = Object.entries(given).flatMap(([name, value]) => {
    const type = known[name]?.replace('!', '') as Type | undefined;
    if (type === undefined) return [`no attribute ${name}`];
    return TYPES[type].test(value) ? [] : [`${name} is no ${type}: ${value}`];
  });
  return [...missing.map(([name]) => `${name} is missing`), ...wrong];
}

function wrongOrder(children: readonly string[], { sequence, anyOf, oneOf }: Element): readonly string[] {
  const told = children.map(child => `<${child}>`).join('');
  if (anyOf !== undefined) return children.filter(child => !anyOf.includes(child)).map(child => `no ${child} here`);
  if (oneOf !== undefined) return children.length <= 1 && children.every(child => oneOf.includes(child)) ? [] : [`children ${told}`];
  const order = (sequence ?? []).map(each => each.replace(/^([\w-]+)([?*]?)$/, '(?:<$1>)$2')).join('');
  return new RegExp(`^${order}$`).test(told) ? [] : [`children ${told}`];
}

const nameOf = (node: Node): string => Object.keys(node).find(key => key !== ':@') ?? '';
