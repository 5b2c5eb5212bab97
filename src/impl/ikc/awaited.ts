/**
 * What this kernel has asked others, and has no answer to yet. Each is settled exactly once: by an answer, by an error that names it,
 * when its time is over, or when the link is gone.
 * Lacks: how it is asked (responder.ts).
 */
import { printable } from '../../host/bytes.ts';
import type { Clock } from '../../host/host.ts';
import type { Duration } from '../../host/time.ts';
import type { PerlValue } from '../storable/values.ts';
import type { Link } from './link.ts';
import type { Permissions } from './permissions.ts';
import type { Sessions } from './sessions.ts';
import { formatSpecifier, type Specifier } from './specifier.ts';

export type Failure = 'unusable' | 'unknown-kernel' | 'unsent' | 'remote-error' | 'unanswered' | 'gone' | 'shut-down';
export type Answer =
  | { readonly ok: true; readonly value: PerlValue }
  | { readonly ok: false; readonly failure: Failure; readonly text: string };
export type Answered = (answer: Answer) => void;

/** The longest text of a remote error that is kept, in characters. */
export const ERROR_TEXT_MAX = 1_000;
/** The sender at the end of an error, and where it is looked for. */
const CAUSE = /\/([^/\]]*)\]$/;
const CAUSE_MAX = 2_000;

interface Open {
  readonly link: Link;
  readonly place: Specifier;
  settle(answer: Answer): void;
}

export class Awaited {
  readonly #clock: Clock;
  readonly #sessions: Sessions;
  readonly #permissions: Permissions;
  /** By the state at which the answer is to come: no two have the same. */
  readonly #open: Map<string, Open> = new Map();

  constructor(clock: Clock, sessions: Sessions, permissions: Permissions) {
    this.#clock = clock;
    this.#sessions = sessions;
    this.#permissions = permissions;
  }

  get size(): number {
    return this.#open.size;
  }

  /** An answer of `link` at `place` is waited for; `sent` asks for it, and returns why it could not. */
  open(link: Link, place: Specifier, timeout: Duration, answered: Answered, sent: () => string | undefined): void {
    const timer = this.#clock.setTimer(timeout, () => open.settle(failed('unanswered', 'no answer came in time')));
    const open: Open = {
      link,
      place,
      settle: answer => {
        if (!this.#open.delete(place.state)) return;
        timer.cancel();
        this.#sessions.drop(place.session, place.state);
        this.#permissions.use(link, place);
        answered(answer);
      },
    };
    this.#open.set(place.state, open);
    if (!this.#permissions.grant(link, place)) {
      open.settle(failed('unsent', 'too many answers of that kernel are waited for'));
      return;
    }
    this.#sessions.add(place.session, place.state, ({ args: [value = null] }) => {
      open.settle({ ok: true, value });
      return undefined;
    });
    const problem = sent();
    if (problem !== undefined) open.settle(failed('unsent', problem));
  }

  /** An error has come; what it says of its cause is at its end (B8). False where it is of nothing that is waited for. */
  failed(link: Link, text: string): boolean {
    const [, state = ''] = CAUSE.exec(text.slice(-CAUSE_MAX)) ?? [];
    const open = this.#open.get(state);
    if (open === undefined || open.link !== link || !text.endsWith(` sent by [${formatSpecifier(open.place)}]`)) return false;
    open.settle(failed('remote-error', printable(text, ERROR_TEXT_MAX)));
    return true;
  }

  gone(link: Link): void {
    for (const open of [...this.#open.values()])
      if (open.link === link) open.settle(failed('gone', 'the kernel is not connected any more'));
  }

  shutdown(): void {
    for (const open of [...this.#open.values()]) open.settle(failed('shut-down', 'this kernel is shutting down'));
  }
}

export const failed = (failure: Failure, text: string): Answer => ({ ok: false, failure, text });
