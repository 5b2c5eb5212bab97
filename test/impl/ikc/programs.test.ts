/** Server and client as programs: what each state answers, over TCP and Unix-domain sockets, in both serializers. */
import { describe, expect, test } from 'vitest';
import { run } from './bench.ts';

const steps = [
  `--call=poe://Inet/demo/echo {"a":[1,"two",null]}`,
  '--call=poe:/demo/add [1,2,3]',
  '--call=poe:/demo/void',
  '--call=poe:/demo/fail',
  '--list=poe:/demo/list',
  '--call=poe:/demo/list',
  '--list=poe:/demo/void',
  '--call=poe:/demo/slow 250',
  '--post=poe:/demo/note',
  '--post=poe://*/demo/note',
  '--call=poe:/demo/count',
  '--subscribe=poe://Inet/demo',
  '--subscribe=poe://Inet/nothing',
  '--call=poe://Nobody/demo/echo',
  '--call=poe:/nothing/at-all',
  '--call=poe:/demo/nothing',
  '--call=poe:/IKC/ping',
];

const outcome = (logs: readonly string[]): readonly string[] =>
  logs.flatMap(line => {
    const [, what, step, , rest] = /^(answer|error|subscribed) step=([0-9]+) to=(\S+) ?(.*)$/.exec(line) ?? [];
    return what === undefined ? [] : [`${step} ${what} ${rest}`.trim()];
  });

describe.each(['Storable', 'JSON'])('%s', serializer => {
  test.each([
    ['TCP', '10.0.0.2:603', '0.0.0.0:603'],
    ['a Unix-domain socket', '/run/ikc', '/run/ikc'],
  ])('every state, over %s', (transport, connect, listen) => {
    const { logs, ends } = run([
      { on: 'b', program: 'ikc-server', args: [`--listen=${listen}`, '--name=Inet'] },
      {
        on: transport === 'TCP' ? 'a' : 'b',
        program: 'ikc-client',
        args: [`--connect=${connect}`, '--name=Cli', `--serializer=${serializer}`, ...steps],
        at: 1,
      },
    ]);
    expect(outcome(logs('ikc-client')).map(line => line.replace(/sent by \[poe:\/\/[^/]*\/IKC\/response[0-9]+\]/, 'sent by ME'))).toEqual([
      '1 answer value={"a":[1,"two",null]}',
      '2 answer value=6',
      '3 answer value=null',
      '4 error failure=remote-error text=This state fails [poe:/demo/fail] sent by ME',
      '5 answer value=["one","two","three"]',
      '6 answer value="three"',
      '7 answer value=[]',
      '8 answer value=250',
      '11 answer value=2',
      '12 subscribed',
      '13 error failure=missing text=it is not published there',
      "14 error failure=unknown-kernel text=there is no kernel 'Nobody'",
      "15 error failure=remote-error text=Session 'nothing' is not available for remote kernels [poe:/nothing/at-all] sent by ME",
      "16 error failure=remote-error text=Session 'demo' has not published state 'nothing' [poe:/demo/nothing] sent by ME",
      '17 answer value="PONG"',
    ]);
    expect(ends).toEqual(['ikc-client 1']);
  });
});
