/**
 * Reads each frame as an image of Storable, code and regular expressions as well, and sends back what it stores of that; or why it is
 * refused: `refused`, the reason, where, and the text. With `--exact` keys are in order, and doubles have all their digits. It negotiates nothing: its connections have frames alone.
 */
import { utf8 } from '../../../src/host/bytes.ts';
import type { Daemon } from '../../../src/host/host.ts';
import { freeze } from '../../../src/impl/storable/freeze.ts';
import { thaw } from '../../../src/impl/storable/thaw.ts';
import { endpointOf } from '../parts/endpoint.ts';
import { Incoming } from '../parts/incoming.ts';
import { framed } from '../parts/requests.ts';

export const mirror: Daemon = host => {
  const [at = '', ...ways] = host.process.args;
  const exact = ways.includes('--exact');
  host.signals.handle('SIGPIPE', 'ignore');
  host.network.listen(
    endpointOf(at),
    { backlog: 8 },
    {
      opened: () => {},
      accept: stream => {
        const incoming = new Incoming(
          () => {},
          () => true,
        );
        return {
          data: bytes => {
            for (const frame of incoming.take(bytes).frames) stream.write(framed(mirrored(frame, exact)));
          },
          end: () => stream.close(),
        };
      },
    },
  );
};

function mirrored(image: Uint8Array, exact: boolean): Uint8Array {
  const thawed = thaw(image, { code: true, regexps: true });
  return thawed.ok
    ? freeze(thawed.value, exact ? { canonical: true, exactNumbers: true } : {})
    : utf8(`refused ${thawed.reason} ${thawed.offset} ${thawed.message}`);
}
