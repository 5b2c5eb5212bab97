/** Every scenario of lonc comes out as it says. */
import { testSweeps } from '../sweeps.ts';

testSweeps('lonc');
