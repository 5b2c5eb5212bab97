/**
 * The words of the Rover server: tokens, limits, results and statuses (R2, R5). Bytes are in pairs.ts (the body of a request),
 * header.ts and request.ts (what is around it), answer.ts and answer-reader.ts.
 * Lacks: what is done with them.
 */

// ── a request ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** Those that are known, in the order in which ours writes them. Others are ignored. */
export const TOKENS = [
  'USER',
  'HOST',
  'EPOCH',
  'MSGID',
  'ACKED',
  'AUTH',
  'SERVICE',
  'LOGID',
  'USERTIME',
  'USERSERVER',
  'COMMAND',
  'OBJECT',
  'CLASS',
  'DATA',
] as const;
export type Token = (typeof TOKENS)[number];

/** Of the header, all bytes up to the end of the empty line; and fields in it. */
export const HEADER_MAX = 16_384;
export const FIELDS_MAX = 64;
export const BODY_MAX = 1_048_576;
export const PAIRS_MAX = 64;
/** Bytes of USER and HOST, of OBJECT, and of the texts that nothing is done with. */
export const NAME_MAX = 64;
export const OBJECT_MAX = 255;
export const TEXT_MAX = 1_024;
/** Of MSGID, EPOCH and ACKED. */
export const NUMBER_MAX: number = Number.MAX_SAFE_INTEGER;
/** Of an object, and of the body of an answer. */
export const OBJECT_BYTES_MAX = 1_048_576;
export const SLEEP_MAX = 60_000;

export const FORM_TYPE = 'application/x-www-form-urlencoded';
/** Who needs no secret (R3). */
export const NOBODY = 'nobody';

// ── an answer ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** done and failed are final; held is safe; refused will be refused again; busy may be tried again. */
export const RESULTS = ['done', 'failed', 'held', 'refused', 'busy'] as const;
export type Result = (typeof RESULTS)[number];

export type Status = 200 | 202 | 400 | 401 | 403 | 404 | 405 | 408 | 409 | 410 | 411 | 413 | 415 | 417 | 422 | 431 | 500 | 503;

/** Each status with its phrase and with the results that it can have, the common one first. */
export const STATUSES: Readonly<Record<Status, { readonly phrase: string; readonly results: readonly [Result, ...Result[]] }>> = {
  200: { phrase: 'OK', results: ['done'] },
  202: { phrase: 'Accepted', results: ['held'] },
  400: { phrase: 'Bad Request', results: ['refused'] },
  401: { phrase: 'Unauthorized', results: ['refused'] },
  403: { phrase: 'Forbidden', results: ['failed'] },
  404: { phrase: 'Not Found', results: ['failed'] },
  405: { phrase: 'Method Not Allowed', results: ['refused', 'failed'] },
  408: { phrase: 'Request Timeout', results: ['refused'] },
  409: { phrase: 'Conflict', results: ['refused'] },
  410: { phrase: 'Gone', results: ['done'] },
  411: { phrase: 'Length Required', results: ['refused'] },
  413: { phrase: 'Content Too Large', results: ['refused'] },
  415: { phrase: 'Unsupported Media Type', results: ['refused'] },
  417: { phrase: 'Expectation Failed', results: ['refused'] },
  422: { phrase: 'Unprocessable Content', results: ['failed'] },
  431: { phrase: 'Request Header Fields Too Large', results: ['refused'] },
  500: { phrase: 'Internal Server Error', results: ['failed'] },
  503: { phrase: 'Service Unavailable', results: ['busy'] },
};

export const isStatus = (code: number): code is Status => Object.hasOwn(STATUSES, code);

export const TYPES = ['text/plain', 'application/octet-stream'] as const;
export type ContentType = (typeof TYPES)[number];

/** What is answered to a request, and kept with its number. */
export interface Reply {
  readonly status: Status;
  readonly result: Result;
  readonly type: ContentType;
  readonly body: Uint8Array;
}

/** A reply as it is sent once. */
export interface Answer extends Reply {
  /** Of the stream: the number that this is the answer to, and the one that is awaited. */
  readonly message?: number;
  readonly next?: number;
  readonly replayed?: true;
  /** With 405. */
  readonly allow?: string;
}
