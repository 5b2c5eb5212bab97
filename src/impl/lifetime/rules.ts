/** All that child and parent decide where the published sources decide otherwise (as-written.ts), corrected. */
import { type ChildRules, CORRECTED_CHILD } from './child.ts';
import { CORRECTED_PARENT, type ParentRules } from './parent.ts';

export interface Rules extends ChildRules, ParentRules {}

export const CORRECTED: Rules = { ...CORRECTED_CHILD, ...CORRECTED_PARENT };
