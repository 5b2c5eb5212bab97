/**
 * Debian's ruptime and rwho, and ours with `--format debian`, over spools at the limits of every type and buffer
 * (test/impl/rwho/limits.ts), byte for byte.
 * Lacks: a clock that stands. Records arrive anew, as long before now as they did before the moment of their image; a run of
 * Debian's is held against ours of every second in which it may have looked.
 */
import { mkdirSync, opendirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ruptime } from '../../src/impl/rwho/readers/ruptime.ts';
import { rwho } from '../../src/impl/rwho/readers/rwho.ts';
import { terminalBytes } from '../../src/impl/rwho/readers/spool-files.ts';
import { CORRECTED, variantNamed } from '../../src/impl/rwho/readers/variant.ts';
import { OFFSET } from '../../src/impl/rwho/wire.ts';
import type { Files } from '../impl/rwho/images.ts';
import { SPOOL, storageOf } from '../impl/rwho/images.ts';
import type { Limit } from '../impl/rwho/limits.ts';
import { LIMITS } from '../impl/rwho/limits.ts';
import { directory, inLab, script } from './lab.ts';

const DEBIAN = variantNamed('debian') ?? CORRECTED;
const NOW = Math.floor(Date.now() / 1_000);

/** Without those of another year, and the one in which minutes overflow, which C leaves undefined. */
const limits = Object.entries(LIMITS).filter(([name]) => !name.startsWith('year_') && name !== 'send_far_ahead');

/** As long before now as before the moment of the image. */
const latest = ({ files, now }: Limit): Files =>
  Object.fromEntries(
    Object.entries(files).map(([file, content]) => [file, typeof content === 'string' ? content : restamped(content, now)]),
  );

function restamped(image: Uint8Array, then: number): Uint8Array {
  const bytes = image.slice();
  const view = new DataView(bytes.buffer);
  const at = OFFSET.receiveTime;
  if (bytes.length >= at + 4) view.setInt32(at, view.getInt32(at, true) + NOW - then, true);
  return bytes;
}

/** What a directory has, in the order in which programs find it; that of Node is sorted. */
function orderOf(path: string): readonly string[] {
  const dir = opendirSync(path);
  const names: string[] = [];
  for (let entry = dir.readSync(); entry !== null; entry = dir.readSync()) names.push(entry.name);
  dir.closeSync();
  return names;
}

function fill(spool: string, files: Files): void {
  mkdirSync(spool);
  for (const [name, content] of Object.entries(files)) {
    if (typeof content === 'string') mkdirSync(join(spool, name));
    else writeFileSync(join(spool, name), content);
  }
}

inLab("Debian's readers and ours, at their limits", () => {
  it('print the same', async () => {
    const dir = directory();
    const runs = limits.flatMap(([name, limit]) => {
      const files = latest(limit);
      fill(join(dir, name), files);
      const storage = storageOf(files, orderOf(join(dir, name)));
      return limit.runs.map(({ command, args }, index) => ({ name, command, args, storage, at: join(dir, `${name}.${index}`) }));
    });
    const commands = (of: string): readonly string[] =>
      runs.flatMap(({ name, command, args, at }) =>
        name === of ? [`from=$EPOCHSECONDS; ${command} ${args.join(' ')} >${at}.out 2>${at}.err; echo $from $? $EPOCHSECONDS`] : [],
      );
    const out = await script(
      dir,
      `export TZ=UTC LC_ALL=C
      ${limits.map(([name]) => `lab/with-spool $dir/${name} bash -c '${commands(name).join('\n')}'`).join('\n')}`,
    );
    const said = out.trim().split('\n');
    expect(said).toHaveLength(runs.length);
    for (const [index, { name, command, args, storage, at }] of runs.entries()) {
      const [from = 0, status, until = 0] = (said[index] ?? '').split(' ').map(Number);
      const theirs = {
        out: readFileSync(`${at}.out`, 'latin1'),
        err: readFileSync(`${at}.err`, 'latin1'),
        status,
      };
      const ours = Array.from({ length: until - from + 1 }, (_, later) => {
        const options = { storage, spool: SPOOL, now: from + later, variant: DEBIAN, zone: () => 0 };
        const answer = command === 'ruptime' ? ruptime(args, options) : rwho(args, options);
        const text = (lines: readonly string[]): string => Buffer.from(terminalBytes(lines, DEBIAN)).toString('latin1');
        return { out: text(answer.out), err: text(answer.err), status: answer.status };
      });
      expect(ours, `${name}: ${command} ${args.join(' ')}`).toContainEqual(theirs);
    }
  });

  it('are commands whose bytes are those of the record', async () => {
    const dir = directory();
    fill(join(dir, 'spool'), latest(LIMITS['sort_bytes'] ?? expect.fail('there is no sort_bytes')));
    await script(
      dir,
      `for reader in ruptime rwho; do
        lab/with-spool $dir/spool $reader >$dir/$reader.theirs
        node slipway $reader --format=debian --spool=$dir/spool >$dir/$reader.ours
        cmp $dir/$reader.theirs $dir/$reader.ours
      done`,
    );
    expect(readFileSync(join(dir, 'rwho.theirs'), 'latin1')).toContain('zoe      x:t\xff ');
  });
});
