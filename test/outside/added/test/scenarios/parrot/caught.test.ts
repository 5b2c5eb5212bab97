/** Every property of the scenarios of parrot catches a daemon that is broken on purpose. */
import { testCaught } from '../caught.ts';
import { mutants } from './mutants.ts';

testCaught('parrot', mutants);
