/**
 * The report as a schema: what a stored report.json has to be, whoever wrote it. The published JSON Schema
 * (schemas/report.schema.json) is generated from it. A key that is not named here is passed over: a later version may add keys.
 * Lacks: what a schema cannot say (read.ts).
 */
import { z } from 'zod';
import { LEVELS } from '../case.ts';
import { VERDICTS } from '../run/grade.ts';
import type { Report, ReportRow } from './report.ts';
import { NONE, REPORT_FORMAT, REPORT_SCHEMA } from './report.ts';

/** Rows, requirements and claims: ten times the largest suite that anybody has, twice over. */
export const ROWS_LIMIT = 10_000;
/** Of everything else that is a list. */
const LIST_LIMIT = 10_000;

const text = z.string();
const count = z.int().min(0);
/** Into a list, or -1 for nowhere. */
const index = z.int().min(NONE);
const level = z.enum(LEVELS);
const texts = z.array(text).max(LIST_LIMIT);

const role = z.object({
  role: text.min(1),
  adapter: z.enum(['program', 'exec', 'attach', 'shim']),
  command: texts,
  claims: texts,
});

const implementation = z.object({
  name: text,
  version: text,
  url: text,
  contact: text,
  roles: z.array(role).max(LIST_LIMIT),
});

const run = z.object({ started: z.iso.datetime(), host: text, platform: text, millis: z.number().min(0) });

const gridLine = z.object({
  pass: count,
  nonstrict: count,
  info: count,
  fail: count,
  inconclusive: count,
  'not-applicable': count,
  error: count,
});

const refuted = z.object({
  requirement: text,
  clause: text,
  step: count,
  expected: text,
  received: text,
  by: z.enum(['order', 'time']),
  line: index,
  traceLine: z.exactOptional(z.int().min(1)),
  at: z.exactOptional(z.object({ channel: text, after: count, is: z.enum(['violation', 'message', 'end', 'nothing']), wanted: count })),
});

const span = { at: z.exactOptional(count), length: z.exactOptional(count) };
const logItem = z.object({
  type: text,
  ...span,
  fields: z.array(z.object({ name: text, value: text, ...span })).max(LIST_LIMIT),
});

const logLine = z.object({
  at: z.int(),
  from: z.enum(['tester', 'peer', 'note']),
  step: index,
  channel: text,
  text,
  length: count,
  hex: text.regex(/^(?:[0-9a-f]{2})*$/),
  items: z.exactOptional(z.array(logItem).max(LIST_LIMIT)),
});

const row: z.ZodType<ReportRow> = z.object({
  case: text.min(1),
  rev: z.int().min(1),
  title: text,
  role: text.min(1),
  level,
  requirements: texts,
  counts: z.boolean(),
  verdict: z.enum(VERDICTS),
  end: text,
  ends: z
    .array(
      z.object({
        channel: text,
        how: z.enum(['closed by it', 'half-closed by it', 'reset by it', 'closed by us', 'reset by us', 'open', 'never opened']),
      }),
    )
    .max(LIST_LIMIT),
  refuted: z.exactOptional(refuted),
  why: text,
  expected: text,
  received: text,
  attempts: z.object({ played: count, refuted: count, late: count, undecided: count }),
  rests: z.enum(['', 'deadline', 'silence']),
  race: text,
  strain: z.exactOptional(z.object({ lag: count, waited: count, stalled: count })),
  twin: text,
  deviation: text,
  kills: texts,
  steps: texts,
  log: z.array(logLine).max(LIST_LIMIT),
  logOmitted: count,
  output: z.array(z.object({ channel: text, bytes: count, tail: text })).max(LIST_LIMIT),
  millis: z.exactOptional(z.number().min(0)),
  reproduce: z.object({ live: text, replay: text }),
  evidence: z.object({ trace: text, pcap: text, view: z.exactOptional(text) }),
  baseline: z.exactOptional(z.object({ state: z.enum(['expected', 'different', 'stale']), why: text, issue: text })),
});

const requirement = z.object({
  id: text.min(1),
  clause: text,
  level,
  role: text,
  text,
  quote: text,
  rationale: text,
  counts: z.boolean(),
  status: z.enum(['met', 'broken', 'open', 'excluded']),
  cases: texts,
  excluded: text,
});

const clause = z.object({ id: text.min(1), title: text, text, source: text });

const claim = z.object({
  kind: z.enum(['feature', 'choice']),
  id: text,
  text,
  claimed: z.enum(['yes', 'no', 'not said']),
  observed: z.enum(['yes', 'no', 'mixed', 'not seen']),
  agrees: z.boolean(),
});

export const REPORT: z.ZodType<Report> = z
  .object({
    format: z.literal(REPORT_FORMAT),
    schema: z.literal(REPORT_SCHEMA),
    complete: z.boolean(),
    suite: z.object({ name: text.min(1), title: text, set: text }),
    implementation,
    arm: z.enum(['sim', 'node']),
    seed: text,
    patience: z.int().min(1),
    timeScale: z.int().min(1),
    command: text,
    run: z.exactOptional(run),
    virtualMicros: count,
    conforms: z.boolean(),
    sentence: text,
    grid: z.object({ MUST: gridLine, SHOULD: gridLine, MAY: gridLine }),
    coverage: z.object({ total: count, met: count, broken: count, open: count, excluded: count }),
    facts: z.record(text, text),
    warnings: texts,
    rows: z.array(row).max(ROWS_LIMIT),
    requirements: z.array(requirement).max(ROWS_LIMIT),
    clauses: z.exactOptional(z.array(clause).max(ROWS_LIMIT)),
    claims: z.array(claim).max(ROWS_LIMIT),
    limits: texts,
    baseline: z.exactOptional(z.object({ expected: count, wrong: count })),
  })
  .meta({
    title: 'Slipway conformance report',
    description:
      'What `slipway conform --report` writes as report.json. Keys that are not named here may be there and mean nothing to a reader of this schema.',
  });

/** As it is published: for editors, and for readers in other languages. */
export const publishedSchema = (schema: z.ZodType): string => `${JSON.stringify(z.toJSONSchema(schema, { io: 'input' }), undefined, 2)}\n`;
