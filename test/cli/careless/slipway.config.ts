/** A counter that does not sync the name of its file: only a power cut at the right moment shows it. */
import { always, type Daemon, defineConfig, defineProtocol, defineScenario, fromUtf8, utf8 } from 'slipway';

const counter: Daemon = ({ storage, log }) => {
  const found = storage.read('/d/count');
  const count = found.ok ? Number(fromUtf8(found.value)) : 0;
  log('info', 'begins', { count });
  if (count === 5) return;
  storage.write('/d/count', utf8(String(count + 1)));
  storage.sync('/d/count');
  log('info', 'kept', { count: count + 1 });
};

const neverBack = always('never-back', 'What was kept is there after a restart.', () => {
  let kept = 0;
  return {
    see: ({ data }) => {
      const count = Number(data?.['count'] ?? 0);
      if (data?.['event'] === 'kept') kept = Math.max(kept, count);
      return data?.['event'] === 'begins' && count < kept ? `${kept} was kept, and it begins with ${count}` : undefined;
    },
  };
});

const counting = defineScenario({
  name: 'careless/counting',
  title: 'A counter in a file.',
  programs: { counter },
  build: world => void world.machine('a', { directories: ['/d'] }).start('counter'),
  properties: [neverBack],
  faults: { kinds: { 'power-cut': 1 }, machines: ['a'] },
});

export default defineConfig({
  protocols: [defineProtocol({ name: 'careless', title: 'A counter', daemons: { counter }, scenarios: [counting] })],
});
