/**
 * The delayed messages of one gateway child: which are to be sent, in which order, and what is done with one that was. Spec:
 * README.md, L5.
 * Lacks: sending; child.ts does that, one message at a time.
 */
import type { Host, Timer } from '../../host/host.ts';
import type { Duration } from '../../host/time.ts';
import { seconds } from '../../host/time.ts';
import type { ChildOptions } from './child-options.ts';
import type { DelayedRules } from './delayed.ts';
import { CORRECTED, delayedFiles, readDelayed, setAside } from './delayed.ts';
import type { Journal } from './journal.ts';
import { delayedDirectory } from './places.ts';
import { scaled } from './settings.ts';
import { shown } from './wire.ts';

/** How often a child that serves looks for delayed messages. */
export const DELAYED_SCAN: Duration = seconds(300);

export interface DelayedMessage {
  readonly path: string;
  readonly command: string;
}

export class DelayedRun {
  readonly #host: Host;
  readonly #options: Pick<ChildOptions, 'settings' | 'peer'>;
  readonly #rules: DelayedRules;
  readonly #journal: Journal;
  readonly #found: () => void;
  /** Names of files to be sent. */
  #names: string[] = [];
  #resting = false;
  #timer: Timer | undefined;

  /** `found` is called when a later look found something to send. */
  constructor(
    host: Host,
    options: Pick<ChildOptions, 'settings' | 'peer'>,
    journal: Journal,
    found: () => void,
    rules: DelayedRules = CORRECTED,
  ) {
    this.#host = host;
    this.#options = options;
    this.#rules = rules;
    this.#journal = journal;
    this.#found = found;
  }

  find(): void {
    const { settings, peer } = this.#options;
    this.#names = [];
    if (this.#resting) return;
    this.#journal.status('Checking for delayed messages');
    const found = delayedFiles(this.#host.storage, delayedDirectory(settings), peer, this.#rules);
    if (found.ok) this.#names = [...found.value];
    // Without the directory there is no message either.
    else if (found.error.code !== 'ENOENT') this.#journal.log('warning', 'delayed-unlisted', `Delayed messages: ${found.error.code}`);
  }

  /** Looks now, and again after every DELAYED_SCAN. */
  scan(): void {
    this.find();
    this.#journal.status('Main loop');
    this.#arm();
  }

  /** A message was not answered, and the connection is lost. If it is to blame, it must not cost the next one at once. */
  rest(): void {
    if (!this.#rules.restsUnanswered) return;
    this.#resting = true;
    this.#names = [];
    // The look that was due before would end the rest too soon.
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#arm();
  }

  #arm(): void {
    this.#timer ??= this.#host.clock.setTimer(scaled(this.#options.settings, DELAYED_SCAN), () => {
      this.#timer = undefined;
      this.#resting = false;
      this.scan();
      if (this.#names.length > 0) this.#found();
    });
  }

  /** The next one to be sent. What is no message is set aside. */
  next(): DelayedMessage | undefined {
    const { settings } = this.#options;
    for (let name = this.#names.shift(); name !== undefined; name = this.#names.shift()) {
      const path = `${delayedDirectory(settings)}/${name}`;
      const content = readDelayed(this.#host.storage, path, this.#rules);
      if (content.kind === 'command') {
        this.#journal.status(`Sending delayed: ${name}`);
        return { path, command: content.text };
      }
      // Gone meanwhile: it was sent.
      if (content.kind === 'unreadable' && content.detail === 'ENOENT') continue;
      this.#journal.log('warning', 'delayed-unusable', `Delayed message ${shown(name)}: ${content.detail}`);
      if (content.kind === 'malformed') setAside(this.#host.storage, path);
      // L5: what is behind a message that cannot be read now must not overtake it.
      else this.#names = [];
    }
    return undefined;
  }

  /** Whatever the reply says, lond has seen the command: sending it again would not change that. */
  delivered({ path, command }: DelayedMessage, reply: string): void {
    const removed = this.#host.storage.unlink(path);
    if (!removed.ok) this.#journal.log('critical', 'delayed-stays', `Cannot remove ${path}: ${removed.error.code}; it will be sent again`);
    this.#journal.log('plain', 'delayed-sent', `Delayed ${this.#rules.shown(command)}: >${shown(reply)}<`);
    this.#journal.permanent('S', this.#options.peer, this.#rules.recorded(command));
  }
}
