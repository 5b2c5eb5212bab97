/** --identity=system on the real kernel: a worker has the rights of its user and no others, and where that is not permitted nothing starts. */
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { brief, curl, folder, form, Served } from './served.ts';

/** A user that every Debian has. */
const USER = 'daemon';
const isRoot = process.getuid?.() === 0;
const id = (flag: string, user: string): string => execFileSync('id', [flag, user], { encoding: 'utf8' }).trim();

describe.skipIf(!isRoot)('as root', () => {
  let place: ReturnType<typeof folder>;
  const all: Served[] = [];
  beforeAll(() => {
    place = folder();
    writeFileSync(place.users, `${USER} s3cret\nno-such-user x\n`);
    chmodSync(place.path, 0o777);
  });
  afterAll(() => {
    for (const each of all) each.child.kill('SIGKILL');
    place.remove();
  });
  const args = (state: string): readonly string[] => [
    '--listen=127.0.0.1:0',
    `--state=${join(place.path, state)}`,
    `--users=${place.users}`,
    '--identity=system',
    '--tests',
  ];

  test('a worker is its user: ids, groups; what it did is kept, and who the machine does not know is refused', async () => {
    const served = Served.start('rover', args('root'));
    all.push(served);
    const url = `http://${(await served.line('listening'))['address']}/`;
    const ask = (user: string, number: number, command: string, more: Readonly<Record<string, string>>): Promise<string> =>
      curl(url, ...form({ USER: user, HOST: 'h', MSGID: number, AUTH: user === USER ? 's3cret' : 'x', COMMAND: command, ...more }));
    const asked = ask(USER, 1, 'TESTEXPORT', { OBJECT: 'Irolo__work', DATA: '3000\na\t1' });
    const { worker } = await served.line('worker-started');
    let status = '';
    // Until it has become that user; then it sleeps.
    for (const uid = id('-u', USER); !new RegExp(`^Uid:\t${uid}\t`, 'm').test(status); ) {
      await new Promise(resolve => setTimeout(resolve, 20));
      status = readFileSync(`/proc/${worker}/status`, 'utf8');
    }
    const [uid, gid] = [id('-u', USER), id('-g', USER)];
    expect(status).toContain(`Uid:\t${uid}\t${uid}\t${uid}\t${uid}\n`);
    expect(status).toContain(`Gid:\t${gid}\t${gid}\t${gid}\t${gid}\n`);
    const groups = /^Groups:\t(.*?) ?$/m.exec(status)?.[1]?.split(' ') ?? [];
    expect(groups.toSorted()).toEqual(id('-G', USER).split(' ').toSorted());
    expect(brief(await asked)).toBe('200 done 1 cards');
    expect(brief(await ask(USER, 2, 'IMPORTDATA', { OBJECT: 'Irolo__work' }))).toBe('200 done a\t1');
    expect(brief(await ask(USER, 3, 'EXPORT', { OBJECT: 'Agent__box', DATA: 'hello' }))).toBe('200 done delivered');
    expect(brief(await ask('no-such-user', 1, 'TESTNULL', {}))).toBe(
      '403 failed this machine has no user no-such-user, or does not let him be',
    );
    expect(await served.end()).toBe(0);
  });

  test('without the right to become anybody the parent does not start', async () => {
    const served = Served.start('rover', args('nobody'), { uid: 65_534, gid: 65_534 });
    all.push(served);
    const ended = new Promise(resolve => void served.child.once('close', resolve));
    expect((await served.line('not-started'))['why']).toBe(`--identity=system: no process of this one can become ${USER}`);
    expect(await ended).toBe(77);
  });
});
