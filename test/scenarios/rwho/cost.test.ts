/** What a status costs: the table of the README is what is counted, and its rows grow as they must. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Cost, costOf, rowOf, SCHEMES, type Scheme } from './cost.ts';

const COUNTED = [10, 50];
const readme = readFileSync(new URL('../../../scenarios/rwho/README.md', import.meta.url), 'utf8');
const [, costs = ''] = readme.split('## What a status costs');
const rows = costs.split('\n').filter(line => /^\| \d/.test(line));

/** N hosts, each told of one or two before it: as many pairs less the first, who has nobody before it, and the second, who has one. */
function expected(hosts: number, scheme: Scheme): Cost {
  if (scheme === 'broadcast') return { sent: 1, processed: hosts, bystander: 1 };
  const pairs = scheme === 'told of one' ? hosts - 1 : 2 * hosts - 3;
  const each = 2 * pairs - hosts + 1;
  return { sent: each, processed: each, bystander: 0 };
}

test.each(COUNTED.flatMap(hosts => SCHEMES.map(scheme => [hosts, scheme] as const)))('%i hosts, %s', (hosts, scheme) => {
  const cost = costOf(scheme, hosts);
  expect(cost).toEqual(expected(hosts, scheme));
  expect(rows).toContain(rowOf(hosts, scheme, cost));
});

test('the README has a row for each size and scheme, and no other', () => {
  const sizes = [...new Set(rows.map(row => Number(row.split('|')[1])))];
  expect(sizes).toEqual([10, 50, 200]);
  expect(rows).toEqual(sizes.flatMap(hosts => SCHEMES.map(scheme => rowOf(hosts, scheme, expected(hosts, scheme)))));
});
