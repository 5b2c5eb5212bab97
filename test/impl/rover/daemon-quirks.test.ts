/** Each trap of the daemon, as it is corrected and as it is written: what is seen from outside differs. */
import { expect, test } from 'vitest';
import type { Host } from '../../../src/host/host.ts';
import { ZERO } from '../../../src/host/time.ts';
import { QUIRK, type Quirk, TRAPS } from '../../../src/impl/rover/quirks.ts';
import type { Fault } from '../../../src/sim/fault.ts';
import { type Ask, ask, type Served, type Setup, serve } from './world.ts';

interface Shown {
  readonly quirk: Quirk;
  readonly asks: readonly Ask[];
  readonly setup?: Setup;
  readonly see: (served: Served) => unknown;
  readonly corrected: unknown;
  readonly written: unknown;
}

const IROLO = { OBJECT: 'Irolo__work' };
const card = (at: number, user: string, number: number, name: string, more: Readonly<Record<string, string>> = {}): Ask =>
  ask(at, user, number, 'EXPORT', { ...IROLO, DATA: `${name}\t1`, ...more });
const slow = (at: number, user: string, number: number, pause: number, name: string): Ask =>
  ask(at, user, number, 'TESTEXPORT', { ...IROLO, DATA: `${pause}\n${name}\t1` });
const cards = (at: number, user: string, number: number): Ask => ask(at, user, number, 'IMPORTDATA', IROLO);
const fatal = (at: number, user: string, number: number): Ask => ask(at, user, number, 'TESTFATAL');
const raw = (at: number, body: string, ...fields: readonly string[]): Ask => ({
  at,
  bytes: ['POST / HTTP/1.0', ...fields, '', body].join('\r\n'),
});
const null1 = 'USER=nobody&HOST=h&MSGID=1&COMMAND=TESTECHO&DATA=x';
const sized = `Content-Length: ${null1.length}`;

/** Statuses and results, without numbers and bodies. */
const results = ({ shorts }: Served): readonly string[] => shorts.map(each => each.split(' ').slice(0, 2).join(' '));
const bodies = ({ shorts }: Served): readonly string[] => shorts.map(each => each.replace(/^(\S+) \S+( \d+>\d+)?/, '$1'));
const kill =
  (pid: number) =>
  (host: Host): void =>
    void host.process.kill(pid, 'SIGKILL');

const SHOWN: readonly Shown[] = [
  {
    quirk: QUIRK.PUT_TOLD,
    asks: [card(1_000, 'ann', 1, 'a')],
    see: bodies,
    corrected: ['200 "1 cards\\n"'],
    written: ['400 "USER is missing\\n"'],
  },
  {
    quirk: QUIRK.DUPLICATES_SILENT,
    asks: [card(1_000, 'ann', 1, 'a'), card(2_000, 'ann', 1, 'a')],
    see: results,
    corrected: ['200 done', '200 done'],
    written: ['200 done', ''],
  },
  {
    quirk: QUIRK.GAPS_UNBOUNDED,
    asks: [card(1_000, 'ann', 67, 'a'), card(1_100, 'ann', 1_000_000, 'b')],
    see: results,
    corrected: ['503 busy', '503 busy'],
    written: ['202 held', '202 held'],
  },
  {
    quirk: QUIRK.NO_EPOCHS,
    asks: [card(1_000, 'ann', 1, 'a'), card(1_100, 'ann', 1, 'b', { EPOCH: '5' }), card(1_200, 'ann', 1, 'c', { EPOCH: '5' })],
    see: bodies,
    corrected: ['200 "1 cards\\n"', '200 "2 cards\\n"', '409 "1 was another request\\n"'],
    written: ['200 "1 cards\\n"', '200 again "1 cards\\n"', '200 again "1 cards\\n"'],
  },
  {
    quirk: QUIRK.HOST_IS_ADDRESS,
    asks: [card(1_000, 'ann', 1, 'a'), { ...card(1_100, 'ann', 2, 'b'), from: 1 }],
    see: results,
    corrected: ['200 done', '200 done'],
    written: ['200 done', '202 held'],
  },
  {
    quirk: QUIRK.KEYS_JOINED,
    asks: [card(1_000, 'ann', 1, 'a'), card(1_100, 'ann', 1, 'a', { HOST: 'Laptop' })],
    see: bodies,
    corrected: ['200 "1 cards\\n"', '200 "1 cards\\n"'],
    written: ['200 "1 cards\\n"', '409 "1 was another request\\n"'],
  },
  {
    quirk: QUIRK.ORDER_BEFORE_AUTH,
    asks: [card(1_000, 'ann', 1, 'x', { AUTH: 'forged' }), card(1_100, 'ann', 1, 'a')],
    see: results,
    corrected: ['401 refused', '200 done'],
    written: ['401 refused', '409 refused'],
  },
  {
    quirk: QUIRK.WORKER_OVERTAKEN,
    asks: [slow(1_000, 'ann', 1, 3_000, 'a'), ask(2_500, 'ann', 2, 'RESET', IROLO), cards(8_000, 'ann', 3)],
    see: bodies,
    corrected: ['200 "1 cards\\n"', '202 "2 is held; 3 has not come\\n"', '200'],
    written: ['200 "1 cards\\n"', '200 "0 cards\\n"', '200 "a\\t1\\n"'],
  },
  {
    quirk: QUIRK.WORKER_FORGOTTEN,
    asks: [slow(1_000, 'ann', 1, 3_000, 'a'), cards(8_000, 'ann', 2)],
    see: bodies,
    corrected: ['200 "1 cards\\n"', '200 "a\\t1\\n"'],
    written: ['200 "1 cards\\n"', '200'],
  },
  {
    quirk: QUIRK.OUTPUT_TWICE,
    asks: [slow(1_000, 'ann', 1, 3_000, 'a')],
    see: ({ answers }) => answers.map(({ text }) => text.split('HTTP/1.0 200').length - 1),
    corrected: [1],
    written: [2],
  },
  {
    quirk: QUIRK.ALARM_STAYS,
    asks: [slow(1_000, 'ann', 1, 900, 'a'), slow(1_100, 'bob', 1, 900, 'b')],
    see: ({ fields }) => fields('handed-over', 'user'),
    corrected: [],
    written: ['bob'],
  },
  {
    quirk: QUIRK.WORKER_STAYS,
    asks: [ask(1_000, 'ann', 1, 'TESTEXPORT', { ...IROLO, DATA: '3000\nnonsense' })],
    see: ({ living }) => living.filter(each => each === 'rover-worker').length,
    corrected: 0,
    written: 1,
  },
  {
    quirk: QUIRK.WORKER_KILLS,
    asks: [slow(1_000, 'ann', 1, 3_000, 'a')],
    setup: { also: [[3_000, kill(103)]] },
    see: ({ ends }) => ends.filter(each => each.startsWith('rover-daemon')),
    corrected: [],
    written: ['rover-daemon 70'],
  },
  {
    quirk: QUIRK.POISON,
    asks: [fatal(1_000, 'ann', 1), fatal(80_000, 'ann', 1)],
    setup: { until: 100_000 },
    see: ({ ends, shorts }) => [ends.length > 3, shorts[1]?.slice(0, 3)],
    corrected: [false, '500'],
    written: [true, 'ECO'],
  },
  {
    quirk: QUIRK.IDENTITY_STAYS,
    asks: [ask(1_000, 'ann', 1, 'TESTERROR', { DATA: 'no' }), card(1_100, 'bob', 1, 'b'), cards(1_200, 'ann', 2)],
    see: bodies,
    corrected: ['422 "no\\n"', '200 "1 cards\\n"', '200'],
    written: ['422 "no\\n"', '200 "1 cards\\n"', '200 "b\\t1\\n"'],
  },
  {
    quirk: QUIRK.OUTPUT_STALE,
    asks: [ask(1_000, 'ann', 1, 'TESTECHO', { DATA: 'secret of ann' }), card(1_100, 'bob', 1, 'b', { AUTH: 'x' })],
    see: bodies,
    corrected: ['200 "secret of ann"', '401 "bob has another secret, or is not known\\n"'],
    written: ['200 "secret of ann"', '401 "secret of annbob has another secret, or is not known\\n"'],
  },
  {
    quirk: QUIRK.FLUSH_PARTIAL,
    asks: [ask(1_000, 'ann', 1, 'TESTERROR', { DATA: 'half' })],
    see: ({ answers }) => [...(answers[0]?.text.matchAll(/HTTP\/1\.0 (\d+)/g) ?? [])].map(([, status]) => status),
    corrected: ['422'],
    written: ['200', '422'],
  },
  {
    quirk: QUIRK.SILENCE_BLOCKS,
    asks: [{ at: 1_000, bytes: '' }, card(2_000, 'ann', 1, 'a')],
    see: results,
    corrected: ['408 refused', '200 done'],
    written: ['', ''],
  },
  {
    quirk: QUIRK.LENGTH_GUESSED,
    asks: [raw(1_000, null1), raw(1_100, null1, `${sized}x`), raw(1_200, null1, 'Content-Length: -1')],
    see: results,
    corrected: ['411 refused', '400 refused', '400 refused'],
    written: ['400 refused', '200 done', '400 refused'],
  },
  {
    quirk: QUIRK.CODING_UNREAD,
    asks: [raw(1_000, null1, 'Transfer-Encoding: chunked', sized), raw(1_100, null1, 'Expect: miracles', sized)],
    see: results,
    corrected: ['411 refused', '417 refused'],
    written: ['200 done', '200 done'],
  },
  {
    quirk: QUIRK.FIELDS_EXACT,
    asks: [raw(1_000, null1, sized.toLowerCase()), raw(1_100, null1, 'Content-Length: 3', sized)],
    see: results,
    corrected: ['200 done', '400 refused'],
    written: ['411 refused', '200 done'],
  },
  {
    quirk: QUIRK.PAIRS_LOOSE,
    asks: [raw(1_000, `USER=ann&${null1}&x`, `Content-Length: ${null1.length + 11}`)],
    see: results,
    corrected: ['400 refused'],
    written: ['200 done'],
  },
  {
    quirk: QUIRK.RESET_NULL,
    asks: [ask(1_000, 'ann', 1, 'RESET', { OBJECT: 'Agent__x' })],
    see: ({ shorts, ends }) => [shorts[0]?.slice(0, 3), ends[0]],
    corrected: ['422', undefined],
    written: ['', 'rover-daemon 70'],
  },
  {
    quirk: QUIRK.SLOTS_SWAPPED,
    asks: [ask(1_000, 'ann', 1, 'RESET', { OBJECT: 'Agent__x' }), ask(1_100, 'ann', 2, 'RESET', { OBJECT: 'Irolo__x' })],
    see: results,
    corrected: ['422 failed', '200 done'],
    written: ['200 done', '422 failed'],
  },
  {
    quirk: QUIRK.PREFIX_LOOSE,
    asks: ['xIrolo__y', 'irolo__x', 'Irolo__'].map((OBJECT, index) => card(1_000 + 100 * index, 'ann', index + 1, 'a', { OBJECT })),
    see: results,
    corrected: ['404 failed', '404 failed', '404 failed'],
    written: ['200 done', '200 done', '200 done'],
  },
  {
    quirk: QUIRK.TARGET_NAMED,
    asks: [card(1_000, 'nobody', 1, 'a', { USERSERVER: 'ann' }), cards(1_100, 'ann', 1)],
    see: results,
    corrected: ['403 failed', '200 done'],
    written: ['200 done', '200 done'],
  },
  {
    quirk: QUIRK.LOG_GROWS,
    asks: Array.from({ length: 40 }, (_, index) =>
      ask(1_000 + 50 * index, 'ann', index + 1, 'TESTECHO', { DATA: 'x'.repeat(2_000), ACKED: String(index) }),
    ),
    setup: { args: ['--segment=4096'] },
    see: ({ files }) => files.filter(each => each.startsWith('log.')).map(each => each === 'log.00000001'),
    corrected: [false],
    written: [true],
  },
  {
    quirk: QUIRK.HELD_SILENT,
    asks: [card(1_000, 'ann', 2, 'b')],
    see: results,
    corrected: ['202 held'],
    written: [''],
  },
  {
    quirk: QUIRK.ORPHAN_SERVES,
    asks: [],
    setup: { also: [[1_000, kill(101)]] },
    see: ({ living }) => living,
    corrected: ['server'],
    written: ['server', 'rover-daemon'],
  },
  {
    quirk: QUIRK.PARSED_TWICE,
    asks: [raw(1_000, `MSGID=2&${null1}`, `Content-Length: ${null1.length + 8}`)],
    see: results,
    corrected: ['400 refused'],
    written: ['202 held'],
  },
  {
    quirk: QUIRK.PRINTS_ANSWERED,
    asks: [card(1_000, 'ann', 1, 'a')],
    see: ({ answers }) => answers[0]?.text.startsWith('HTTP/1.0 200'),
    corrected: true,
    written: false,
  },
];

test.each(SHOWN.map(each => [each.quirk, each] as const))('%s', (quirk, { asks, setup = {}, see, corrected, written }) => {
  expect([see(serve(asks, setup)), see(serve(asks, { ...setup, quirks: [quirk] }))]).toEqual([corrected, written]);
});

test('acts-undeclared: wherever the daemon is killed, one delivery; as written there is a moment from which there are two', () => {
  const deliver = (at: number): Ask => ask(at, 'ann', 1, 'EXPORT', { OBJECT: 'Agent__box', DATA: 'hello' });
  const most = (quirks: readonly Quirk[]): number => {
    const calls = serve([deliver(1_000)], { quirks, observed: true, until: 2_000 }).calls.filter(({ at }) => at >= 1_000);
    const lines = calls.map(({ call }) => {
      const strike: Fault = { kind: 'strike', call, what: 'kill', program: 'rover-daemon', machine: 'server', at: ZERO, duration: ZERO };
      const { file } = serve([deliver(1_000), deliver(9_000)], { quirks, faults: [strike], until: 12_000 });
      return (file('/var/rover/agents/Agent__box') ?? '').split('\n').length - 1;
    });
    expect(Math.min(...lines)).toBe(1);
    return Math.max(...lines);
  };
  expect([most([]), most([QUIRK.UNDECLARED])]).toEqual([1, 2]);
});

test('as written it serves whoever makes no mistake', () => {
  const asks = [card(1_000, 'ann', 1, 'a'), card(2_000, 'ann', 2, 'b'), cards(3_000, 'ann', 3)];
  expect(results(serve(asks, { args: ['--profile=as-written'] }))).toEqual(['200 done', '200 done', '200 done']);
});

test('all that the daemon has are shown', () => {
  expect(new Set([...SHOWN.map(each => each.quirk), QUIRK.UNDECLARED])).toEqual(
    new Set(TRAPS.flatMap(({ side, quirk }) => (side === 'daemon' && quirk !== undefined ? [quirk] : []))),
  );
});
