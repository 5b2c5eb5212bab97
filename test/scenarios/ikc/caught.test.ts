/** Every property of the scenarios of ikc catches a daemon that is broken on purpose. */
import { testCaught } from '../caught.ts';
import { mutants } from './mutants.ts';

testCaught('ikc', mutants);
