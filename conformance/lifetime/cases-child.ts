/**
 * Cases for a child: the tester is its parent and holds both pipes. Each looks at one thing and tolerates the rest, so a
 * fault shows where it is. Comments in the source of the protocol and its behaviour differ; requirements.ts says where.
 */
import type { Case } from '../case.ts';
import { LIFE_CASES } from './child/life.ts';
import { PIPE_CASES } from './child/pipes.ts';

export const CHILD_CASES: readonly Case[] = [...LIFE_CASES, ...PIPE_CASES];
