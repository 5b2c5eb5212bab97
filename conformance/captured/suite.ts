/**
 * A suite with cases that were made of captures, and those cases as text that a person can edit.
 * Lacks: anything that the cases of a suite have and a capture has not: twins, claims, races.
 */
import { z } from 'zod';
import { unhex } from '../../src/host/bytes.ts';
import { SIGNALS } from '../../src/host/signal.ts';
import { type Duration, durationOf, type Span } from '../../src/host/time.ts';
import type { Case, Requirement, Step, Wiring } from '../case.ts';
import type { Suite } from '../suite.ts';

/** Of the text of a file of cases. */
export const CASE_FILE_LIMIT = 67_108_864;
const TEXT_LIMIT = 4_096;
const STEPS_LIMIT = 20_000;

/** What a captured case shows, of a role. */
export const capturedRequirement = ({ name }: Suite, role: string): Requirement => ({
  id: `${name}.${role}.captured`,
  clause: 'the capture',
  level: 'MUST',
  role,
  text: 'It does what was captured.',
});

/** The same suite, with these cases and no others, and of its requirements those that they can decide. */
export function withCases(suite: Suite, cases: readonly Case[]): Suite {
  const roles = [...new Set(cases.map(({ role }) => role))];
  const known = [...suite.requirements, ...roles.map(role => capturedRequirement(suite, role))];
  const cited = new Set(cases.flatMap(({ requirements }) => requirements));
  const ruled = new Set(roles.flatMap(role => rulesOf(suite.roles[role])));
  const requirements = known.filter(({ id }) => cited.has(id) || ruled.has(id));
  return {
    ...suite,
    requirements,
    sets: { captured: requirements.map(({ id }) => id) },
    cases,
    mutants: [],
  };
}

/** What bytes break that are no messages, whatever a case is about. */
const rulesOf = (wiring: Wiring | undefined): readonly string[] =>
  Object.values(wiring?.channels ?? {}).flatMap(({ rules = {}, unfinished = [] }) => [...Object.values(rules), ...[unfinished].flat()]);

// ── as text ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Lengths of time as people write them, and a step a line. */
export function caseText({ steps, ...rest }: Case): string {
  const spans = (value: object): string =>
    JSON.stringify(value, (key, each: unknown) =>
      ['within', 'lasting', 'deadline'].includes(key) && typeof each === 'number' ? spanText(each as Duration) : each,
    );
  const head = spans(rest)
    .slice(1, -1)
    .replace(/,"(?=rev|title|role|requirements|deadline)/g, ',\n  "');
  return `{\n  "format": "slipway-case", "v": 1,\n  ${head},\n  "steps": [\n    ${steps.map(spans).join(',\n    ')}\n  ]\n}\n`;
}

function spanText(duration: Duration): string {
  if (duration % 1_000_000 === 0) return `${duration / 1_000_000} s`;
  return duration % 1_000 === 0 ? `${duration / 1_000} ms` : `${duration} us`;
}

const text = z.string().max(TEXT_LIMIT);
const span = z
  .string()
  .max(40)
  .transform((value, context): Duration => {
    try {
      return durationOf(value as Span);
    } catch {
      context.addIssue({ code: 'custom', message: 'is a length of time such as "5 s", "200 ms" or "50 us"' });
      return z.NEVER;
    }
  });
const hexText = z.string().refine(value => unhex(value) !== undefined, 'is an even number of hexadecimal digits');
const channel = text.min(1);
const value = z.union([text, z.number(), z.boolean()]);
const pattern = z.union([
  value,
  z.strictObject({ oneOf: z.array(value) }),
  z.strictObject({ form: z.enum(['host:port', 'number', 'any']) }),
  z.strictObject({ begins: text }),
  z.strictObject({ atLeast: z.number(), atMost: z.number().optional() }),
]);
const message = z.strictObject({ type: text, fields: z.record(text, pattern).optional(), name: text });
const save = z.strictObject({ field: text, as: z.string().regex(/^[a-z-]+$/, 'is small letters and minus') });
const expected = z.strictObject({
  message,
  times: z.enum(['one', 'optional', 'any', 'some']),
  save: z.union([save, z.array(save)]).optional(),
});
const target = z.union([z.strictObject({ tcp: z.literal('port') }), z.strictObject({ unix: text })]);

const step = z.discriminatedUnion('verb', [
  z.strictObject({ verb: z.literal('start'), options: z.array(text).optional() }),
  z.strictObject({ verb: z.literal('dial'), channel, to: target, within: span }),
  z.strictObject({ verb: z.literal('expect-open'), channel, within: span }),
  z.strictObject({
    verb: z.literal('send'),
    channel,
    hex: hexText,
    repeat: z.number().int().min(1).max(1_000_000).optional(),
    insert: z.array(z.strictObject({ at: z.number().int().min(0), saved: text })).optional(),
  }),
  z.strictObject({
    verb: z.literal('say'),
    channel,
    text: z.string().max(1_048_576),
    repeat: z.number().int().min(1).max(1_000_000).optional(),
  }),
  z.strictObject({ verb: z.enum(['close', 'half-close', 'reset']), channel }),
  z.strictObject({ verb: z.enum(['pause', 'resume']), channel }),
  z.strictObject({
    verb: z.literal('expect-sequence'),
    channel,
    items: z.array(expected).max(STEPS_LIMIT),
    thenEof: z.boolean().optional(),
    within: span,
  }),
  z.strictObject({ verb: z.literal('expect-among'), channel, message, within: span }),
  z.strictObject({ verb: z.literal('expect-count'), channel, message, least: z.number().int(), most: z.number().int().optional() }),
  z.strictObject({ verb: z.literal('expect-silence'), channels: z.array(channel), lasting: span }),
  z.strictObject({ verb: z.literal('signal'), signal: z.enum(SIGNALS) }),
  z.strictObject({
    verb: z.literal('expect-exit'),
    codes: z.array(z.number().int()).optional(),
    signals: z.array(z.enum(SIGNALS)).optional(),
    within: span,
  }),
]);
const schema = z.strictObject({
  format: z.literal('slipway-case'),
  v: z.literal(1),
  id: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,199}$/, 'is an id such as ikc.server.captured.morning'),
  rev: z.number().int().min(1),
  title: text,
  role: text,
  requirements: z.array(text).min(1),
  deadline: span,
  steps: z.array(step).min(1).max(STEPS_LIMIT),
});

/** What is wrong, as one sentence with its place; or the case. */
export function readCase(source: string, suite: Suite): Case | string {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (thrown) {
    return `it is no JSON: ${thrown instanceof Error ? thrown.message : ''}`;
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return `${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'is no case'}`;
  }
  const { format, v, ...testCase } = parsed.data;
  const wiring = suite.roles[testCase.role];
  if (wiring === undefined) return `role: the suite ${suite.name} has the roles ${Object.keys(suite.roles).join(', ')}`;
  const known = [...suite.requirements, capturedRequirement(suite, testCase.role)].map(({ id }) => id);
  const strange = testCase.requirements.find(each => !known.includes(each));
  if (strange !== undefined) return `requirements: there is no requirement ${strange}`;
  const steps = testCase.steps as readonly Step[]; // as the schema has them; it says undefined where Step says absent
  for (const [index, each] of steps.entries()) {
    const named = 'channels' in each ? each.channels : 'channel' in each ? [each.channel] : [];
    const missing = named.find(name => !Object.hasOwn(wiring.channels, name));
    if (missing !== undefined)
      return `steps.${index}: the role ${testCase.role} has no channel ${missing}; it has ${Object.keys(wiring.channels).join(', ')}`;
  }
  return { ...testCase, steps };
}
