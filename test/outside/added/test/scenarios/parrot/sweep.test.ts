/** Every scenario of parrot comes out as it says. */
import { testSweeps } from '../sweeps.ts';

testSweeps('parrot');
