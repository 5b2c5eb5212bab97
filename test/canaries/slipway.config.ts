/**
 * Daemons and scenarios that go wrong in one way each, so that every verdict of a run and of a sweep is seen to be given
 * (canaries.test.ts is the table). SLIPWAY_CANARY says how the daemon of canary/replayed is: as recorded, or changed in some way.
 */
import {
  always,
  type Daemon,
  defineConfig,
  defineProtocol,
  defineScenario,
  type Host,
  millis,
  type Scenario,
  sometimes,
  utf8,
} from 'slipway';
import type { Stream } from 'slipway/host';

type Definition = Parameters<typeof defineScenario>[0];

const HERE = { transport: 'unix', path: '/s/here' } as const;
const deaf = { data: () => {} };
const every = (host: Host, delay: number, act: () => void): void =>
  void host.clock.setTimer(millis(delay), () => {
    act();
    every(host, delay, act);
  });
const says = (host: Host, event: string): void => host.log('info', event);

const fine: Daemon = host => every(host, 1_000, () => says(host, 'fine'));
/** Each connects to itself, and one end says something to the other. */
const pair =
  (
    accepted: (stream: Stream) => { data(bytes: Uint8Array): void },
    opened: (stream: Stream) => { data(bytes: Uint8Array): void },
  ): Daemon =>
  host => {
    host.network.listen(HERE, { backlog: 1 }, { opened: () => {}, accept: accepted });
    host.network.connect(HERE, {}, result => {
      if (!result.ok) return deaf;
      result.value.write(utf8('x'));
      return opened(result.value);
    });
  };

/** What its module remembers of runs before: no daemon may. */
let runs = 0;
const remembers: Daemon = host => {
  says(host, 'begins');
  says(host, `run-${runs++}`);
  if (runs % 2 === 0) says(host, 'wrong');
};

const DAEMONS = {
  fine,
  'says-wrong': host => says(host, 'wrong'),
  throws: () => {
    throw new Error('on purpose');
  },
  spins: host => every(host, 0, () => says(host, 'again')),
  hangs: () => {
    for (;;);
  },
  remembers,
  leaks: host => every(host, 1_000, () => void host.clock.setTimer(millis(3_600_000), () => {})),
  'leaves-a-file': ({ storage }) => void storage.write('/s/state.tmp', utf8('x')),
  'waits-for-itself': pair(
    stream => {
      stream.pause();
      return deaf;
    },
    () => deaf,
  ),
  'goes-round': pair(
    stream => ({ data: bytes => void stream.write(bytes) }),
    stream => ({ data: bytes => void stream.write(bytes) }),
  ),
  floods: host => {
    for (let each = 0; each < 100; each++) says(host, 'again');
  },
  'signals-the-dead': host => {
    const child = host.process.spawn('ends', []);
    host.process.wait(() => child.ok && host.process.kill(child.value, 'SIGTERM'));
  },
  'never-ends': host => {
    host.signals.handle('SIGTERM', () => says(host, 'soon'));
    host.process.kill(host.process.pid, 'SIGTERM');
  },
  'idle-timer': host => void host.clock.setTimer(millis(1_000), () => {}),
  'tells-too-early': host => {
    host.storage.write('/s/kept/file', utf8('x'));
    host.process.exit(0);
  },
  ends: host => host.process.exit(0),
  replayed: host => {
    const how = process.env['SLIPWAY_CANARY'] ?? 'as-recorded';
    if (how === 'later') says(host, 'something else first');
    if (how === 'throws-instead') throw new Error('on purpose');
    if (how !== 'mended') says(host, 'wrong');
  },
} satisfies Readonly<Record<string, Daemon>>;
type Name = keyof typeof DAEMONS;

const nobodyIsWrong = always(
  'nobody-is-wrong',
  'Nobody says what is wrong.',
  () => ({ see: ({ data }) => (data?.['event'] === 'wrong' ? 'somebody says what is wrong' : undefined) }),
  ['log'],
);
const nobodyKnows = always('nobody-knows', 'Nobody can say.', () => ({ see: () => undefined, undecided: () => 'nobody can say' }));

const canary = (name: Name, more: Partial<Definition> = {}): Scenario =>
  defineScenario({
    name: `canary/${name}`,
    title: 'It goes wrong in one way.',
    programs: DAEMONS,
    build: world => void world.machine('cage', { directories: ['/s', '/s/kept'] }).start(name),
    properties: [nobodyIsWrong],
    chaos: '1 s',
    liveness: '20 s',
    ...more,
  });

export default defineConfig({
  protocols: [
    defineProtocol({
      name: 'canary',
      title: 'What must be found',
      daemons: {},
      scenarios: [
        canary('fine', { properties: [nobodyKnows] }),
        canary('says-wrong'),
        canary('throws'),
        canary('spins'),
        canary('hangs'),
        canary('remembers'),
        canary('leaks'),
        canary('leaves-a-file'),
        canary('waits-for-itself'),
        canary('goes-round'),
        canary('floods'),
        canary('signals-the-dead'),
        canary('never-ends'),
        canary('idle-timer', { housekeeping: { programs: { 'idle-timer': { idleTimers: [] } } } }),
        canary('tells-too-early', { housekeeping: { directories: { '/s/kept': 'told' } } }),
        canary('replayed'),
        canary('ends', {
          properties: [sometimes('flies', 'It flies.', () => ({ see: () => false }))],
          faults: { kinds: { reset: 3 }, programs: ['ends'] },
          variants: { broken: { text: 'It is as it was.', breaks: ['no-bug'] } },
        }),
      ],
    }),
  ],
});
