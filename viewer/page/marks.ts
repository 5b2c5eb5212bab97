/**
 * The mark of an event on its lane: a shape for each family of kinds, so that colour is not all there is.
 */

import { familyOf } from '../../src/trace/families.ts';
import { dataOf } from '../columns.ts';
import { isRead, isSend } from '../links.ts';
import type { Colours } from './colours.ts';
import type { Side } from './side.ts';

export function drawMark(
  context: CanvasRenderingContext2D,
  colours: Colours,
  kind: string,
  { columns }: Side,
  place: number,
  x: number,
  y: number,
): void {
  const family = familyOf(kind);
  context.fillStyle = colours[family];
  context.strokeStyle = colours[family];
  context.lineWidth = 1.4;
  context.beginPath();
  switch (family) {
    case 'message':
      context.arc(x, y, 3, 0, 2 * Math.PI);
      if (isSend(kind) || isRead(kind)) context.fill();
      else hollow(context, colours);
      return;
    case 'timer':
      for (const [across, down] of DIAMOND) context.lineTo(x + across, y + down);
      context.closePath();
      if (kind === 'fire') context.fill();
      else hollow(context, colours);
      return;
    case 'life':
      if (kind === 'bug' || kind === 'exit' || kind === 'signal') {
        if (kind !== 'exit') context.strokeStyle = colours.wrong;
        context.moveTo(x - 4, y - 4);
        context.lineTo(x + 4, y + 4);
        context.moveTo(x - 4, y + 4);
        context.lineTo(x + 4, y - 4);
        context.lineWidth = 2;
        context.stroke();
      } else context.fillRect(x - 3.5, y - 3.5, 7, 7);
      return;
    case 'note': {
      const severity = kind === 'log' ? dataOf(columns, place)?.['severity'] : '';
      context.fillStyle = severity === 'error' ? colours.wrong : severity === 'warning' ? colours.timer : colours.note;
      context.fillRect(x - 3, y - 2, 6, 4);
      return;
    }
    case 'storage':
      for (const [across, down] of TRIANGLE) context.lineTo(x + across, y + down);
      context.closePath();
      context.fill();
      return;
    default:
      context.fillRect(x - 1.5, y - 1.5, 3, 3);
  }
}

function hollow(context: CanvasRenderingContext2D, { ground }: Colours): void {
  context.fillStyle = ground;
  context.fill();
  context.stroke();
}

const DIAMOND = [
  [0, -4],
  [4, 0],
  [0, 4],
  [-4, 0],
] as const;
const TRIANGLE = [
  [0, -3.5],
  [3.5, 3],
  [-3.5, 3],
] as const;
