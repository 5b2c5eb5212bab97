/**
 * Datagrams of the who port, by hand. `post.js receive COUNT FILE [ADDRESS]` writes so many into a file, each a line of its source and its
 * bytes, behind a line that says where it listens; the interface with that address joins the group of rwho.
 * `post.js send ADDRESS[:SOURCE PORT] HEX...` sends each to port 513 of the address, from port 513 if no other is named.
 * Lacks: the Host: it is a tool of tests.
 */
import dgram from 'node:dgram';
import { appendFileSync } from 'node:fs';
import process from 'node:process';

const WHO_PORT = 513;
const GROUP = '224.0.1.3';
const [verb, what = '', ...rest] = process.argv.slice(2);
const socket = dgram.createSocket('udp4');

if (verb === 'receive') receive(Number(what), rest[0] ?? '', rest[1]);
else if (verb === 'send') send(what, rest);
else throw new Error(`${verb}: receive or send`);

function receive(count: number, file: string, joining: string | undefined): void {
  let left = count;
  socket.on('message', (bytes, { address, port }) => {
    appendFileSync(file, `${address}:${port} ${bytes.toString('hex')}\n`);
    left--;
    if (left === 0) socket.close();
  });
  socket.bind(WHO_PORT, () => {
    if (joining !== undefined) socket.addMembership(GROUP, joining);
    appendFileSync(file, `listening on ${WHO_PORT}\n`);
  });
}

function send(to: string, left: readonly string[]): void {
  const [address = '', port = WHO_PORT] = to.split(':');
  const next = (index: number): void => {
    const report = left[index];
    if (report === undefined) socket.close();
    // One in a millisecond: a receive buffer is not endless.
    else socket.send(Buffer.from(report, 'hex'), WHO_PORT, address, () => setTimeout(next, 1, index + 1));
  };
  socket.bind(Number(port), () => {
    socket.setBroadcast(true);
    next(0);
  });
}
