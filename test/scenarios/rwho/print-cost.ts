/** Prints what a status costs, as the table of scenarios/rwho/README.md: `node --import tsx test/scenarios/rwho/print-cost.ts [hosts…]`. */
import { costOf, rowOf, SCHEMES } from './cost.ts';

const sizes = process.argv.slice(2).map(Number);
for (const hosts of sizes.length > 0 ? sizes : [10, 50, 200])
  for (const scheme of SCHEMES) process.stdout.write(`${rowOf(hosts, scheme, costOf(scheme, hosts))}\n`);
