/** The forked server under lighttpd, as classic CGI: by GET and POST, alone and before a daemon. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../../../support/slipway.ts';
import { brief, curl, folder, form, Served } from './served.ts';

const LIGHTTPD = ['lighttpd', '/usr/sbin/lighttpd'].find(each => spawnSync(each, ['-v']).status === 0);

const SKIPPED = LIGHTTPD === undefined && process.env['CI'] === undefined;

describe.skipIf(SKIPPED)(SKIPPED ? 'under lighttpd, which is not installed here' : 'under lighttpd', () => {
  let place: ReturnType<typeof folder>;
  let daemon: Served;
  let httpd: ChildProcess;
  let url: string;

  beforeAll(async () => {
    place = folder();
    daemon = Served.start('rover', ['--listen=127.0.0.1:0', `--state=${join(place.path, 'daemon')}`, `--users=${place.users}`, '--tests']);
    const { address } = await daemon.line('listening');
    const port = await freePort();
    const root = join(place.path, 'www');
    mkdirSync(root);
    script(join(root, 'alone'), [`--state=${join(place.path, 'cgi')}`, `--users=${place.users}`, '--tests']);
    script(join(root, 'before'), [`--daemon=${address}`, '--tests']);
    const config = join(place.path, 'lighttpd.conf');
    writeFileSync(
      config,
      [
        `server.document-root = "${root}"`,
        'server.bind = "127.0.0.1"',
        `server.port = ${port}`,
        'server.modules = ("mod_cgi")',
        'cgi.assign = ("" => "")',
        `server.errorlog = "${join(place.path, 'error.log')}"`,
      ].join('\n'),
    );
    httpd = spawn(LIGHTTPD ?? 'lighttpd', ['-D', '-f', config], { stdio: 'ignore' });
    url = `http://127.0.0.1:${port}`;
    while ((await curl(`${url}/none`)).startsWith('curl')) await new Promise(resolve => setTimeout(resolve, 50));
  });
  afterAll(() => {
    httpd?.kill('SIGKILL');
    daemon?.child.kill('SIGKILL');
    place?.remove();
  });

  const ann = (command: string, more: Readonly<Record<string, string | number>> = {}): readonly string[] =>
    form({ USER: 'ann', AUTH: 's3cret', COMMAND: command, ...more });
  const OBJECT = 'Irolo__work';

  test('POST and GET, alone', async () => {
    const cards = ann('EXPORT', { OBJECT, DATA: 'bob\t555-1234\nann\t\u00e4 %+&' });
    const answer = await curl(`${url}/alone`, ...cards);
    expect([brief(answer), answer.startsWith('HTTP/1.1 200 OK\r\n')]).toEqual(['200 done 2 cards', true]);
    expect(brief(await curl(`${url}/alone`, '-G', ...ann('IMPORTDATA', { OBJECT })))).toBe('200 done ann\t\u00e4 %+&\nbob\t555-1234');
    expect(brief(await curl(`${url}/alone`, ...ann('IMPORTBINARY', { OBJECT })))).toBe('200 done ann\t\u00e4 %+&\nbob\t555-1234');
    expect(brief(await curl(`${url}/alone`, ...ann('TESTECHO', { DATA: 'x'.repeat(100_000) })))).toBe(`200 done ${'x'.repeat(100_000)}`);
  });

  test('what is refused has its status there, too', async () => {
    expect(brief(await curl(`${url}/alone`, '-G', ...ann('EXPORT', { OBJECT, DATA: 'x' })))).toBe('405 failed EXPORT is not by GET');
    expect(brief(await curl(`${url}/alone`, ...ann('RESET', { OBJECT: 'Agent__x' })))).toBe('422 failed Agent__ has no command procedure');
    expect(brief(await curl(`${url}/alone`, '-d', 'USER'))).toBe('400 refused a pair without =, at byte 0');
    expect(brief(await curl(`${url}/alone`, '-X', 'PUT', '-d', 'x'))).toBe('405 refused GET or POST, not PUT');
    expect(brief(await curl(`${url}/alone`, '-F', 'USER=ann'))).toMatch(/^415 refused /);
    expect(brief(await curl(`${url}/alone`, '-d', 'USER=nobody', ...ann('TESTNULL').slice(2)))).toBe('200 done');
  });

  test('fatalError: the httpd tells the client', async () => {
    expect(await curl(`${url}/alone`, ...ann('TESTFATAL'))).toMatch(/^HTTP\/1\.1 50\d /);
  });

  test('before a daemon: its order, its log, and what it was told by others', async () => {
    const placed = (number: number): Readonly<Record<string, string | number>> => ({ HOST: 'laptop', MSGID: number });
    expect(brief(await curl(`${url}/before`, ...ann('EXPORT', { OBJECT, DATA: 'c\t3', ...placed(2) })))).toBe(
      '202 held 2 is held; 1 has not come',
    );
    const direct = `http://${(await daemon.line('listening'))['address']}/`;
    expect(brief(await curl(direct, ...ann('EXPORT', { OBJECT, DATA: 'a\t1', ...placed(1) })))).toBe('200 done 1 cards');
    expect(brief(await curl(`${url}/before`, ...ann('EXPORT', { OBJECT, DATA: 'c\t3', ...placed(2) })))).toBe('200 done 2 cards');
    expect(brief(await curl(`${url}/before`, '-G', ...ann('IMPORTDATA', { OBJECT, ...placed(3) })))).toBe('200 done a\t1\nc\t3');
    expect(brief(await curl(`${url}/before`, ...ann('EXPORT', { OBJECT, DATA: 'x\ty' })))).toBe('400 refused HOST is missing');
  });

  test('no daemon: busy, and the client may come again', async () => {
    daemon.child.kill('SIGKILL');
    await new Promise(resolve => daemon.child.once('exit', resolve));
    const answer = await eventually(
      () => curl(`${url}/before`, ...ann('TESTNULL', { HOST: 'laptop', MSGID: 4 })),
      each => each.includes('no daemon'),
    );
    expect([brief(answer), answer.includes('Retry-After: 1\r\n')]).toEqual(['503 busy no daemon: ECONNREFUSED', true]);
  });
});

/** A script that lighttpd runs. */
const script = (path: string, args: readonly string[]): void =>
  writeFileSync(
    path,
    `#!/bin/sh\nexec '${process.execPath}' '${ROOT}slipway' serve rover-cgi -- ${args.map(each => `'${each}'`).join(' ')}\n`,
    { mode: 0o755 },
  );

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port'))));
    });
  });

async function eventually(ask: () => Promise<string>, good: (answer: string) => boolean): Promise<string> {
  for (;;) {
    const answer = await ask();
    if (good(answer)) return answer;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}
