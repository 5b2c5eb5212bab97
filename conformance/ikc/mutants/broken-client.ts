/**
 * Clients that do one thing wrong.
 */
import { textOf } from '../../../src/impl/storable/values.ts';
import { asked, asks, broken, having, isError, says, stateOf, type Table, TESTER_A, where, without } from './broken-words.ts';

export const OF_CLIENT: Table = {
  'hello-twice': says('says HELLO twice', /^HELLO$/, 'HELLO\r\nHELLO\r\n'),
  'no-offer': says('waits before it offers', /^FREEZER/, ''),
  'no-world': says('does not say WORLD', /^WORLD$/, ''),
  'one-offer': broken('has one offer', () => {
    let offers = 0;
    return { says: line => (line.startsWith('FREEZER') && offers++ > 0 ? '' : undefined) };
  }),
  'offers-storable': says('offers Storable alone', /^FREEZER JSON$/, 'FREEZER Storable\r\n'),
  'no-params': asks('sends no params', request => (stateOf(request) === 'ping' ? undefined : without(request, 'params'))),
  'odd-rsvp': asks('names a kernel of its own in rsvp', request =>
    request.has('rsvp')
      ? having(
          request,
          'rsvp',
          new Map([
            ['kernel', 'nobody'],
            ['session', 'x'],
            ['state', 'y'],
          ]),
        )
      : undefined,
  ),
  deaf: asked(
    'hears no answers',
    where(request => !isError(request) && !request.has('rsvp')),
  ),
  'deaf-to-errors': asked('hears no errors', where(isError)),
  'last-answer': asked(
    'takes the last answer',
    where(request => request.get('params') === 'first'),
  ),
  'one-request': asks('asks one thing', (_request, at) => (at > 0 ? [] : undefined)),
  'no-wantarray': asks('does not say that it wants a list', request =>
    request.has('wantarray') ? without(request, 'wantarray') : undefined,
  ),
  'posts-as-calls': asks('wants an answer to a post', request => (request.has('rsvp') ? undefined : having(request, 'rsvp', TESTER_A))),
  believes: asked('takes any receipt for a yes', request =>
    textOf(request.get('params'))?.startsWith('NOT ') === true
      ? having(request, 'params', [
          new Map([
            ['kernel', 'Inet'],
            ['session', 'test'],
            ['state', ''],
          ]),
          'x',
        ])
      : undefined,
  ),
};
