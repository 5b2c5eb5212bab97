/** What the conformance tests share: a suite of one toy case is easier to read than the real ones. */
import type { Case, Decoder, Item, Step, Wiring } from '../../conformance/case.ts';
import { judge } from '../../conformance/judge/judge.ts';
import { lineDecoder } from '../../conformance/judge/lines.ts';
import type { Row } from '../../conformance/run/runner.ts';
import type { Suite } from '../../conformance/suite.ts';
import { seconds } from '../../src/host/time.ts';

export const lines = (): Decoder => lineDecoder(['a', 'b', 'c']);

/** Descriptor 3 brings lines, descriptor 4 takes bytes. */
export const TOY_WIRING: Wiring = {
  channels: {
    in: { descriptor: 3, direction: 'in', decoder: lines },
    out: { descriptor: 4, direction: 'out' },
    stdout: { descriptor: 1, direction: 'in' },
  },
  options: ['--toy'],
  probe: undefined,
};

export const toyCase = (steps: readonly Step[], more: Partial<Case> = {}): Case => ({
  id: 'toy.server.case',
  rev: 1,
  title: 'A toy',
  role: 'server',
  requirements: ['toy.server.must'],
  steps,
  deadline: seconds(20),
  ...more,
});

export const toySuite = (cases: readonly Case[]): Suite => ({
  name: 'toy',
  realTime: 'seconds',
  title: 'A toy protocol',
  roles: { server: TOY_WIRING },
  claims: { extra: 'it does something extra' },
  requirements: [
    { id: 'toy.server.must', clause: '1', level: 'MUST', role: 'server', text: 'A server MUST say a.' },
    { id: 'toy.server.should', clause: '2', level: 'SHOULD', role: 'server', text: 'A server SHOULD say b.' },
    { id: 'toy.server.never', clause: '3', level: 'MAY', role: 'server', text: 'A server MAY think.', untestable: 'nobody can see it' },
  ],
  sets: { '2026-11': ['toy.server.must', 'toy.server.should', 'toy.server.never'] },
  cases,
  own: {},
  mutants: [],
  facts: () => ({}),
});

export const said = (type: string): Item => ({ kind: 'message', type, fields: {}, bytes: new Uint8Array(0), ignorable: false });

/** The verdict and the end of a row once more, from its trace alone. */
export function judgedAgain(row: Row, suite: Suite): { readonly verdict: unknown; readonly end: string } {
  const kase = suite.cases.find(each => each.id === row.kase.id);
  const wiring = suite.roles[kase?.role ?? ''];
  if (kase === undefined || wiring === undefined) throw new Error(`no case ${row.kase.id}`);
  return judge(kase, wiring, row.events, row.tester);
}
