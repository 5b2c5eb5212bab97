/**
 * An httpd as far as a CGI program can see one (RFC 3875): a process for each request, with variables and standard input, and what it says is the
 * answer, with `Status:` for its first line. `--port=N ARG…`: what the program is told. It closes a connection that has been answered.
 * Lacks: paths, other programs, limits.
 */
import { concat } from '../../../src/host/bytes.ts';
import type { Daemon, Host, Stream, StreamHandler } from '../../../src/host/host.ts';
import { Incoming, latin1, type Message, octets } from '../parts/messages.ts';

const CGI = 'rover-cgi';

export const httpd: Daemon = host => {
  const [port = '', ...args] = host.process.args;
  host.signals.handle('SIGPIPE', 'ignore');
  host.network.listen(
    { transport: 'tcp', address: '0.0.0.0', port: Number(port.slice('--port='.length)) },
    { backlog: 16 },
    { opened: () => {}, accept: stream => serve(host, stream, args) },
  );
};

function serve(host: Host, stream: Stream, args: readonly string[]): StreamHandler {
  const incoming = new Incoming();
  let isOpen = true;
  let asked = false;
  const closed = (): void => {
    isOpen = false;
  };
  return {
    data: bytes => {
      incoming.take(bytes);
      const { message } = incoming;
      if (asked || message === undefined) return;
      asked = true;
      run(host, message, args, said => {
        if (!isOpen) return;
        stream.write(octets(said.replace(/^Status: /, 'HTTP/1.0 ')));
        stream.close();
        closed();
      });
    },
    end: () => {
      if (isOpen) stream.close();
      closed();
    },
    close: closed,
  };
}

/** `then`: with all that it has said. */
function run(host: Host, { first, fields, body }: Message, args: readonly string[], then: (said: string) => void): void {
  const { descriptors, process } = host;
  const [, method = '', target = ''] = /^(\S+) (\S+)/.exec(first) ?? [];
  const [input, output] = [descriptors.pipe(), descriptors.pipe()];
  if (!input.ok || !output.ok) throw new Error('no pipe');
  const environment = {
    GATEWAY_INTERFACE: 'CGI/1.1',
    REQUEST_METHOD: method,
    QUERY_STRING: target.split('?')[1] ?? '',
    CONTENT_LENGTH: fields['content-length'] ?? '',
    CONTENT_TYPE: fields['content-type'] ?? '',
  };
  process.spawn(CGI, args, { descriptors: { 0: input.value.read, 1: output.value.write }, environment });
  process.wait(() => {});
  for (const each of [input.value.read, output.value.write]) descriptors.close(each);
  const down = descriptors.attach(input.value.write, 'write', { data: () => {} });
  if (down.ok) {
    if (body !== '') down.value.write(octets(body));
    down.value.end();
  }
  const said: Uint8Array[] = [];
  const over = once(() => then(latin1(concat(said))));
  descriptors.attach(output.value.read, 'read', { data: bytes => void said.push(bytes), end: over, close: over });
}

function once(call: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) call();
    isDone = true;
  };
}
