/** Peers that mean no good, and files that nobody checked: one row of behaviour after the other, and what comes of it. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../../../support/slipway.ts';
import { fromCaller } from './from-caller.ts';
import { fromClient } from './from-client.ts';
import { fromFiles } from './from-files.ts';
import { fromLond } from './from-lond.ts';
import type { Row } from './row.ts';

const ROWS: readonly Row[] = [...fromLond, ...fromClient, ...fromCaller, ...fromFiles];
const VICTIMS = [...new Set(ROWS.map(({ victim }) => victim))];

describe.each(VICTIMS)('%s', victim => {
  test.each(ROWS.filter(row => row.victim === victim))('$name', row => {
    const logged = row.play();
    if (row.log !== undefined) expect(logged).toContain(row.log);
  });
});

test.each(VICTIMS)('the README has the same rows: %s', victim => {
  const readme = readFileSync(`${ROOT}src/impl/lonc/README.md`, 'utf8');
  const [, section = ''] = readme.split(`### ${victim}\n`);
  const [table = ''] = section.split('\n#', 1);
  const rows = table
    .split('\n')
    .filter(line => line.startsWith('| '))
    .slice(2);
  const code = (text: string | undefined): string => (text === undefined ? '' : `\`${text}\``);
  const cells = rows.map(line => line.split('|').map(cell => cell.trim()));
  expect(cells.map(([, name, , limit, log]) => [name, limit, log])).toEqual(
    ROWS.filter(row => row.victim === victim).map(({ name, limit, log }) => [name, code(limit), code(log)]),
  );
});
