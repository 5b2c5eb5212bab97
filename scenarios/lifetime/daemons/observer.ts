/**
 * Who runs a parent and reads what it observes, slowly, late, or not to the end: `OPTIONS -- PARENT ARGS…`.
 *  --after=MS     does not read before
 *  --every=MS     reads, and then waits so long
 *  --closes=N     closes its end once it has read N bytes
 */
import type { Daemon, Stream } from '../../../src/host/host.ts';
import { Options } from '../../../src/impl/lifetime/options.ts';

const BYTES_MAX = 1_000_000;

export const observer: Daemon = ({ process, descriptors, clock }) => {
  const end = process.args.indexOf('--');
  const options = new Options(process.args.slice(0, end));
  const [program = '', ...args] = process.args.slice(end + 1);
  const [after, every] = [options.millis('after'), options.millis('every')];
  let left = options.number('closes', BYTES_MAX) ?? Number.POSITIVE_INFINITY;
  const pipe = descriptors.pipe();
  if (!pipe.ok || options.end() !== undefined) throw new Error('observer: no pipe, or other options');
  const spawned = process.spawn(program, args, { descriptors: { 1: pipe.value.write } });
  if (!spawned.ok) throw new Error(`observer: ${spawned.error.code}`);
  descriptors.close(pipe.value.write);
  const streams: Stream[] = [];
  const attached = descriptors.attach(pipe.value.read, 'read', {
    data: bytes => {
      left -= bytes.length;
      const [stream] = streams;
      if (left <= 0) streams.splice(0).map(each => each.close());
      else if (every !== undefined && stream !== undefined) {
        stream.pause();
        clock.setTimer(every, () => void streams[0]?.resume());
      }
    },
    end: () => void streams.splice(0),
  });
  if (!attached.ok) throw new Error('observer: not attached');
  streams.push(attached.value);
  if (after !== undefined) {
    attached.value.pause();
    clock.setTimer(after, () => void streams[0]?.resume());
  }
  process.wait(() => {});
};
