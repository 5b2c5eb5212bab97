/**
 * The log lines of a gateway child about its connection, by the catalogue of README.md, L8.
 */
import { seconds } from '../../host/time.ts';
import type { ChildOptions } from './child-options.ts';
import type { ActionOf } from './connection-actions.ts';
import type { Journal } from './journal.ts';
import { scaled } from './settings.ts';
import { shown } from './wire.ts';

export function logNote(journal: Journal, peer: string, { note, text }: ActionOf<'note'>): void {
  switch (note) {
    case 'connected':
      journal.status(`Init dialogue: ${peer}`);
      journal.log('good', 'connected', `Connected to ${peer}, initing`);
      return;
    case 'init-timeout':
      journal.log('plain', 'init-timeout', 'Timed out during init');
      return;
    case 'init-reply':
      journal.log('plain', 'init-reply', `Init reply: >${shown(text)}<`);
      return;
    case 'ponging':
      journal.status('Ponging');
      return;
    case 'pong-reply':
      journal.log('plain', 'pong-reply', `Pong reply: >${shown(text)}<`);
      return;
    case 'open':
      journal.log('good', 'remote-open', 'Remote open success');
      return;
    default:
      note satisfies never;
  }
}

export function logBackOff(
  journal: Journal,
  { peer, settings }: Pick<ChildOptions, 'peer' | 'settings'>,
  action: ActionOf<'back-off'>,
): void {
  const waited = scaled(settings, seconds(action.seconds)) / seconds(1);
  journal.log('warning', 'back-off', `${backOffText(action.step, peer)} (${waited} secs): ${shown(action.detail)}`);
}

function backOffText(step: string, peer: string): string {
  if (step === 'connect') return `Couldn't connect to ${peer}`;
  return step === 'listen' ? "Can't make server socket" : 'Init failed';
}
