/** Every scenario of rwho comes out as it says. */
import { testSweeps } from '../sweeps.ts';

testSweeps('rwho');
