import { expect, test } from 'vitest';
import { Guard, Image } from '../../src/node/guard.ts';

const turn = (): Promise<void> => new Promise(resolve => setImmediate(() => setImmediate(resolve)));

function parts(): { image: Image; bugs: unknown[]; seen: string[] } {
  const bugs: unknown[] = [];
  return { image: new Image(new Guard(thrown => bugs.push(thrown))), bugs, seen: [] };
}

test('a callback that comes while the daemon is inside waits for its return', async () => {
  const { image, seen } = parts();
  image.run(() => {
    image.run(() => seen.push('second'));
    image.run(() => seen.push('third'));
    seen.push('first');
  });
  expect(seen).toEqual(['first']);
  await turn();
  await turn();
  expect(seen).toEqual(['first', 'second', 'third']);
});

test('after the end of an image nothing of it runs, and its resources are released once', async () => {
  const { image, seen } = parts();
  image.own({ release: () => seen.push('released') });
  image.run(() => {
    image.later(() => seen.push('later'));
    image.run(() => seen.push('waiting'));
    image.end();
    image.end();
  });
  image.run(() => seen.push('run'));
  await turn();
  expect(seen).toEqual(['released']);
  expect(() => image.check()).toThrow();
});

test('unwinding is not a bug, anything else thrown is', () => {
  const { image, bugs } = parts();
  image.run(() => {
    throw 'a thing';
  });
  image.run(() => {
    image.end();
    image.unwind();
  });
  expect(bugs).toEqual(['a thing']);
});

test('a daemon that swallows the unwinding is thrown out again at its next call', () => {
  const { image, bugs, seen } = parts();
  image.run(() => {
    try {
      image.end();
      image.unwind();
    } catch {
      seen.push('swallowed');
    }
    image.check();
    seen.push('went on');
  });
  expect(seen).toEqual(['swallowed']);
  expect(bugs).toEqual([]);
});
