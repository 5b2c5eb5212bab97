/** A disk of the simulator and as much of a Host as a log asks for; calls can be seen, and made to fail. */
import type { Host, Storage, Timer } from '../../../src/host/host.ts';
import { fail, type Result } from '../../../src/host/result.ts';
import { ORIGIN } from '../../../src/host/time.ts';
import { Prng } from '../../../src/sim/core/prng.ts';
import { Disk } from '../../../src/sim/disk/disk.ts';
import type { DiskImage } from '../../../src/sim/disk/images.ts';

export type StorageCall = keyof Storage;
/** EIO and ENOSPC: without any effect. partly: a half of what is written, and ENOSPC. forgotten: a sync that fails for good. */
export type Failure = 'EIO' | 'ENOSPC' | 'partly' | 'forgotten';

export class Computer {
  readonly disk: Disk = new Disk();
  /** Storage calls made so far. */
  calls = 0;
  /** What becomes of the call with this number, from 0. */
  before: (number: number, call: StorageCall, path: string) => Failure | undefined = () => undefined;
  readonly host: Pick<Host, 'storage' | 'clock' | 'random'>;
  #timers: (() => void)[] = [];

  constructor(seed = '') {
    const prng = new Prng(`computer/${seed}`);
    const { disk } = this;
    const call = <T>(name: StorageCall, path: string, act: () => Result<T>, part?: () => void): Result<T> => {
      const failure = this.before(this.calls++, name, path);
      if (failure === undefined) return act();
      if (failure === 'forgotten') return disk.failSync(path);
      if (failure === 'partly') part?.();
      return fail(failure === 'partly' ? 'ENOSPC' : failure, name);
    };
    const half = (bytes: Uint8Array): Uint8Array => bytes.slice(0, bytes.length >> 1);
    const storage: Storage = {
      read: path => call('read', path, () => disk.read(path)),
      write: (path, bytes) =>
        call(
          'write',
          path,
          () => disk.write(path, bytes.slice(), ORIGIN),
          () => void disk.write(path, half(bytes), ORIGIN),
        ),
      append: (path, bytes) =>
        call(
          'append',
          path,
          () => disk.append(path, bytes.slice(), ORIGIN),
          () => void disk.append(path, half(bytes), ORIGIN),
        ),
      rename: (from, to) => call('rename', from, () => disk.rename(from, to, ORIGIN)),
      unlink: path => call('unlink', path, () => disk.unlink(path, ORIGIN)),
      makeDirectory: path => call('makeDirectory', path, () => disk.makeDirectory(path, ORIGIN)),
      list: path => call('list', path, () => disk.list(path)),
      stat: path => call('stat', path, () => disk.stat(path)),
      sync: path => call('sync', path, () => disk.sync(path)),
    };
    const clock: Host['clock'] = {
      monotonic: () => ORIGIN,
      wall: () => ORIGIN,
      setTimer: (_, fire): Timer => {
        this.#timers.push(fire);
        const cancel = (): void => {
          this.#timers = this.#timers.filter(each => each !== fire);
        };
        return { cancel };
      },
    };
    this.host = { storage, clock, random: { below: bound => prng.below(bound), fill: target => prng.fill(target) } };
  }

  /** As it is found after a power cut. */
  static of(image: DiskImage, seed = ''): Computer {
    const computer = new Computer(seed);
    for (const [path, content] of [...image].sort(([one], [other]) => (one < other ? -1 : 1))) {
      if (content === 'directory') computer.disk.makeDirectory(path, ORIGIN);
      else computer.disk.write(path, content, ORIGIN);
    }
    computer.disk.powerCut('kept', new Prng(''));
    return computer;
  }

  /** Timers that are pending fire, and those that they set: until nothing is left to happen. */
  turn(): void {
    for (let rounds = 0; this.#timers.length > 0; rounds++) {
      if (rounds > 10_000) throw new Error('it never ends');
      this.#timers.shift()?.();
    }
  }
}
