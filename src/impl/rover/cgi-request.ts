/**
 * What an httpd says of a request (R10): the variables of RFC 3875, and of a POST standard input.
 * Lacks: what the pairs mean.
 */
import { concat, EMPTY, printable, utf8 } from '../../host/bytes.ts';
import type { Host } from '../../host/host.ts';
import { isRefusal, type Refusal, typeProblem } from './header.ts';
import type { Rules } from './rules.ts';
import { BODY_MAX } from './wire.ts';

export interface CgiRequest {
  readonly method: string;
  readonly body: Uint8Array;
}

export function readCgi(host: Host, rules: Pick<Rules, 'lengthOf'>, then: (read: CgiRequest | Refusal) => void): void {
  const { process } = host;
  const method = process.environment('REQUEST_METHOD') ?? '';
  switch (method) {
    case 'GET': {
      const body = utf8(process.environment('QUERY_STRING') ?? '');
      then(body.length > BODY_MAX ? { status: 413, why: `a query of more than ${BODY_MAX} bytes` } : { method, body });
      return;
    }
    case 'POST': {
      const length = bodyLength(host, rules);
      if (typeof length !== 'number') then(length);
      else readInput(host, length, body => then(isRefusal(body) ? body : { method, body }));
      return;
    }
    default:
      then({ status: 405, why: `GET or POST, not ${printable(method, 40)}`, allow: 'GET, POST' });
  }
}

function bodyLength({ process }: Host, { lengthOf }: Pick<Rules, 'lengthOf'>): number | Refusal {
  // An httpd sets what it was not told to nothing.
  const said = (name: string): string | undefined => process.environment(name) || undefined;
  const given = said('CONTENT_LENGTH');
  const length = lengthOf(given === undefined ? [] : [given]);
  return typeof length === 'number' ? (typeProblem(said('CONTENT_TYPE')) ?? length) : length;
}

/** Nothing is read behind the body: the httpd may keep its end open. */
function readInput({ descriptors }: Host, length: number, then: (body: Uint8Array | Refusal) => void): void {
  const parts: Uint8Array[] = [];
  let have = 0;
  let over = false;
  const finish = (): void => {
    if (over) return;
    over = true;
    then(have < length ? { status: 400, why: `the end after ${have} of ${length} bytes of the body` } : concat(parts).subarray(0, length));
  };
  if (length === 0) {
    then(EMPTY);
    return;
  }
  const data = (bytes: Uint8Array): void => {
    parts.push(bytes);
    have += bytes.length;
    if (have >= length) finish();
  };
  if (!descriptors.attach(0, 'read', { data, end: finish, close: finish }).ok) finish();
}
