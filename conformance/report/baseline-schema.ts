/**
 * The baseline as a schema, and the way in from a file. It is written by hand: a key that is not known is a mistake.
 * The published JSON Schema is schemas/baseline.schema.json.
 */
import { z } from 'zod';
import { BASELINE_FORMAT, BASELINE_SCHEMA, type Baseline, EXPECTABLE } from './baseline.ts';
import { type DocumentKind, type ReadDocument, readDocument } from './document.ts';

/** Who expects more than this to fail does not want to know. */
export const ENTRIES_LIMIT = 10_000;
const TEXT_LIMIT = 4_194_304;

const entry = z.strictObject({
  case: z.string().min(1),
  expect: z.enum(EXPECTABLE),
  match: z.exactOptional(z.string().min(1)),
  why: z.string().min(1, 'say why it is expected'),
  issue: z.string(),
  until: z.exactOptional(
    z.string().regex(/^\d{4}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?$/, 'expected a month or a day: 2026-12 or 2026-12-24'),
  ),
});

export const BASELINE: z.ZodType<Baseline> = z
  .strictObject({
    $schema: z.exactOptional(z.string()),
    format: z.literal(BASELINE_FORMAT),
    schema: z.literal(BASELINE_SCHEMA),
    suite: z.string().min(1),
    entries: z.array(entry).max(ENTRIES_LIMIT),
  })
  .meta({ title: 'Slipway conformance baseline', description: 'What is known to fail: `slipway conform --baseline`. It can only shrink.' });

const KIND: DocumentKind<Baseline> = {
  format: BASELINE_FORMAT,
  version: BASELINE_SCHEMA,
  schema: BASELINE,
  limit: TEXT_LIMIT,
  otherwise: 'no baseline; `slipway conform --write-baseline` makes one',
  older: 'write it again with --write-baseline',
  advice: 'put it right',
};

export const readBaseline = (text: string): ReadDocument<Baseline> => readDocument(text, KIND);
