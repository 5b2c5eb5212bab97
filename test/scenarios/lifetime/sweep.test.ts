/** Every scenario of lifetime comes out as it says. */
import { testSweeps } from '../sweeps.ts';

testSweeps('lifetime');
