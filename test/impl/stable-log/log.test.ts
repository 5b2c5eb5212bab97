/** What a log says it does, on a disk where nothing goes wrong; and what it says to bytes that are no log. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src/host/bytes.ts';
import type { Result } from '../../../src/host/result.ts';
import { ORIGIN, ZERO } from '../../../src/host/time.ts';
import { type Opened, openLog, type StableLog } from '../../../src/impl/stable-log/log.ts';
import { FRAME_BYTES, FRAME_MAX, HEADER_BYTES, type LogRecord } from '../../../src/impl/stable-log/segment.ts';
import { codeOf, must } from '../../sim/kit.ts';
import { Computer } from './computer.ts';
import { account, Counter, FOLDER } from './counter.ts';

const FIRST = `${FOLDER}/log.00000001`;

function opened(computer: Computer, checkpoint: readonly LogRecord[] = [], segment?: number): Extract<Opened, { ok: true }> {
  const found = openLog(computer.host, { folder: FOLDER, checkpoint: () => checkpoint, ...(segment === undefined ? {} : { segment }) });
  if (!found.ok) throw new Error(`${found.refusal.why}: ${found.refusal.what}`);
  return found;
}

function begun(computer: Computer, segment?: number): StableLog {
  const { log } = opened(computer, [], segment);
  must(log.renew());
  return log;
}

describe('a log', () => {
  it('gives back what was committed, byte for byte and in order, over any number of lives', () => {
    const record = fc.record({ kind: fc.nat(255), payload: fc.uint8Array({ maxLength: 40 }) });
    const life = fc.array(fc.array(record, { maxLength: 4 }), { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(life, { maxLength: 5 }), fc.boolean(), fc.integer({ min: 60, max: 4000 }), (lives, close, segment) => {
        const computer = new Computer();
        // A checkpoint that begins with all that was promised, as it was told.
        const promised: LogRecord[] = [];
        for (const commits of lives) {
          const { log, records, cut } = opened(computer, promised, segment);
          expect(records).toEqual(promised);
          expect(cut).toBeUndefined();
          must(log.renew());
          for (const records of commits) log.commit(records, result => must(result) ?? promised.push(...records));
          computer.turn();
          if (close) must(log.close());
        }
        expect(opened(computer).records).toEqual(promised);
      }),
    );
  });

  it('calls back after its call has returned, in the order of commits, and once', () => {
    const computer = new Computer();
    const log = begun(computer);
    const seen: string[] = [];
    const say = (word: string) => (result: Result<void>) => void seen.push(`${word} ${codeOf(result)}`);
    log.commit([{ kind: 1, payload: utf8('a') }], say('first'));
    log.commit([], say('nothing'));
    log.commit([{ kind: 300 - 299, payload: utf8('b') }], result => {
      say('last')(result);
      log.commit([{ kind: 1, payload: utf8('c') }], say('next turn'));
    });
    expect(seen).toEqual([]);
    computer.turn();
    expect(seen).toEqual(['first ok', 'nothing ok', 'last ok', 'next turn ok']);
  });

  it('makes one write and one sync of all commits of a turn', () => {
    const computer = new Computer();
    const log = begun(computer);
    const calls: string[] = [];
    computer.before = (_, call) => void calls.push(call) as undefined;
    let promised = 0;
    for (let count = 0; count < 50; count++) log.commit([{ kind: 1, payload: utf8(`${count}`) }], () => promised++);
    computer.turn();
    expect(calls).toEqual(['stat', 'append', 'sync']);
    expect(promised).toBe(50);
  });

  it('waits while each turn brings another, and no longer than 64 turns', () => {
    const computer = new Computer();
    const log = begun(computer);
    let syncs = 0;
    computer.before = (_, call) => {
      if (call === 'sync') syncs++;
      return undefined;
    };
    let [told, promised] = [0, 0];
    const tell = (until: number): void => {
      log.commit([{ kind: 1, payload: utf8(`${told++}`) }], result => must(result) ?? promised++);
      if (told < until) computer.host.clock.setTimer(ZERO, () => tell(until));
    };
    tell(50);
    computer.turn();
    expect([syncs, promised]).toEqual([1, 50]);
    tell(50 + 200);
    computer.turn();
    // Three times 65, and the rest.
    expect([syncs, promised]).toEqual([1 + 4, 250]);
  });

  it('writes no more at once than a batch, and the rest in the next turn', () => {
    const computer = new Computer();
    const log = begun(computer);
    const calls: string[] = [];
    let promised = 0;
    for (let count = 0; count < 3; count++)
      log.commit([{ kind: 1, payload: new Uint8Array(3 * 2 ** 20) }], result => must(result) ?? promised++);
    computer.before = (_, call) => void calls.push(call) as undefined;
    computer.turn();
    expect(promised).toBe(3);
    expect(calls.filter(call => call === 'write')).toHaveLength(3);
  });

  it('refuses a commit that is too large, and takes the next', () => {
    const computer = new Computer();
    const log = begun(computer, 4 * FRAME_MAX);
    const codes: string[] = [];
    log.commit([{ kind: 1, payload: new Uint8Array(FRAME_MAX - 4) }], result => codes.push(codeOf(result)));
    log.commit([{ kind: 1, payload: new Uint8Array(FRAME_MAX - 5) }], result => codes.push(codeOf(result)));
    log.commit([{ kind: 1, payload: utf8('small') }], result => codes.push(codeOf(result)));
    computer.turn();
    expect(codes).toEqual(['EFBIG', 'ok', 'ok']);
    expect(opened(computer).records.map(({ payload }) => payload.length)).toEqual([FRAME_MAX - 5, 5]);
  });

  it('takes nothing before it was renewed, nor after it was closed', () => {
    const computer = new Computer();
    const { log } = opened(computer);
    const codes: string[] = [];
    const commit = (): void => log.commit([{ kind: 1, payload: utf8('x') }], result => codes.push(codeOf(result)));
    commit();
    computer.turn();
    expect(log.open).toBe(false);
    must(log.renew());
    commit();
    must(log.close());
    commit();
    computer.turn();
    expect(codes).toEqual(['EINVAL', 'ok', 'EINVAL']);
    expect(() => log.renew()).toThrow('closed');
    expect(opened(computer)).toMatchObject({ sealed: true, records: [{ kind: 1 }] });
  });

  it('leaves one segment, of about the size that it was told', () => {
    const computer = new Computer();
    const counter = new Counter(computer, account(), 2000);
    must(counter.log.renew());
    let largest = 0;
    for (let number = 0; number < 200; number++) {
      counter.tell(number);
      computer.turn();
      largest = Math.max(largest, counter.log.size);
      expect(must(computer.disk.list(FOLDER))).toHaveLength(1);
    }
    // Twice a checkpoint of 200 numbers, and a commit.
    expect(largest).toBeLessThan(2 * 200 * 3 * 9 + 200);
    expect(new Counter(computer, account()).known).toHaveLength(200);
  });

  it('notices that another process has begun a segment, or taken the file away', () => {
    for (const meddle of [
      (computer: Computer) => void begun(computer),
      (computer: Computer) => void must(computer.disk.unlink(FIRST, ORIGIN)),
    ]) {
      const computer = new Computer();
      const log = begun(computer);
      meddle(computer);
      const codes: string[] = [];
      log.commit([{ kind: 1, payload: utf8('x') }], result => codes.push(codeOf(result)));
      computer.turn();
      expect(codes).toEqual(['ESTALE']);
      expect(log.open).toBe(false);
    }
    const computer = new Computer();
    const log = begun(computer);
    begun(computer);
    expect(codeOf(log.renew())).toBe('ESTALE');
  });

  it('makes durable in this order: the folder, a segment, its name; and only then takes the last one away', () => {
    const computer = new Computer();
    const calls: string[] = [];
    computer.before = (_, call, path) => void calls.push(`${call} ${path}`) as undefined;
    begun(computer);
    const [first, second] = [`${FOLDER}/log.00000001`, `${FOLDER}/log.00000002`];
    const begins = (name: string): string[] => [
      `list ${FOLDER}`,
      `write ${name}.new`,
      `sync ${name}.new`,
      `rename ${name}.new`,
      `sync ${FOLDER}`,
    ];
    expect(calls.splice(0)).toEqual([`makeDirectory ${FOLDER}`, `list ${FOLDER}`, 'sync /', ...begins(first)]);
    begun(computer);
    expect(calls).toEqual([`makeDirectory ${FOLDER}`, `list ${FOLDER}`, `read ${first}`, ...begins(second), `unlink ${first}`]);
  });

  it('leaves nothing of a segment for which there was no room', () => {
    const computer = new Computer();
    const log = begun(computer);
    computer.before = (_, call) => (call === 'write' ? 'partly' : undefined);
    expect(codeOf(log.renew())).toBe('ENOSPC');
    expect(must(computer.disk.list(FOLDER))).toEqual(['log.00000001']);
    computer.before = () => undefined;
    must(log.renew());
    expect(must(computer.disk.list(FOLDER))).toEqual(['log.00000002']);
  });

  it('leaves other files in its folder alone', () => {
    const computer = new Computer();
    begun(computer);
    const others = ['notes', 'log.1', 'log.00000009.old', 'xlog.00000009', 'log.0000000a'];
    for (const name of others) must(computer.disk.write(`${FOLDER}/${name}`, utf8('mine'), ORIGIN));
    begun(computer);
    expect([...must(computer.disk.list(FOLDER))].sort()).toEqual([...others, 'log.00000002'].sort());
  });
});

describe('what is no log', () => {
  /** A log with three commits, the last of which cannot be told from a torn one. */
  function three(): Computer {
    const computer = new Computer();
    const counter = new Counter(computer, account());
    must(counter.log.renew());
    for (const number of [1, 2, 3]) {
      counter.tell(number);
      computer.turn();
    }
    return computer;
  }
  const refusalOf = (computer: Computer) => {
    const found = openLog(computer.host, { folder: FOLDER, checkpoint: () => [] });
    return found.ok ? found : found.refusal;
  };
  const rewritten = (change: (bytes: Uint8Array) => Uint8Array): Computer => {
    const computer = three();
    must(computer.disk.write(FIRST, change(must(computer.disk.read(FIRST))), ORIGIN));
    return computer;
  };

  it('is refused with the file and the offset', () => {
    expect(refusalOf(rewritten(() => utf8('SLIPLOG')))).toEqual({
      why: 'damaged',
      file: FIRST,
      offset: 7,
      what: 'it does not begin as a log',
    });
    expect(refusalOf(rewritten(() => utf8('SOMETHING ELSE')))).toMatchObject({ why: 'damaged', offset: 1 });
    expect(refusalOf(rewritten(bytes => bytes.slice(0, HEADER_BYTES - 1)))).toMatchObject({ offset: HEADER_BYTES - 1 });
    const version = rewritten(bytes => Uint8Array.from(bytes, (byte, at) => (at === 8 ? 2 : byte)));
    expect(refusalOf(version)).toEqual({ why: 'version', file: FIRST, offset: 8, what: 'version 2, and only 1 is known' });
    const renamed = three();
    must(renamed.disk.rename(FIRST, `${FOLDER}/log.00000007`, ORIGIN));
    expect(refusalOf(renamed)).toMatchObject({ why: 'damaged', offset: 20 });
    const file = new Computer();
    must(file.disk.write(FOLDER, utf8('in the way'), ORIGIN));
    expect(refusalOf(file)).toMatchObject({ why: 'unreadable', file: FOLDER, what: 'ENOTDIR: list /log' });
  });

  it('may be missing at the end, which is told', () => {
    const whole = must(three().disk.read(FIRST));
    const commit = FRAME_BYTES + 3 * 9;
    const found = refusalOf(rewritten(bytes => bytes.slice(0, -5)));
    const cut = { file: FIRST, offset: whole.length - commit, bytes: commit - 5, what: 'the file ends in frame 3' };
    expect(found).toMatchObject({ ok: true, cut });
  });
});
