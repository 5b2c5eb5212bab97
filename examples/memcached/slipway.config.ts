/** What `slipway` finds in this folder: memcached's text protocol, as a value. */
import { defineConfig, defineProtocol } from 'slipway';
import { mutants } from './mutants.ts';
import { counter, daemons, exchange } from './scenarios.ts';
import { suite } from './suite.ts';
import { decoder, disclosed } from './wire.ts';

export default defineConfig({
  protocols: [
    defineProtocol({
      name: 'memcached',
      title: suite.title,
      daemons,
      scenarios: [exchange, counter],
      suite,
      programs: mutants,
      decoders: { tcp: decoder },
      disclosed,
    }),
  ],
});
