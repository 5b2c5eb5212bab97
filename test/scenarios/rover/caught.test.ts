/** Every property of the scenarios of rover catches a daemon that is broken on purpose. */
import { testCaught } from '../caught.ts';
import { mutants } from './mutants.ts';

testCaught('rover', mutants);
