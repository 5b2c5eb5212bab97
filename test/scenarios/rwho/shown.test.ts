/** The second reading of what ruptime and rwho print: it says, byte for byte, what the published programs have printed. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ruptimeSays, rwhoSays, type SpoolFile } from '../../../scenarios/rwho/model/shown.ts';

interface Run {
  readonly args: readonly string[];
  readonly rc: number;
  readonly stderr: string;
  readonly stdout: readonly string[];
}
interface Vector {
  readonly files: Readonly<Record<string, 'DIR' | 'DANGLING' | { readonly hex: string }>>;
  readonly now: number;
  readonly readdir_order: readonly string[];
  readonly outputs: Readonly<Record<string, Readonly<Record<'ruptime' | 'rwho', readonly Run[]>>>>;
}

const { cases } = JSON.parse(readFileSync(new URL('../../impl/rwho/vectors/ruptime.json', import.meta.url), 'utf8')) as {
  readonly cases: Readonly<Record<string, Vector>>;
};
const EDITIONS: Readonly<Record<string, string>> = {
  'debian_0.17-15': 'debian',
  'netkit_0.17': 'netkit',
  'bsd44_8.2_ilp32': 'bsd44',
  'bsd44_8.2_lp64': 'bsd44-lp64',
  'bsd43reno_5.8_ilp32': 'reno',
};
const SPOOL = '/var/spool/rwho';

function filesOf({ files, readdir_order }: Vector): readonly SpoolFile[] {
  return readdir_order.flatMap((name): readonly SpoolFile[] => {
    const file = files[name];
    if (file === undefined || file === 'DANGLING') return [];
    return [file === 'DIR' ? { name } : { name, bytes: new Uint8Array(Buffer.from(file.hex, 'hex')) }];
  });
}

const runs = Object.entries(cases).flatMap(([name, vector]) =>
  Object.entries(vector.outputs).flatMap(([program, outputs]) =>
    (['ruptime', 'rwho'] as const).flatMap(command =>
      // 4.4BSD's rwho dies of a directory (RW-33).
      outputs[command]
        .filter(({ rc }) => rc >= 0)
        .map(run => ({ title: `${name}: ${program} ${command} ${run.args.join(' ')}`, vector, program, command, run })),
    ),
  ),
);

test.each(runs.map(each => [each.title, each] as const))('%s', (_title, { vector, program, command, run }) => {
  const asked = { args: run.args, spool: SPOOL, edition: EDITIONS[program] ?? '', now: vector.now };
  const said = command === 'ruptime' ? ruptimeSays(filesOf(vector), asked) : rwhoSays(filesOf(vector), asked);
  expect(said.out).toEqual(run.stdout);
  expect(said.status).toBe(run.rc);
  // What cannot be read is told of as well, and is not a part of this.
  const complaints = run.stderr.split('\n').filter(line => line !== '' && !/: No such file or directory$/.test(line));
  expect(said.err).toEqual(complaints);
});

test('are as many as there were', () => {
  expect(runs.length).toBeGreaterThan(300);
});
