/**
 * The real arm: our daemon with its parent over loopback, our forked server, which the tester starts as an httpd does, and our client.
 */
import { describe, expect, test } from 'vitest';
import { ROVER } from '../../../conformance/rover/suite.ts';
import type { Row } from '../../../conformance/run/runner.ts';
import { realArm } from '../../support/arms.ts';
import { type OwnRun, ownRows, passes, verdictsOf } from '../support.ts';

const arm = await realArm('rover');
const rows = (role: string, names: readonly string[], more: Partial<OwnRun> = {}): Promise<readonly Row[]> =>
  ownRows({ suite: ROVER, role, arm, names, jobs: 2, ...more });

const OF_DAEMON = [
  'import.text',
  'header.pieces',
  'length.most',
  'expect.continue',
  'body.cut',
  'slow.gone',
  'users.order',
  'order.reverse',
  'order.both',
  'long.order',
  'agent.once',
  'fatal.message',
  'fatal.kept',
  'restart.held',
  'restart.unfinished',
  'restart.stopped',
  'ends.finishes',
  'ends.orphan',
];
const OF_CGI = [
  'post.import',
  'get.import',
  'post.open',
  'post.pieces',
  'length.huge',
  'body.cut',
  'cards.kept',
  'cards.owners',
  'fatal.message',
  'fatal.status',
  'daemon.handed',
  'daemon.none',
];

const OF_CLIENT = [
  'asks.escapes',
  'asks.window',
  'again.offline',
  'again.cut',
  'again.held',
  'answers.order',
  'refused.twice',
  'dies.asked',
  'dies.epoch',
];

describe('ours, as real processes', () => {
  test('a daemon', async () => expect(verdictsOf(await rows('daemon', OF_DAEMON))).toEqual(passes(OF_DAEMON)));
  test('a forked server', async () => expect(verdictsOf(await rows('cgi', OF_CGI))).toEqual(passes(OF_CGI)));

  test('a client', async () => expect(verdictsOf(await rows('client', OF_CLIENT))).toEqual(passes(OF_CLIENT)));

  test('quirks fail here as they do in virtual time', async () => {
    const quirk = (slug: string): { readonly args: readonly string[] } => ({ args: [`--quirk=${slug}`] });
    expect(verdictsOf(await rows('daemon', ['order.again'], quirk('duplicates-unanswered')))).toEqual(['order.again fail']);
    expect(verdictsOf(await rows('daemon', ['users.order'], quirk('order-before-authentication')))).toEqual(['users.order fail']);
    expect(verdictsOf(await rows('cgi', ['get.changes'], quirk('get-changes')))).toEqual(['get.changes fail']);
    expect(verdictsOf(await rows('cgi', ['daemon.order'], quirk('cgi-unordered')))).toEqual(['daemon.order fail']);
  });

  test('what is not claimed is not applicable', async () => {
    const played = await rows('cgi', ['cards.kept', 'post.import'], { claims: ['users'] });
    expect(verdictsOf(played)).toEqual(['cards.kept not-applicable', 'post.import pass']);
  });
});
