/**
 * Where rows and lanes are: arithmetic that drawing and pointing share.
 */
import { TRACKS } from '../bands.ts';
import type { Side } from './side.ts';

export const ROW = 20;
/** Of the names of the lanes, and of the columns of the table. */
export const HEAD = 40;
const TRACK = 6;
/** Left of the lanes, for bands. */
export const MARGIN: number = TRACKS * TRACK + 8;
const LANE_LEAST = 22;
const LANE_MOST = 150;

export interface Lattice {
  /** Row at the upper edge, with what of it is gone. */
  readonly top: number;
  readonly laneWidth: number;
  /** Pixels by which the lanes are moved to the left. */
  readonly shift: number;
}

export const yOf = ({ top }: Lattice, row: number): number => HEAD + (row - top + 0.5) * ROW;
export const xOf = ({ laneWidth, shift }: Lattice, lane: number): number => MARGIN + (lane + 0.5) * laneWidth - shift;
export const trackAt = (track: number): number => 3 + track * TRACK;
export const rowAt = (top: number, y: number): number => Math.floor((y - HEAD) / ROW + top);

/** Of a lane, where all of them have so many pixels. */
export function laneWidthIn(side: Side, width: number): number {
  const count = Math.max(1, side.lanesShown.length);
  return Math.max(LANE_LEAST, Math.min(LANE_MOST, (width - MARGIN) / count));
}

/** What a diagram would like to have, of what there is. */
export function diagramWidth(side: Side, room: number): number {
  const count = Math.max(1, side.lanes.lanes.length);
  const wish = MARGIN + count * Math.max(LANE_LEAST, Math.min(LANE_MOST, (0.36 * room - MARGIN) / count));
  return Math.round(Math.min(0.42 * room, wish));
}
