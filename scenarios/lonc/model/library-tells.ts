/**
 * What our library has to write down of a command that it keeps, or cannot keep (README.md of lonc, L5 and L8).
 */
import type { TraceEvent } from '../../../src/trace/event.ts';
import type { JournalModel } from './journal.ts';

/** What its program is told, and the letter of the permanent log. */
const LETTERS: Readonly<Record<string, string>> = { con_delayed: 'D', con_failed: 'F' };

export class LibraryTells {
  readonly #journal: JournalModel;
  #letter = '';

  constructor(journal: JournalModel) {
    this.#journal = journal;
  }

  get doing(): string {
    return '';
  }

  see({ kind, data }: TraceEvent): string | undefined {
    if (kind !== 'log') return undefined;
    if (data?.['event'] === 'permanent') this.#keeps(String(data['letter']), String(data['peer']));
    return data?.['event'] === 'answered' ? this.#answered(String(data['answer'])) : undefined;
  }

  #keeps(letter: string, peer: string): void {
    this.#letter = letter;
    this.#journal.owe('permanent', `${letter}:${peer}:.*`);
    if (letter === 'F') this.#journal.owe('delay-failed');
  }

  #answered(answer: string): string | undefined {
    const letter = this.#letter;
    this.#letter = '';
    return letter === (LETTERS[answer] ?? '') ? undefined : `says '${answer}', and has written '${letter}' into the permanent log`;
  }
}
