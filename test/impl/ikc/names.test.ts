/** Names of kernels: which can be told, which can be written in a specifier, and what this one is called. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Host } from '../../../src/host/host.ts';
import { NAME_MAX } from '../../../src/impl/ikc/limits.ts';
import { ownNames, peerAddress } from '../../../src/impl/ikc/link-names.ts';
import { CORRECTED_LINK } from '../../../src/impl/ikc/link-rules.ts';
import { isAddressable, isTellable, kernelId, unixText } from '../../../src/impl/ikc/names.ts';

const host = (name: string, wall: number, pid: number): Host =>
  // What a name is made of, and nothing else.
  ({ clock: { wall: () => wall }, process: { pid }, system: { hostName: () => name } }) as unknown as Host;

test('the id has the form of a real one', () => {
  expect(kernelId(host('vm', 0x6b0221b1 * 1_000_000 + 999_999, 0x5432))).toBe('vm-6b0221b1-00005432-00000001');
  expect(kernelId(host('vm', 0, 1), 0xab)).toBe('vm-00000000-00000001-000000ab');
  // The clock of 2106 has more than 32 bits.
  expect(kernelId(host('a b:c/d', 0x1_0000_0001 * 1_000_000, 1))).toBe('a_b_c_d-00000001-00000001-00000001');
});

interface Vectors {
  readonly iam_lines: readonly { readonly line: string; readonly accepted: string | null; readonly specifier_ok: boolean }[];
}
const { iam_lines: lines } = JSON.parse(readFileSync(new URL('vectors/ikc_specifiers.json', import.meta.url), 'utf8')) as Vectors;

test.each(lines.flatMap(each => (each.accepted === null ? [] : [[each.accepted, each.specifier_ok] as const])))(
  '%j can be told; in a specifier: %s',
  (name, addressable) => {
    expect(isTellable(name)).toBe(true);
    expect(isAddressable(name)).toBe(addressable);
  },
);

test.each(['Inet', '0', 'a-b.c_d', '127.0.0.1:603', 'host.name:603', 'unix:_tmp_x.sock', 'unix:_tmp_x.sock:123-4', 'unix:n'])(
  '%j can be both',
  name => {
    expect([isTellable(name), isAddressable(name)]).toEqual([true, true]);
  },
);

test.each(['a:b', ':603', 'a:', '::1:603', 'unix:', 'unix:a:1:2', 'unix:a:1-', 'a:1:2'])('%j cannot be written', name => {
  expect([isTellable(name), isAddressable(name)]).toEqual([true, false]);
});

test.each(['', 'a b', '*', 'a/b', 'é', 'a\n', '\u0660'])('%j can be neither', name => {
  expect([isTellable(name), isAddressable(name)]).toEqual([false, false]);
});

test('a name has a limit', () => {
  for (const length of [NAME_MAX - 1, NAME_MAX, NAME_MAX + 1])
    expect([isTellable('x'.repeat(length)), isAddressable('x'.repeat(length))]).toEqual([length <= NAME_MAX, length <= NAME_MAX]);
});

test('a path is a part of a name', () => {
  expect(unixText('/tmp/work/ikc px:1.sock')).toBe('_tmp_work_ikc_px_1.sock');
  expect(unixText('//a//')).toBe('_a_');
});

test('what each end is called by its address', () => {
  const tcp = { transport: 'tcp', address: '10.0.0.1', port: 603 } as const;
  const far = { transport: 'tcp', address: '10.0.0.2', port: 1234 } as const;
  const path = { transport: 'unix', path: '/run/ikc' } as const;
  const none = { transport: 'unix', path: '' } as const;
  const names = (
    role: 'server' | 'client',
    local: typeof tcp | typeof path | typeof none,
    remote: typeof far | typeof path | typeof none,
  ): unknown => [
    ownNames({ role, name: 'n', aliases: [] }, { local, remote, pid: 7, connection: 3 }, CORRECTED_LINK),
    peerAddress(role, { local, remote, pid: 7, connection: 3 }, undefined, CORRECTED_LINK),
  ];
  expect(names('server', tcp, far)).toEqual([['10.0.0.1:603', 'n'], '10.0.0.2:1234']);
  expect(names('client', tcp, far)).toEqual([['10.0.0.1:603', 'n'], '10.0.0.2:1234']);
  expect(names('server', path, none)).toEqual([['unix:_run_ikc', 'n'], undefined]);
  expect(names('client', none, path)).toEqual([['unix:_run_ikc:7-3', 'n'], 'unix:_run_ikc']);
  const ends = { local: tcp, remote: far, pid: 7, connection: 3 };
  expect(peerAddress('client', ends, 'localhost:603', CORRECTED_LINK)).toBe('localhost:603');
  expect(peerAddress('server', ends, 'localhost:603', CORRECTED_LINK)).toBe('10.0.0.2:1234');
});
