/** Our kernels of IKC, over TCP and over a Unix-domain socket, and the mutants of the suite ikc. */
import { CANDIDATES } from '../../../conformance/ikc/mutants/mutants.ts';
import { IKC } from '../../../conformance/ikc/suite.ts';
import { testKillMatrix } from '../kill-matrix.ts';

const overSocket = Object.entries(IKC.own).map(([role, own]) => ({
  ...own,
  name: `${role}/over a socket`,
  role,
  text: 'ours',
  fails: [],
  at: { transport: 'unix', path: 'kernel' } as const,
}));

await testKillMatrix(IKC, CANDIDATES, overSocket);
