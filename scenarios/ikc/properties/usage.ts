/**
 * What is promised of command lines.
 */
import type { AlwaysProperty } from '../../../src/check/property.ts';
import { refusesUsage as refusing } from '../../usage-property.ts';
import { wrongFor } from '../model/usage.ts';

/** Of a long value. */
const SHOWN = 150;

/** The name of a kernel, or a step, is named by its value. */
const isNamed = (problem: string, word: string): boolean => {
  const value = word.slice(word.indexOf('=') + 1);
  return problem.includes(word.split('=')[0] ?? '') || problem.includes(`'${value.length > SHOWN ? value.slice(0, SHOWN) : `${value}'`}`);
};

export const refusesUsage: AlwaysProperty = refusing({ wrongFor, isNamed });
