/**
 * The schema of a claims file, and reading one: what is wrong is said with the place where it is.
 */
import { z } from 'zod';
import { printable } from '../../src/host/bytes.ts';
import type { Suite } from '../suite.ts';
import { parseAddress } from './address.ts';
import type { ClaimedRole, ClaimsFile } from './claims.ts';

/** Of the text of a claims file. */
export const CLAIMS_LIMIT = 262_144;
const TEXT_LIMIT = 2_048;
const WORDS_LIMIT = 256;
const ENTRIES_LIMIT = 1_000;
const FACTOR_LIMIT = 9_999;

const text = z.string().max(TEXT_LIMIT);
const comment = z.union([text, z.array(text).max(ENTRIES_LIMIT)]).optional();
const words = z.array(z.string().max(65_536)).min(1).max(WORDS_LIMIT);
const secondsOf = z.number().min(0.1).max(3_600).optional();
const environment = z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), text).optional();
const answers = z.record(text, z.boolean().nullable()).optional();

const ready = z
  .strictObject({
    $comment: comment,
    port: z.literal(true).optional(),
    line: text.min(1).optional(),
    file: text.min(1).optional(),
    within: secondsOf,
  })
  .refine(({ port, line, file }) => [port, line, file].filter(each => each !== undefined).length === 1, 'names one of port, line, file');
const start = z.strictObject({
  $comment: comment,
  command: words,
  environment,
  directory: text.optional(),
  ready: ready.optional(),
  forks: z.literal(true).optional(),
  pidFile: text.min(1).optional(),
  lifetime: z.enum(['case', 'run']).optional(),
});
const command = z.strictObject({ $comment: comment, command: words, environment, directory: text.optional(), within: secondsOf });
const stop = z.strictObject({
  $comment: comment,
  signal: z.enum(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGKILL']).optional(),
  command: words.optional(),
  within: secondsOf,
});
const role = z
  .strictObject({
    $comment: comment,
    start: start.optional(),
    stop: stop.optional(),
    reset: command.optional(),
    addresses: z.array(text).min(1).max(3).optional(),
    at: text.optional(),
    readers: z.record(text, words).optional(),
    shim: command.optional(),
  })
  .superRefine((value, context) => {
    const message = roleFault(value);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

export const CLAIMS_SCHEMA: z.ZodType<ClaimsFile> = z.strictObject({
  $schema: text.optional(),
  $comment: comment,
  suite: text,
  implementation: z.strictObject({
    $comment: comment,
    name: text,
    version: text,
    url: text.optional(),
    contact: text.optional(),
  }),
  roles: z.record(text, role),
  features: answers,
  choices: answers,
  limits: z.array(text).max(ENTRIES_LIMIT).optional(),
  patience: z.number().min(0.001).max(FACTOR_LIMIT).optional(),
  timeScale: z.number().min(1).max(FACTOR_LIMIT).optional(),
});

function roleFault({ start, stop, reset, addresses, at, readers, shim }: ClaimedRole): string | undefined {
  const kept = start?.lifetime === 'run';
  if (start?.pidFile !== undefined && start.forks === undefined) return 'pidFile is of what forks: say "forks": true';
  if (start === undefined && addresses === undefined && shim === undefined) return 'says how it is met: by start, addresses or shim';
  if (shim !== undefined && (start ?? stop ?? reset ?? addresses) !== undefined)
    return 'a shim is met alone: without start, stop, reset, addresses';
  if (kept && addresses === undefined) return 'what is kept across cases (lifetime run) is met at addresses';
  if (start !== undefined && addresses !== undefined && !kept)
    return 'start with addresses is for what is kept across cases: say "lifetime": "run"';
  if (stop !== undefined && !kept) return 'stop is for what is kept across cases; a process of one case is killed';
  if (reset !== undefined && addresses === undefined) return 'reset is for what is kept across cases';
  if ((at ?? readers) !== undefined && (start === undefined || kept)) return 'at and readers are for what is started for each case';
  for (const address of [...(addresses ?? []), ...(at === undefined ? [] : [at])]) {
    const parsed = parseAddress(address);
    if (typeof parsed === 'string') return parsed;
  }
  return undefined;
}

/** The claims, or what is wrong and where. The text may come from anybody. */
export function readClaims(json: string, suite: Suite): ClaimsFile | string {
  if (json.length > CLAIMS_LIMIT) return `it is longer than ${CLAIMS_LIMIT} characters`;
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return `it is no JSON: ${printable(error instanceof Error ? error.message : '')}`;
  }
  const parsed = CLAIMS_SCHEMA.safeParse(value);
  if (parsed.success) return namesFault(parsed.data, suite) ?? parsed.data;
  const [issue] = parsed.error.issues;
  return printable(`${pathText(issue?.path ?? [])}: ${issue?.message}`);
}

const pathText = (path: readonly PropertyKey[]): string => (path.length === 0 ? 'the file' : path.map(String).join('.'));

/** Everything that it names is in the suite. */
function namesFault(claims: ClaimsFile, suite: Suite): string | undefined {
  if (claims.suite !== suite.name) return printable(`suite: it is about '${claims.suite}', not about ${suite.name}`);
  const mays = suite.requirements.filter(each => each.level === 'MAY').map(each => each.id);
  const tables = [
    ['roles', claims.roles, Object.keys(suite.roles)],
    ['features', claims.features, Object.keys(suite.claims)],
    ['choices', claims.choices, mays],
  ] as const;
  for (const [name, table, known] of tables) {
    const strange = Object.keys(table ?? {}).find(each => !known.includes(each));
    if (strange !== undefined) return printable(`${name}.${strange}: the suite ${suite.name} has ${known.join(', ') || 'none'}`, 1_000);
  }
  return undefined;
}

/** For other tools. */
export const claimsJsonSchema = (): unknown => z.toJSONSchema(CLAIMS_SCHEMA, { io: 'input' });
