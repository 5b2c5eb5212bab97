/** What becomes of a request where the log fails: nothing is taken that was not promised. */
import { expect, test } from 'vitest';
import type { Header } from '../../../src/impl/rover/header.ts';
import { Intake } from '../../../src/impl/rover/intake.ts';
import type { Journal } from '../../../src/impl/rover/journal.ts';
import { encodePairs } from '../../../src/impl/rover/pairs.ts';
import { CORRECTED } from '../../../src/impl/rover/rules.ts';
import type { Runner } from '../../../src/impl/rover/runner.ts';
import { State } from '../../../src/impl/rover/state.ts';
import { bytesOf } from '../../../src/impl/rover/text.ts';
import { Waiters } from '../../../src/impl/rover/waiters.ts';
import type { Answer } from '../../../src/impl/rover/wire.ts';

const HEADER: Header = { method: 'POST', length: 0, waits: false };

class Bench {
  readonly state = new State(CORRECTED);
  /** Whether what is committed becomes durable. */
  durable = true;
  readonly committed: string[] = [];
  readonly ran: number[] = [];
  readonly #intake: Intake;

  constructor() {
    const journal = {
      open: true,
      commit: (entries: readonly { readonly kind: string }[], then: (durable: boolean) => void) => {
        this.committed.push(entries.map(({ kind }) => kind).join(' '));
        then(this.durable);
      },
    } as unknown as Journal;
    const runner = {
      waiters: new Waiters(this.state),
      run: ({ number }: { readonly number: number }) => void this.ran.push(number),
    } as unknown as Runner;
    this.#intake = new Intake({
      state: this.state,
      journal: () => journal,
      runner,
      users: new Map(),
      rules: CORRECTED,
      stale: () => new Uint8Array(0),
    });
  }

  /** `STATUS RESULT` of the answer, if there is one at once. */
  ask(number: number, more: Readonly<Record<string, string>> = {}): string | undefined {
    const pairs = { USER: 'nobody', HOST: 'h', MSGID: String(number), COMMAND: 'TESTNULL', ...more };
    const body = encodePairs(new Map(Object.entries(pairs).map(([token, value]) => [token, bytesOf(value)])));
    let got: Answer | undefined;
    this.#intake.ask(HEADER, body, '', answer => {
      got = answer;
    });
    return got === undefined ? undefined : `${got.status} ${got.result}`;
  }
}

test('what is taken is committed before it runs or is told', () => {
  const bench = new Bench();
  expect([bench.ask(2), bench.ask(1), bench.ran, bench.committed]).toEqual(['202 held', undefined, [1], ['message', 'message']]);
});

test('what could not be made durable has not come', () => {
  const bench = new Bench();
  bench.durable = false;
  expect([bench.ask(2), bench.ask(1), bench.ran]).toEqual(['503 busy', '503 busy', []]);
  bench.durable = true;
  expect([bench.ask(2, { DATA: 'other' }), bench.ask(1), bench.ran]).toEqual(['202 held', undefined, [1]]);
});
