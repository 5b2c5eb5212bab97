/** Every scenario of ikc comes out as it says. */
import { testSweeps } from '../sweeps.ts';

testSweeps('ikc');
