/**
 * Starts a program and reads what it prints, up to so many bytes, and then closes its end: `COUNT PROGRAM ARG…`.
 */
import type { Daemon } from '../../../src/host/host.ts';

export const reader: Daemon = ({ process, descriptors }) => {
  const [count = '', program = '', ...args] = process.args;
  const pipe = descriptors.pipe();
  if (!pipe.ok) throw new Error(pipe.error.code);
  const { read, write } = pipe.value;
  const spawned = process.spawn(program, args, { descriptors: { 1: write } });
  if (!spawned.ok) throw new Error(spawned.error.code);
  descriptors.close(write);
  if (Number(count) === 0) {
    descriptors.close(read);
    return;
  }
  let left = Number(count);
  const attached = descriptors.attach(read, 'read', {
    data: bytes => {
      left -= bytes.length;
      if (left <= 0 && attached.ok) attached.value.close();
    },
  });
};
