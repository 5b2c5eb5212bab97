/**
 * What is promised of a kernel as a library (B8 to B12): a transcript, and that those who watch are told of each name that is registered or not any
 * more, if they asked for it.
 */
import { type AlwaysProperty, always, type EventuallyProperty, eventually } from '../../../src/check/property.ts';
import { programOf } from '../../../src/check/world/housekeeping.ts';
import type { Span } from '../../../src/host/time.ts';
import { noted } from '../../../src/impl/ikc/responder-log.ts';
import { WATCHER } from '../daemons/names.ts';
import { watcherLog } from '../daemons/watcher.ts';
import { hashOf, placeOf, plainOf } from '../model/plain.ts';
import { Incoming } from '../parts/incoming.ts';

/** What the watcher has to tell, one thing after the other; what its caller makes it tell is between these, anywhere. */
const TRANSCRIPT: readonly (readonly [step: string, text: string])[] = [
  [
    'publishes',
    'IKC=remote_error,do_you_have,ping own=hello,later,later-refused,twice,fails,fails-later,items,back,reply gone=hello kept=one,two',
  ],
  ['pings all', '"PONG"'],
  ['pings all', '"PONG"'],
  ['posts to all', 'sent'],
  ['counts at all', '1'],
  ['counts at all', '1'],
  ['lists at B', '["one","two","three"]'],
  ['is asked', 'hello ["me"] by IKC'],
  ['asks itself', '"Hello me"'],
  [
    'asks itself for what is hidden',
    "remote-error: Session 'own' has not published state 'hidden' [poe://watcher/own/hidden] sent by [poe://<watcher>/IKC/response6]",
  ],
  ['posts to itself', 'sent'],
  ['is asked', 'hello [1] by own'],
  ['subscribes', 'poe://A/demo/echo: yes'],
  ['subscribes', 'poe://B/demo: yes; poe://B/nothing: it is not published there; poe://C/demo: there is no such kernel'],
  ['has proxies', 'poe://A/demo demo poe://B/demo'],
  ['subscribes to nothing', '0'],
  ['posts by a proxy', 'sent'],
  ['posts by another', 'sent'],
  ['posts by none', 'there is no subscription of that name'],
  ['counts then', '2'],
  ['counts then', '2'],
  ['has proxies then', 'poe://A/demo demo'],
  ['has none', ''],
  ['posts by what it had', 'there is no subscription of that name'],
  ['subscribes', 'poe://A/demo/echo: yes'],
  [
    'publishes then',
    'IKC=remote_error,do_you_have,ping own=hello,later,later-refused,twice,fails,fails-later,items,back,reply kept=two,three',
  ],
  ['publishes at last', 'IKC=remote_error,do_you_have,ping own=hello,later,later-refused,twice,fails,fails-later,items,back,reply'],
  ['asks a hub to post here', '2'],
  ['answers its sender', 'true'],
  ['is forwarded to', 'null'],
  ['counts what it answered', '3'],
  ['posts nowhere', "there is no kernel 'C'"],
  ['calls nowhere', "unknown-kernel: there is no kernel 'C'"],
  ['calls no state', "unusable: a specifier of a session and a state is wanted, not 'poe://A/demo'"],
  ['asks who is left', '"left"'],
  ['asks the first', '"first"'],
  ['has proxies at last', ''],
  ['asks before it ends', 'shut-down: this kernel is shutting down'],
  ['ends', '1'],
];
const OF_CALLER = 'is asked';

export const libraryDoes = (within: Span): EventuallyProperty =>
  eventually(
    'library-does-as-asked',
    'A kernel that is a library gives each thing that it is asked for, in order, and nothing else.',
    { within, goal: 'stays' },
    () => {
      const left = [...TRANSCRIPT];
      let wrong: string | undefined;
      return {
        see: event => {
          const told = watcherLog.library.of(event);
          if (told !== undefined && !(told.step === OF_CALLER && left[0]?.[0] !== OF_CALLER)) {
            const [step, text] = left.shift() ?? [];
            const is = told.text.replace(ID, (_, machine: string) => `<${machine}>`);
            if (step !== told.step || text !== is) wrong ??= `${told.step}: '${is}', and not ${step}: '${text}'`;
          }
          return wrong === undefined && left.length === 0;
        },
        missing: () => wrong ?? `${left[0]?.[0]} does not come`,
      };
    },
    ['log'],
  );
/** Of the watcher, which is the seventh of its process. */
const ID = /([a-z0-9]+)-[0-9a-f]{8}-[0-9a-f]{8}-00000007/g;

/** A sender that is no session has its answer at the state that is meant, and no proxy. */
export const senderIsAnswered = (within: Span): EventuallyProperty =>
  eventually(
    'sender-is-answered',
    'Whoever has sent something is sent what is posted back, once, as it was posted.',
    { within, goal: 'stays' },
    () => {
      const said = new Map<string, Incoming>();
      const posts: string[] = [];
      return {
        see: ({ process, channel, bytes }) => {
          if (programOf(process) !== WATCHER || bytes === undefined) return posts.length > 0 && posts.every(each => each === POSTED);
          const stream = said.get(channel) ?? new Incoming();
          said.set(channel, stream);
          for (const frame of stream.take(bytes).frames) {
            const request = hashOf(plainOf(frame, 'Storable'));
            const event = placeOf(request?.['event']);
            if (event?.session === 'IKC' && (event.state === 'note' || event.state === 'IKC:proxy'))
              posts.push(`${event.state} ${JSON.stringify(request?.['params'])}`);
          }
          return posts.length > 0 && posts.every(each => each === POSTED);
        },
        missing: () => `it is sent ${posts.join(', ') || 'nothing'}`,
      };
    },
    ['send'],
  );
const POSTED = 'note ["6"]';

export const watchersAreTold: AlwaysProperty = always(
  'watchers-are-told',
  'Whoever watches all is told of each name that comes and goes, and whoever watches one of that alone; and all of the end.',
  () => {
    /** What is due to be told, in order. */
    let due: string[] = [];
    let ends: string[] = [];
    let over = false;
    return {
      see: event => {
        if (programOf(event.process) !== WATCHER) return undefined;
        const [came, went] = [noted.registered.of(event), noted.unregistered.of(event)];
        const change = came ?? went;
        const what = came === undefined ? 'unregistered' : 'registered';
        if (change !== undefined) {
          if (due.length > 0) return `does not tell ${due[0]}`;
          const { name, isId, kernel } = change;
          due = [
            ...(name === 'A' || name === 'B' ? [name] : []),
            ...(name === 'A' ? [what === 'registered' ? 'first' : 'then'] : []),
            '*',
          ].map(by => `${by} ${what} ${name} ${isId} ${kernel}`);
        }
        // At the end nobody is told any more.
        if (over) due = [];
        if (noted['shutting-down'].of(event) !== undefined) {
          over = true;
          ends = ['* *', 'A A', 'then A', 'B B'].map(each => each.replace(' ', ' shutdown ')).map(each => `${each} false `);
        }
        const observed = watcherLog.observed.of(event);
        if (observed === undefined) return undefined;
        const is = `${observed.by} ${observed.change} ${observed.name} ${observed.isId} ${observed.kernel}`;
        const next = observed.change === 'shutdown' ? ends.shift() : due.shift();
        return next === is ? undefined : `tells ${is}, and ${next ?? 'nothing'} was to be told`;
      },
    };
  },
  ['log'],
);
