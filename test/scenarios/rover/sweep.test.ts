/** Every scenario of rover comes out as it says. */
import { testSweeps } from '../sweeps.ts';

testSweeps('rover');
