/**
 * A program that has a kernel as a library: `ADDRESS ADDRESS AT` connects to two hubs, and listens. It watches who comes and goes, publishes a
 * session of its own, asks both, and tells what came of each thing that it did, in words: `library` with a step and a text.
 */
import type { Daemon, Host } from '../../../src/host/host.ts';
import { type Logs, logs } from '../../../src/host/logs.ts';
import { micros, millis, seconds } from '../../../src/host/time.ts';
import type { Answer } from '../../../src/impl/ikc/awaited.ts';
import { Kernel } from '../../../src/impl/ikc/kernel.ts';
import type { Observed } from '../../../src/impl/ikc/monitors.ts';
import { type Handler, List, Refusal } from '../../../src/impl/ikc/sessions.ts';
import { endpointOf } from '../parts/endpoint.ts';

const FORMS = {
  library: { step: 'string', text: 'string' },
  observed: { by: 'string', change: 'string', name: 'string', isId: 'boolean', kernel: 'string' },
} as const;
export const watcherLog: Logs<typeof FORMS> = logs(FORMS);

/** Between two things that it does: longer than any of them takes. */
const PAUSE = millis(300);
const BEGINS = seconds(1);

export const watcher: Daemon = host => {
  host.signals.handle('SIGPIPE', 'ignore');
  const [first = '', second = '', at = ''] = host.process.args;
  new Watcher(host).start([first, second], at);
};

class Watcher {
  readonly #host: Host;
  readonly #kernel: Kernel;

  constructor(host: Host) {
    this.#host = host;
    this.#kernel = new Kernel(host, {
      name: 'watcher',
      aliases: [],
      serializers: ['Storable'],
      timeout: seconds(30),
      quirks: new Set(),
      number: 7,
    });
    const { sessions, monitors } = this.#kernel.responder;
    sessions.define('own', this.#states(), ['hello', 'later', 'later-refused', 'twice', 'fails', 'fails-later', 'items', 'back', 'reply']);
    sessions.define('gone', { hello: () => 1 });
    sessions.define('kept', { one: () => 1, two: () => 2, three: () => 3 }, ['one', 'two']);
    monitors.add('*', observed => this.#observes('*', observed));
    monitors.add('A', observed => this.#observes('A', observed));
    const ends = monitors.add('B', observed => this.#observes('nobody', observed));
    monitors.add('B', observed => this.#observes('B', observed));
    ends();
    // Who begins to watch while others are told is told of what comes then.
    const once = monitors.add('A', observed => {
      once();
      this.#observes('first', observed);
      monitors.add('A', later => this.#observes('then', later));
    });
  }

  start(hubs: readonly string[], at: string): void {
    const { network } = this.#host;
    for (const [index, hub] of hubs.entries()) this.#host.clock.setTimer(micros(PAUSE * index), () => this.#join(hub));
    network.listen(endpointOf(at), { backlog: 8 }, { opened: () => {}, accept: stream => this.#kernel.join(stream, 'server') });
    this.#host.clock.setTimer(BEGINS, () => this.#next(this.#steps()));
  }

  #join(hub: string): void {
    this.#host.network.connect(endpointOf(hub), {}, result =>
      result.ok ? this.#kernel.join(result.value, 'client', hub) : { data: () => {} },
    );
  }

  #observes(by: string, { change, name, isId, kernel }: Observed): void {
    watcherLog(this.#host).observed({ by, change, name, isId, kernel });
  }

  #tell(step: string, text: string): void {
    watcherLog(this.#host).library({ step, text });
  }

  // ── what is published ─────────────────────────────────────────────────────────────────────────────────────────────

  #states(): Readonly<Record<string, Handler>> {
    return {
      hello: ({ state, args, from, wantsList }) => {
        this.#tell('is asked', `${state} ${JSON.stringify(args)} by ${from?.session}${wantsList ? ', a list' : ''}`);
        return `Hello ${args.join(' ')}`;
      },
      later: call => {
        const later = call.later();
        this.#host.clock.setTimer(PAUSE, () => later.answer(call.args[0] ?? null));
        return 'never told';
      },
      'later-refused': call => {
        const later = call.later();
        this.#host.clock.setTimer(PAUSE, () => later.refuse('Not today'));
        return undefined;
      },
      twice: call => {
        const later = call.later();
        later.answer('first');
        later.answer('second');
        later.refuse('third');
        return 'fourth';
      },
      fails: () => {
        throw new Error('a secret');
      },
      'fails-later': call => {
        call.later();
        throw new Refusal('On second thought');
      },
      items: () => new List([1, 2]),
      back: call => {
        this.#tell('answers its sender', String(call.respond('note', [5])));
        return undefined;
      },
      reply: call => {
        call.respond('note', [6]);
        return undefined;
      },
      hidden: () => 'never told',
    };
  }

  // ── what it does ──────────────────────────────────────────────────────────────────────────────────────────────────

  #next(steps: readonly (() => void)[]): void {
    const [step, ...rest] = steps;
    if (step === undefined) return;
    step();
    this.#host.clock.setTimer(PAUSE, () => this.#next(rest));
  }

  #steps(): readonly (() => void)[] {
    const { outgoing, responder } = this.#kernel;
    const { sessions } = responder;
    const calls =
      (step: string, to: string, params: number | string | null = null, wantsList = false) =>
      (): void =>
        outgoing.call(to, params, answer => this.#tell(step, shown(answer)), { wantsList });
    const posts = (step: string, to: string, sender?: string) => (): void => this.#tell(step, outgoing.post(to, 1, sender) ?? 'sent');
    const has = (step: string) => (): void =>
      this.#tell(step, responder.sessions.published.map(([name, states]) => `${name}=${states.join(',')}`).join(' '));
    const subscribes =
      (...to: readonly string[]) =>
      (): void =>
        outgoing.subscribe(to, all => {
          const got = all.map(({ specifier, missing }) => `${specifier}: ${missing ?? 'yes'}`);
          this.#tell('subscribes', got.sort(byText).join('; '));
        });
    return [
      has('publishes'),
      calls('pings all', 'poe://*/IKC/ping'),
      posts('posts to all', 'poe://*/demo/note'),
      calls('counts at all', 'poe://*/demo/count'),
      calls('lists at B', 'poe://B/demo/list', null, true),
      calls('asks itself', 'poe://watcher/own/hello', 'me'),
      calls('asks itself for what is hidden', 'poe://watcher/own/hidden'),
      posts('posts to itself', 'poe://watcher/own/hello', 'own'),
      subscribes('poe://A/demo/echo'),
      subscribes('poe://B/demo', 'poe://B/nothing', 'poe://C/demo'),
      () => this.#tell('has proxies', outgoing.proxies.join(' ')),
      () => outgoing.subscribe([], all => this.#tell('subscribes to nothing', String(all.length))),
      () => this.#tell('posts by a proxy', outgoing.postProxy('demo', 'note', [1], 'own') ?? 'sent'),
      () => this.#tell('posts by another', outgoing.postProxy('poe://B/demo', 'note', []) ?? 'sent'),
      () => this.#tell('posts by none', outgoing.postProxy('poe://C/demo', 'note', []) ?? 'sent'),
      calls('counts then', 'poe://*/demo/count'),
      () => {
        outgoing.unsubscribe('poe://B/demo');
        this.#tell('has proxies then', outgoing.proxies.join(' '));
      },
      () => {
        outgoing.unsubscribe('poe://A/demo');
        this.#tell('has none', outgoing.proxies.join(' '));
        this.#tell('posts by what it had', outgoing.postProxy('demo', 'note', [1], 'own') ?? 'sent');
      },
      subscribes('poe://A/demo/echo'),
      () => {
        sessions.remove('gone');
        sessions.publish('kept', ['three']);
        sessions.retract('kept', ['one']);
        sessions.publish('nowhere', ['x']);
        has('publishes then')();
        sessions.retract('kept');
        has('publishes at last')();
      },
      calls('asks a hub to post here', 'poe://A/demo/count'),
      () => outgoing.call('poe://A/demo/forward', ['poe://watcher/own/back', 1], answer => this.#tell('is forwarded to', shown(answer))),
      calls('counts what it answered', 'poe://A/demo/count'),
      posts('posts nowhere', 'poe://C/demo/note'),
      calls('calls nowhere', 'poe://C/demo/note'),
      calls('calls no state', 'poe://A/demo'),
      // By now A has ended.
      ...Array.from({ length: 20 }, () => () => {}),
      calls('asks who is left', 'poe://*/demo/echo', 'left'),
      calls('asks the first', 'poe:/demo/echo', 'first'),
      () => this.#tell('has proxies at last', outgoing.proxies.join(' ')),
      calls('asks before it ends', 'poe://B/demo/slow', 5_000),
      () => {
        // That comes when it has ended, and is not heard any more.
        outgoing.post('poe://watcher/own/back', 1);
        this.#kernel.shutdown();
        this.#tell('ends', String(this.#kernel.links));
      },
    ];
  }
}

const shown = (answer: Answer): string => (answer.ok ? JSON.stringify(answer.value) : `${answer.failure}: ${answer.text}`);
const byText = (left: string, right: string): number => (left < right ? -1 : 1);
