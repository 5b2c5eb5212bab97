/** Every property of the scenarios of rwho catches a daemon that is broken on purpose. */
import { testCaught } from '../caught.ts';
import { mutants } from './mutants.ts';

testCaught('rwho', mutants);
