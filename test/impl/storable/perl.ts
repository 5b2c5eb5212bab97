/** Perl with Storable as a peer: whether there is one, and what peer.pl beside this file says. Each call is one process. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PEER = fileURLToPath(new URL('peer.pl', import.meta.url));
const MOST = 512 * 1024 * 1024;

const probe = spawnSync('perl', ['-MStorable=nfreeze', '-e', 'print unpack "H*", nfreeze([])'], { encoding: 'latin1' });

/** Why there is no peer; undefined when there is. Another minor version writes other headers, and is not what the vectors were made by. */
export const missing: string | undefined =
  probe.status !== 0
    ? 'no perl with Storable'
    : probe.stdout.startsWith('050b')
      ? undefined
      : `this Storable writes ${probe.stdout.slice(0, 4)} instead of 050b`;

export function peer(args: readonly string[], input: Uint8Array = new Uint8Array(0)): Uint8Array {
  const { status, stdout, stderr, error } = spawnSync('perl', [PEER, ...args], { input, maxBuffer: MOST });
  if (error !== undefined || status !== 0) throw new Error(`peer.pl ${args.join(' ')}: ${error?.message ?? stderr.toString('latin1')}`);
  return stdout;
}

/** Each with its length before it, four bytes, big endian. */
export function joined(records: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(
    records.flatMap(record => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(record.length);
      return [length, record];
    }),
  );
}

export function* parted(bytes: Uint8Array): Generator<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < bytes.length; ) {
    const length = view.getUint32(at);
    yield bytes.subarray(at + 4, at + 4 + length);
    at += 4 + length;
  }
}
