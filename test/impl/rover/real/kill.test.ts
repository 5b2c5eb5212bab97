/**
 * The daemon killed at random moments, under the requests of six clients, and started again: what was answered is answered the same, and
 * everything was done once, in order. RARE=1 kills it 300 times.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { RealRover } from '../../../../bench/rover/real.ts';
import { Prng } from '../../../../src/sim/core/prng.ts';
import { ROOT } from '../../../support/slipway.ts';
import { Client } from './clients.ts';

const ALL = process.env['RARE'] !== undefined;
const LIVES = ALL ? 300 : 20;
const PLACES = ['a', 'b', 'c', 'd', 'e', 'f'];
const ANSWERS_MOST = 12;
const LATEST_MS = 20;
/** One life in so many is killed before it listens. */
const BEFORE_IT_LISTENS = 5;
const LONG_MS = ALL ? 1_800_000 : 120_000;

afterEach(() => RealRover.killAll());
const pause = (millis: number): Promise<void> => new Promise(resolve => setTimeout(resolve, millis));

test(
  `killed ${LIVES} times, it has lost nothing that was answered, and done nothing twice`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-rover-'));
    writeFileSync(join(folder, 'users'), 'ann s3cret\n');
    const options = { root: ROOT, state: join(folder, 'state'), args: [`--users=${join(folder, 'users')}`, '--segment=8192'] };
    const prng = new Prng('kill');
    const clients = PLACES.map(place => new Client(place));
    const counts = { lives: 0, killedWhileReading: 0, cut: 0, unfinished: 0, again: 0 };
    const answered = (): number => clients.reduce((sum, { told }) => sum + told.size, 0);
    const note = (rover: RealRover): void => {
      counts.cut += rover.logged('log-cut').length;
      counts.unfinished += Number(rover.logged('restored')[0]?.['unfinished'] ?? 0);
      expect([...rover.logged('log-damaged'), ...rover.logged('log-failed')]).toEqual([]);
    };
    for (let life = 0; life < LIVES; life++) {
      counts.lives++;
      if (life % BEFORE_IT_LISTENS === BEFORE_IT_LISTENS - 1) {
        const rover = new RealRover(options);
        await rover.logs(prng.chance(500) ? 'restored' : undefined, prng.between(0, 400));
        if (rover.port === undefined) counts.killedWhileReading++;
        await rover.kill();
        note(rover);
        continue;
      }
      const rover = await RealRover.start(options);
      expect(rover.port, JSON.stringify(rover.lines)).toBeDefined();
      for (const client of clients) counts.again += await client.askAgain(rover, prng, 2);
      let over = false;
      const asking = Promise.all(clients.map(client => client.ask(rover))).finally(() => {
        over = true;
      });
      // So many answers later, and a moment.
      const enough = answered() + prng.between(0, ANSWERS_MOST);
      while (answered() < enough && !over) await pause(1);
      await pause(prng.between(0, LATEST_MS));
      expect(await rover.kill()).toBe('SIGKILL');
      await asking;
      note(rover);
    }
    const last = await RealRover.start(options);
    const promised = answered();
    // A request without an answer may have been done: it is asked for now.
    for (const client of clients) await client.settle(last);
    for (const client of clients) await client.judge(last);
    expect(await last.kill('SIGTERM')).toBe(0);
    for (const [at, client] of clients.entries()) {
      const file = readFileSync(join(folder, 'state', 'agents', `Agent__${PLACES[at]}`), 'utf8');
      expect(file.split('\n').slice(0, -1)).toEqual(client.deliveries);
    }
    process.stdout.write(`a Rover daemon killed: ${JSON.stringify({ ...counts, answered: promised })}\n`);
    expect(promised).toBeGreaterThan(LIVES);
    expect(counts.again).toBeGreaterThan(LIVES);
    rmSync(folder, { recursive: true });
  },
  LONG_MS,
);
