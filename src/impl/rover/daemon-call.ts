/**
 * A request to a daemon, and its answer (R10): asked once, and what does not come in time, or is no answer, is `busy`.
 * Lacks: asking again, which is for whoever keeps the request.
 */
import { concat, utf8 } from '../../host/bytes.ts';
import type { Host, StreamHandler, TcpEndpoint } from '../../host/host.ts';
import { type Duration, seconds } from '../../host/time.ts';
import { busy } from './answer.ts';
import { AnswerReader } from './answer-reader.ts';
import { encodePairs, type Pairs } from './pairs.ts';
import { type Answer, FORM_TYPE } from './wire.ts';

/** Longer than any command takes. */
export const CALL_TIME: Duration = seconds(90);

export function encodeRequest(pairs: Pairs): Uint8Array {
  const body = encodePairs(pairs);
  return concat([utf8(`POST /rover HTTP/1.0\r\nContent-Type: ${FORM_TYPE}\r\nContent-Length: ${body.length}\r\n\r\n`), body]);
}

export function askDaemon({ network, clock }: Host, daemon: TcpEndpoint, pairs: Pairs, answered: (answer: Answer) => void): void {
  const reader = new AnswerReader();
  let over = false;
  const finish = (answer: Answer): void => {
    if (over) return;
    over = true;
    answered(answer);
  };
  clock.setTimer(CALL_TIME, () => finish(busy('the daemon does not answer')));
  network.connect(daemon, {}, (opened): StreamHandler => {
    if (!opened.ok) {
      finish(busy(`no daemon: ${opened.error.code}`));
      return { data: () => {} };
    }
    opened.value.write(encodeRequest(pairs));
    const ended = (): void => finish(busy(`the daemon: ${reader.end() ?? 'no answer'}`));
    return {
      data: bytes => {
        const item = reader.feed(bytes);
        if (item !== undefined) finish(item.kind === 'answer' ? item.answer : busy(`the daemon: ${item.problem}`));
      },
      end: ended,
      close: ended,
    };
  });
}
