/**
 * The same of our forked server: its environment and its standard input are changed before it sees them, its answer on its way out.
 */
import type { Daemon, Descriptors, Host, StreamHandler } from '../../../src/host/host.ts';
import { ok } from '../../../src/host/result.ts';
import { ZERO } from '../../../src/host/time.ts';
import { replaced } from '../../replaced.ts';
import { bytesOf, type Change, complaining, type Meddling, processOf, saying, textOf } from './meddle.ts';

export interface CgiMeddling extends Pick<Meddling, 'answers' | 'complains' | 'exits'> {
  /** The body of a request, or its query. */
  readonly asks?: Change;
  /** A variable of the environment. */
  readonly told?: (name: string, value: string | undefined) => string | undefined;
  /** It reads on behind the body, to the end of standard input. */
  readonly readsOn?: true;
  /** A body that ends early is one. */
  readonly takesCut?: true;
  /** It goes on for ever behind its answer. */
  readonly stays?: true;
}

export const meddledCgi =
  (daemon: Daemon, meddling: CgiMeddling): Daemon =>
  host => {
    const { asks, told = (_name, value) => value, readsOn, takesCut } = meddling;
    const variable = (name: string): string | undefined => told(name, host.process.environment(name));
    const query = variable('QUERY_STRING') ?? '';
    const length = variable('CONTENT_LENGTH') ?? '';
    const known: Record<string, string | undefined> = { QUERY_STRING: asks?.(query) ?? query };
    const run = (input: string | undefined): void => daemon(hostOf(host, meddling, name => known[name] ?? variable(name), input));
    if ((asks ?? readsOn ?? takesCut) === undefined || variable('REQUEST_METHOD') !== 'POST' || !/^\d{1,6}$/.test(length)) {
      run(undefined);
      return;
    }
    gather(host, readsOn === true ? Number.POSITIVE_INFINITY : Number(length), body => {
      const changed = asks?.(body) ?? body;
      // What was cut stays so.
      if (takesCut === true || body.length === Number(length)) known['CONTENT_LENGTH'] = String(changed.length);
      run(changed);
    });
  };

/** Standard input, so many characters of it. */
function gather({ descriptors }: Host, length: number, then: (body: string) => void): void {
  let body = '';
  let over = false;
  const finish = (): void => {
    if (!over) then(body.slice(0, length));
    over = true;
  };
  const attached = descriptors.attach(0, 'read', {
    data: bytes => {
      body += textOf(bytes);
      if (body.length >= length) finish();
    },
    end: finish,
    close: finish,
  });
  if (!attached.ok || length === 0) finish();
}

function hostOf(host: Host, meddling: CgiMeddling, variable: (name: string) => string | undefined, input: string | undefined): Host {
  const { complains, answers, stays } = meddling;
  const descriptors = complains === undefined ? host.descriptors : complaining(host.descriptors, complains);
  const request = (): string => input ?? variable('QUERY_STRING') ?? '';
  return replaced(host, {
    process: replaced(processOf(host, meddling), {
      environment: variable,
      ...(stays === true ? { exit: stay } : {}),
    }),
    descriptors: replaced(descriptors, {
      attach: (descriptor, direction, handler) => {
        if (descriptor === 0 && input !== undefined) return handed(host, input, handler);
        const attached = descriptors.attach(descriptor, direction, handler);
        if (descriptor !== 1 || answers === undefined || !attached.ok) return attached;
        return ok(saying(attached.value, text => answers(text, request())));
      },
    }),
  });
}

/** The caller goes on, and has nothing more to do. */
const stay = (): never => undefined as never;

/** What was gathered before, and then the end. */
function handed({ clock, descriptors }: Host, input: string, handler: StreamHandler): ReturnType<Descriptors['attach']> {
  clock.setTimer(ZERO, () => {
    if (input !== '') handler.data(bytesOf(input));
    handler.end?.();
  });
  const unused = descriptors.pipe();
  return unused.ok ? descriptors.attach(unused.value.read, 'read', { data: () => {} }) : unused;
}
