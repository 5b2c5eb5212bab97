/** The server as a user starts it, asked by curl; killed, it and its parent; and what is there afterwards. */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { brief, curl, folder, form, Served } from './served.ts';

let place: ReturnType<typeof folder>;
const all: Served[] = [];
beforeAll(() => {
  place = folder();
});
afterAll(() => {
  for (const each of all) each.child.kill('SIGKILL');
  place.remove();
});

/** One that listens, and at which address. */
async function serve(name: string, ...args: readonly string[]): Promise<{ readonly served: Served; readonly url: string }> {
  const served = Served.start('rover', [
    '--listen=127.0.0.1:0',
    `--state=${join(place.path, name)}`,
    `--users=${place.users}`,
    '--tests',
    ...args,
  ]);
  all.push(served);
  return { served, url: await urlOf(served, 1) };
}

const urlOf = async (served: Served, life: number): Promise<string> => `http://${(await served.line('listening', life))['address']}/rover`;
const ann = (number: number, command: string, more: Readonly<Record<string, string>> = {}): readonly string[] =>
  form({ USER: 'ann', HOST: 'laptop', MSGID: number, AUTH: 's3cret', COMMAND: command, ...more });

test('curl: what is done, held, refused; bodies that it sends in its own way', async () => {
  const { served, url } = await serve('curl');
  const card = ann(1, 'EXPORT', { OBJECT: 'Irolo__work', DATA: 'bob\t555-1234' });
  expect(brief(await curl(url, ...card))).toBe('200 done 1 cards');
  expect(await curl(url, ...card)).toContain('\r\nRover-Replayed: yes\r\n');
  expect(brief(await curl(url, ...ann(3, 'TESTNULL')))).toBe('202 held 3 is held; 2 has not come');
  expect(brief(await curl(url, ...ann(2, 'TESTECHO', { DATA: 'x'.repeat(70_000) })))).toBe(`200 done ${'x'.repeat(70_000)}`);
  const waits = await curl(url, '-H', 'Expect: 100-continue', ...ann(4, 'TESTECHO', { DATA: 'continued' }));
  expect([brief(waits), waits.startsWith('HTTP/1.1 100 Continue\r\n')]).toEqual(['200 done continued', true]);
  expect(brief(await curl(url, '--http1.0', ...ann(5, 'TESTECHO', { DATA: 'old' })))).toBe('200 done old');
  expect(brief(await curl(url))).toBe('405 refused only POST, not GET');
  expect(brief(await curl(url, '-F', 'USER=ann'))).toBe(
    '415 refused a body of type multipart/form-data; it has to be application/x-www-form-urlencoded',
  );
  expect(brief(await curl(url, '-H', 'Transfer-Encoding: chunked', ...card))).toBe(
    '411 refused no Transfer-Encoding, but a Content-Length',
  );
  expect(brief(await curl(url, '-d', 'USER=%zz'))).toBe('400 refused % without two hexadecimal digits, at byte 5 of the body');
  expect(await served.end()).toBe(0);
});

test('the daemon is killed under a request: the parent starts another, and what was asked is there', async () => {
  const { served, url } = await serve('killed');
  expect(brief(await curl(url, ...ann(1, 'EXPORT', { OBJECT: 'Agent__box', DATA: 'hello' })))).toBe('200 done delivered');
  const asked = curl(url, ...ann(2, 'TESTEXPORT', { OBJECT: 'Irolo__work', DATA: '700\nann\t1' }));
  const { pid } = await served.line('running', 2);
  process.kill(Number(pid), 'SIGKILL');
  expect(await asked).toMatch(/^curl (52|56)$/);
  const again = await urlOf(served, 2);
  expect(brief(await curl(again, ...ann(2, 'TESTEXPORT', { OBJECT: 'Irolo__work', DATA: '700\nann\t1' })))).toBe('200 done 1 cards');
  expect(brief(await curl(again, ...ann(1, 'EXPORT', { OBJECT: 'Agent__box', DATA: 'hello' })))).toBe('200 done delivered');
  expect(readFileSync(join(place.path, 'killed/agents/Agent__box'), 'utf8')).toBe('ann laptop 0 1 hello\n');
  expect([served.logged('running').filter(({ attempt }) => attempt === 2).length, await served.end()]).toEqual([1, 0]);
});

test('the parent is killed: the daemon and its worker end, and the next pair has all of it', async () => {
  const { served, url } = await serve('orphans');
  const asked = curl(url, ...ann(1, 'TESTEXPORT', { OBJECT: 'Irolo__work', DATA: '4000\nann\t1' }));
  const { worker, pid } = await served.line('worker-started');
  served.child.kill('SIGKILL');
  await asked;
  const gone = (each: unknown): boolean => {
    try {
      process.kill(Number(each), 0);
      return false;
    } catch {
      return true;
    }
  };
  while (!gone(pid) || !gone(worker)) await new Promise(resolve => setTimeout(resolve, 50));
  const next = await serve('orphans');
  expect(brief(await curl(next.url, ...ann(1, 'TESTEXPORT', { OBJECT: 'Irolo__work', DATA: '4000\nann\t1' })))).toBe('200 done 1 cards');
  expect(await next.served.end()).toBe(0);
});

test('a fatal request: three lives of the daemon, then its answer, and others are served', async () => {
  const { served, url } = await serve('poison');
  expect(await curl(url, ...ann(1, 'TESTFATAL', { DATA: 'no more' }))).toMatch(/^curl (52|56)$/);
  const last = await urlOf(served, 2);
  expect(brief(await curl(last, ...ann(1, 'TESTFATAL', { DATA: 'no more' })))).toBe('500 failed it has ended the server 3 times');
  expect(served.logged('fatal').map(({ text }) => text)).toEqual(['no more', 'no more', 'no more']);
  expect(served.words).toEqual(['rover: no more', 'rover: no more', 'rover: no more']);
  expect(await served.end()).toBe(0);
});

test('a client that is silent holds up nobody, and many at once are all answered', async () => {
  const { served, url } = await serve('many');
  const silent = connect(Number(new URL(url).port), '127.0.0.1');
  const hosts = Array.from({ length: 20 }, (_, index) => `h${index}`);
  const answers = await Promise.all(
    hosts.map(host => curl(url, ...form({ USER: 'nobody', HOST: host, MSGID: 1, COMMAND: 'TESTECHO', DATA: host }))),
  );
  expect(answers.map(brief)).toEqual(hosts.map(host => `200 done ${host}`));
  silent.destroy();
  expect(await served.end()).toBe(0);
});

test('one port for two, one state for two: the second says why not', async () => {
  const { served, url } = await serve('first');
  const same = Served.start('rover', ['--listen=127.0.0.1:0', `--state=${join(place.path, 'first')}`]);
  expect((await same.line('not-started'))['why']).toBe(`process ${served.child.pid} has this folder`);
  const other = Served.start('rover', [`--listen=127.0.0.1:${new URL(url).port}`, `--state=${join(place.path, 'other')}`]);
  all.push(other);
  expect((await other.line('not-listening'))['error']).toBe('EADDRINUSE');
  expect(await other.end()).toBe(0);
  expect(await served.end()).toBe(0);
});
