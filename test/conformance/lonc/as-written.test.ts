/**
 * As written our gateway fails what the published program failed when it was met with these cases, and nothing else. The table is what
 * was seen of that program (Perl, 2002; its waits run five to twenty times as fast), each case with the trap that it shows.
 * Lacks: what no case can reach, since it takes a signal to a child, months, or a moment of the start (A-B01, A-B11, A-B13, A-B29).
 */
import { expect, test } from 'vitest';
import { simArm } from '../../../conformance/arms/sim.ts';
import { programs } from '../../../conformance/lonc/programs.ts';
import { LONC } from '../../../conformance/lonc/suite.ts';
import { runSuite } from '../../../conformance/run/runner.ts';
import { TRAPS } from '../../../src/impl/lonc/quirks.ts';
import { rowsIn } from '../support.ts';

const PUBLISHED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'lond-client': {
    'refused.closes': 'A-B30',
    'ended.settle': 'A-B18',
    'ended.pong': 'A-B18',
    'ended.ekey': 'A-B18',
    'ended.closes': 'A-B30',
    'limit.init': 'A-B19',
    'limit.pong': 'A-B17',
    'limit.ekey': 'A-B17',
    'back-off.silence': 'A-B20',
    'attempts.poked-online': 'A-B14',
    'unasked.line': 'A-B31',
    'unasked.second-answer': 'A-B31',
    'reconnect.idle': 'A-B31',
    'reconnect.two-clients': 'A-B05',
    'stays.con-lost': 'A-B04',
    'stays.client': 'A-B03',
    'key.newline': 'A-B08',
    'delayed.order': 'A-B10',
    'delayed.pattern': 'A-B10c',
    'delayed.encrypted': 'A-B09',
    'delayed.limit-others': 'A-B10b',
    'delayed.again': 'A-B10e',
    'delayed.two-lines': 'A-B10b',
    'delayed.cut-off': 'A-B10b',
    'delayed.empty': 'A-B10b',
    'delayed.secret': 'A-B10d',
  },
  local: {
    'socket.removed': 'A-B26',
    'reply.con-lost': 'A-B04',
    'clients.prompt': 'A-B32',
    'clients.leaves-asking': 'A-B15',
    // Played again and again, and under pressure: alone and at once it passes, as it does on the original.
    'clients.leaves-two': 'A-B15',
    'lost.once': 'A-B03',
    'lost.two-requests': 'A-B05',
    'lost.two-clients': 'A-B05',
    'lost.reset-two': 'A-B15',
    'lost.partial': 'A-B24',
    'unasked.next': 'A-B31',
    'limit.late-reply': 'A-B06',
    'limit.late-pipelined': 'A-B06',
    'limit.partial': 'A-B06b',
    'back-off.waiting': 'A-B21',
    'enc.blocks': 'A-B23',
    'enc.length': 'A-B23',
    'enc.malformed': 'A-B23',
    'enc.no-digit': 'A-B23',
    'enc.padding': 'A-B23',
    'enc.prefix': 'A-B23',
    'enc.word': 'A-B23',
    'close-request.ends': 'A-B07',
    'close-request.restarts': 'A-B07',
    'usr1.connected': 'A-B12',
    'usr1.new': 'A-B12',
  },
};

test.each(Object.entries(PUBLISHED))('%s', async (role, seen) => {
  const implementation = { program: 'gateway', args: ['--profile=as-written'] };
  const rows = rowsIn(await runSuite({ suite: LONC, role, arm: simArm(programs), implementation, claims: [] }));
  const not = rows.filter(({ verdict }) => verdict.verdict !== 'pass');
  expect(not.map(({ testCase }) => testCase.id).toSorted()).toEqual(
    Object.keys(seen)
      .map(name => `lonc.${role}.${name}`)
      .toSorted(),
  );
  expect(not.filter(({ verdict }) => verdict.verdict !== 'fail').map(({ testCase, verdict }) => [testCase.id, verdict])).toEqual([]);
});

test('what is broken cites the trap: in the clause of the requirement that the case is about', () => {
  const ids = new Set(TRAPS.map(({ id }) => id));
  for (const [role, seen] of Object.entries(PUBLISHED)) {
    for (const [name, trap] of Object.entries(seen)) {
      const testCase = LONC.cases.find(({ id }) => id === `lonc.${role}.${name}`);
      const clauses = LONC.requirements.filter(({ id }) => testCase?.requirements.includes(id) === true).map(({ clause }) => clause);
      expect(ids).toContain(trap);
      expect(clauses.join(', '), `${name}: ${trap}`).toContain(trap);
    }
  }
});
