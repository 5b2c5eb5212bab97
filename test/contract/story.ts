/**
 * A role told in order: a generator whose `yield*` waits for a callback. Nothing is put off: the generator goes on inside
 * the callback it waited for, so the order of calls is that of hand-written callbacks.
 * Lacks: promises, which would put every step off by a turn.
 */

/** Starts waiting; `resume` continues the story and may be called once. */
export type Wait = (resume: () => void) => void;
export type Story<T> = Generator<Wait, T, void>;

/** Runs a story to its end, then `finished`. */
export function tell(story: Story<void>, finished: () => void): void {
  const { done, value } = story.next();
  if (done === true) {
    finished();
    return;
  }
  let resumed = false;
  value(() => {
    if (resumed) throw new Error('a callback that comes once came again');
    resumed = true;
    tell(story, finished);
  });
}

/** Waits for the argument of a callback. */
export function* answerOf<T>(call: (answer: (value: T) => void) => void): Story<T> {
  const answers: T[] = [];
  yield resume =>
    call(value => {
      answers.push(value);
      resume();
    });
  for (const answer of answers) return answer;
  throw new Error('resumed without an answer');
}

/** A condition somebody waits for: `check` is called whenever it may have come true. */
export class Condition {
  #waiting: { readonly holds: () => boolean; readonly resume: () => void }[] = [];

  check(): void {
    const ready = this.#waiting.filter(({ holds }) => holds());
    this.#waiting = this.#waiting.filter(one => !ready.includes(one));
    for (const { resume } of ready) resume();
  }

  *until(holds: () => boolean): Story<void> {
    if (holds()) return;
    yield resume => void this.#waiting.push({ holds, resume });
  }
}
