/**
 * The states that every kernel publishes in its session IKC (B9, B10).
 */
import { printable } from '../../host/bytes.ts';
import type { Host } from '../../host/host.ts';
import { type Awaited, ERROR_TEXT_MAX } from './awaited.ts';
import type { Link } from './link.ts';
import { warned } from './responder-log.ts';
import { type Handler, type Invocation, Refusal, type Sessions } from './sessions.ts';
import { formatSpecifier, scalarText, specifierHash, specifierOf } from './specifier.ts';

/** Of a responder, what they need. */
interface Own {
  readonly host: Pick<Host, 'log'>;
  readonly id: string;
  readonly sessions: Sessions;
  readonly awaited: Awaited;
}
type Told = ((link: Link, text: string) => void) | undefined;

export const builtIn = (own: Own, told: Told): Readonly<Record<string, Handler>> => ({
  remote_error: call => remoteError(own, call, told),
  do_you_have: call => doYouHave(own, call),
  ping: () => 'PONG',
});

/** Any peer may say anything here. */
function remoteError({ host, awaited }: Own, { link, args: [said = null] }: Invocation, told: Told): undefined {
  const text = scalarText(said) ?? '';
  const shown = printable(text, ERROR_TEXT_MAX);
  warned(host)['remote-error']({ kernel: printable(link.peer?.id ?? ''), text: shown });
  if (!awaited.failed(link, text)) told?.(link, shown);
}

/** B10: yes is the specifier and the id of this kernel, no is text. */
function doYouHave({ id, sessions }: Own, { args: [params = null] }: Invocation): ReturnType<Handler> {
  const wanted = Array.isArray(params) ? specifierOf(params[0]) : undefined;
  if (wanted === undefined) throw new Refusal('do_you_have takes a specifier and the id of the kernel that asks');
  const { kernel, session, state } = wanted;
  if (!sessions.isPublished(session, state === '' ? undefined : state)) return `NOT ${formatSpecifier(wanted)}`;
  return [specifierHash({ ...wanted, kernel: kernel === '' ? id : kernel }), id];
}
