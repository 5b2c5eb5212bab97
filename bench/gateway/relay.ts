/**
 * The hops of gateway and lond without them, in node:net alone, each a process: `echo ADDRESS PORT` sends back what comes;
 * `relay PATH ADDRESS PORT` takes lines from a Unix-domain socket to the echo and the answers back, one line outstanding
 * on one connection, as the gateway has to. Says `up` when it listens. Ends at SIGTERM.
 */
import { createConnection, createServer, type Socket } from 'node:net';

const [role, ...rest] = process.argv.slice(2);
const up = (): void => console.log('up');
if (role === 'echo') echo(rest[0] ?? '', Number(rest[1]));
else relay(rest[0] ?? '', rest[1] ?? '', Number(rest[2]));

function echo(address: string, port: number): void {
  createServer({ noDelay: true }, socket => socket.on('error', () => {}).pipe(socket)).listen(port, address, up);
}

function relay(path: string, address: string, port: number): void {
  const queue: (readonly [from: Socket, line: string])[] = [];
  let outstanding: Socket | undefined;
  const upstream = createConnection({ port, host: address, noDelay: true });
  const next = (): void => {
    if (outstanding !== undefined) return;
    const first = queue.shift();
    outstanding = first?.[0];
    if (first !== undefined) upstream.write(`${first[1]}\n`);
  };
  eachLine(upstream, line => {
    if (outstanding?.destroyed === false) outstanding.write(`${line}\n`);
    outstanding = undefined;
    next();
  });
  const server = createServer(client => {
    eachLine(client, line => {
      queue.push([client, line]);
      next();
    });
  });
  server.listen(path, up);
}

function eachLine(socket: Socket, act: (line: string) => void): void {
  let text = '';
  socket.setEncoding('latin1').on('error', () => {});
  socket.on('data', piece => {
    const parts = (text + piece).split('\n');
    text = parts.pop() ?? '';
    for (const part of parts) act(part);
  });
}
