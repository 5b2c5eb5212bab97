/** What `slipway` finds in this folder. */
import { defineConfig, defineProtocol } from 'slipway';
import { textLines } from 'slipway/conformance';
import { daemons, exchange } from './src/scenario.ts';
import { programs, suite } from './src/suite.ts';

export const protocol = defineProtocol({
  name: 'my-protocol',
  title: 'Numbers added up, line by line',
  daemons,
  scenarios: [exchange],
  suite,
  programs,
  /** How traces and captures of it are read. */
  decoders: { tcp: textLines() },
});

export default defineConfig({ protocols: [protocol] });
