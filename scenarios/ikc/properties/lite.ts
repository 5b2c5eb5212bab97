/**
 * What is promised of the small client (B15): of all that comes it takes the answer of its call, or the error that names it; what cannot be
 * read ends the connection, and the rest is passed over.
 */
import { type AlwaysProperty, always, type SometimesProperty, sometimes } from '../../../src/check/property.ts';
import { pidOf, programOf } from '../../../src/check/world/housekeeping.ts';
import { printable } from '../../../src/host/bytes.ts';
import { clientLog, clientWarning } from '../../../src/impl/ikc/telling.ts';
import type { EventKind, TraceEvent } from '../../../src/trace/event.ts';
import { LiteDialogue, type Taken, takenOf } from '../model/lite.ts';
import { selfOf } from '../model.ts';
import { Incoming } from '../parts/incoming.ts';
import { LITE } from '../parts/network.ts';
import { textsOf } from '../parts/texts.ts';

const KINDS: readonly EventKind[] = ['start', 'open', 'recv', 'fire', 'eof', 'close', 'log', 'exit', 'power'];
const SHOWN = 1_000;

class Small {
  readonly #start: TraceEvent;
  readonly #name: string;
  /** By the stream. */
  readonly #heard: Map<string, { readonly dialogue: LiteDialogue; readonly incoming: Incoming }> = new Map();
  #calls = 0;
  /** A call is on its way. */
  #waits = false;
  /** What has come for it, and is not told yet. */
  #taken: Taken;

  constructor(start: TraceEvent) {
    this.#start = start;
    const self = selfOf(start);
    this.#name = self.name ?? `Client${pidOf(start.process)}`;
  }

  see(event: TraceEvent): string | undefined {
    const { kind, channel, bytes } = event;
    if (kind === 'log') return this.#tells(event);
    // It may close before it tells.
    if (this.#taken !== undefined && kind !== 'close') return `has heard ${JSON.stringify(this.#taken)}, and does not tell it`;
    if (kind === 'open') {
      const dialogue = new LiteDialogue(selfOf(this.#start), pidOf(this.#start.process));
      const incoming = new Incoming(
        line => dialogue.hears(line),
        () => dialogue.phase === 'up',
        true,
      );
      this.#heard.set(channel.slice(0, -1), { dialogue, incoming });
    }
    const heard = this.#heard.get(channel.slice(0, -1));
    if (kind !== 'recv' || bytes === undefined || heard === undefined) return undefined;
    for (const frame of heard.incoming.take(bytes).frames) {
      if (this.#waits) this.#taken ??= takenOf(frame, heard.dialogue.serializer, this.#name, this.#calls);
    }
    return undefined;
  }

  #tells(event: TraceEvent): string | undefined {
    const asked = clientLog.asked.of(event);
    if (asked !== undefined) this.#waits = asked.verb !== 'post';
    const answer = clientLog.answer.of(event);
    const error = clientWarning.error.of(event);
    if (answer === undefined && error === undefined) return undefined;
    const taken = this.#taken;
    this.#taken = undefined;
    if (this.#waits) this.#calls += 1;
    this.#waits = false;
    if (answer !== undefined) {
      const right = typeof taken === 'object' && 'answer' in taken && isThis(answer.value, taken.answer);
      return right ? undefined : `tells ${answer.value}, and has heard ${JSON.stringify(taken)}`;
    }
    if (error?.failure === 'remote-error') {
      const right = typeof taken === 'object' && 'error' in taken && printable(taken.error, SHOWN) === error.text;
      return right ? undefined : `tells '${error.text}', and has heard ${JSON.stringify(taken)}`;
    }
    return taken === undefined || taken === 'unreadable'
      ? undefined
      : `gives up with '${error?.text}', and has heard ${JSON.stringify(taken)}`;
  }
}

/** A text with control characters is shown in another way. */
function isThis(json: string, answer: unknown): boolean {
  try {
    return JSON.stringify(textsOf(JSON.parse(json))) === JSON.stringify(answer);
  } catch {
    return true;
  }
}

export const takesItsAnswer: AlwaysProperty = always(
  'takes-its-answer',
  'The small client takes the answer of its call, or the error that names it, as soon as that has come, and nothing else.',
  () => {
    const all = new Map<string, Small>();
    return {
      see: event => {
        const { kind, process, data } = event;
        if (kind === 'power') for (const each of [...all.keys()]) if (each.startsWith(`${String(data?.['machine'])}/`)) all.delete(each);
        if (programOf(process) !== LITE) return undefined;
        if (kind === 'start') all.set(process, new Small(event));
        if (kind === 'exit') all.delete(process);
        const why = all.get(process)?.see(event);
        return why === undefined ? undefined : `${process} ${why}`;
      },
    };
  },
  KINDS,
);

export const liteFailedMet: SometimesProperty = sometimes(
  'a-call-not-sent',
  'The small client cannot send what it was told to ask.',
  () => ({ see: event => programOf(event.process) === LITE && clientWarning.error.of(event)?.failure === 'unsent' }),
  ['log'],
);
