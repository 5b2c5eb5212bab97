/**
 * Straight-line code over callbacks: a routine is a generator that yields what it waits for. It stays synchronous, and
 * one that is never resumed (a blocked main) is simply forgotten.
 * Lacks: cancellation, errors (a routine that throws is a bug, and the exception goes to whoever resumed it).
 */

/** Starts something and calls `resume` once, now or later. */
export type Wait = (resume: () => void) => void;
export type Routine<Value> = Generator<Wait, Value, void>;

/** Waits for a callback that brings a value. */
export function* awaiting<Value>(start: (resume: (value: Value) => void) => void): Routine<Value> {
  const box: Value[] = [];
  yield resume =>
    start(value => {
      box.push(value);
      resume();
    });
  const [value] = box;
  if (box.length !== 1) throw new Error(`routine resumed with ${box.length} values`);
  // There is exactly one element, and only Value goes in.
  return value as Value;
}

/** Runs a routine to its end. What resumes at once costs no stack: a loop of a million such waits is a loop. */
export function runRoutine(routine: Routine<void>): void {
  for (;;) {
    const step = routine.next();
    if (step.done === true) return;
    let returned = false;
    let resumed = false;
    step.value(() => {
      if (resumed) throw new Error('routine resumed twice');
      resumed = true;
      if (returned) runRoutine(routine);
    });
    returned = true;
    if (!resumed) return;
  }
}
