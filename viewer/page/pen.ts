/**
 * Lines of a diagram: arrows, bars, what is written across all lanes.
 */
import { ARROW } from '../links.ts';
import type { Colours } from './colours.ts';
import { fitted, widthOf } from './surface.ts';

export type Point = readonly [x: number, y: number];

export class Pen {
  readonly #context: CanvasRenderingContext2D;
  readonly #colours: Colours;

  constructor(context: CanvasRenderingContext2D, colours: Colours) {
    this.#context = context;
    this.#colours = colours;
  }

  vertical(x: number, from: number, to: number, width: number): void {
    this.#context.lineWidth = width;
    this.#line([x, from], [x, to]);
  }

  horizontal(y: number, from: number, to: number): void {
    this.#line([from, y], [to, y]);
  }

  arrow([fromX, fromY]: Point, [toX, toY]: Point, kind: number, isDim: boolean): void {
    const context = this.#context;
    context.strokeStyle = kind === ARROW.other ? this.#colours.muted : this.#colours.message;
    context.fillStyle = context.strokeStyle;
    context.globalAlpha = isDim ? 0.18 : kind === ARROW.other ? 0.7 : 1;
    context.lineWidth = 1.2;
    if (kind !== ARROW.message) context.setLineDash(kind === ARROW.again ? [6, 3] : [2, 3]);
    context.beginPath();
    if (fromX === toX) {
      // To itself: out, and back.
      context.moveTo(fromX, fromY);
      context.bezierCurveTo(fromX + 26, fromY, fromX + 26, toY, toX + 3, toY);
    } else {
      context.moveTo(fromX, fromY);
      context.lineTo(toX, toY);
    }
    context.stroke();
    context.setLineDash([]);
    const angle = fromX === toX ? Math.PI : Math.atan2(toY - fromY, toX - fromX);
    context.beginPath();
    for (const [along, across] of HEAD_OF_ARROW)
      context.lineTo(toX + along * Math.cos(angle) - across * Math.sin(angle), toY + along * Math.sin(angle) + across * Math.cos(angle));
    context.closePath();
    context.fill();
    context.globalAlpha = 1;
  }

  /** What the world does: over all lanes, with its words. */
  across(y: number, left: number, right: number, text: string): void {
    const context = this.#context;
    context.strokeStyle = this.#colours.world;
    context.lineWidth = 1;
    context.setLineDash([4, 3]);
    this.horizontal(y, left, right);
    context.setLineDash([]);
    const shown = fitted(context, text, right - left - 12);
    context.fillStyle = this.#colours.ground;
    context.fillRect(left, y - 7, widthOf(context, shown) + 8, 14);
    context.fillStyle = this.#colours.world;
    context.fillText(shown, left + 4, y);
  }

  /** Nobody reads it: a datagram is lost, and a stream may have a reader that the trace does not have. */
  stub(x: number, y: number, end: number, isLost: boolean): void {
    const context = this.#context;
    context.strokeStyle = isLost ? this.#colours.wrong : this.#colours.message;
    context.lineWidth = 1.2;
    this.horizontal(y, x, end);
    context.beginPath();
    if (isLost) {
      context.moveTo(end - 3, y - 3);
      context.lineTo(end + 3, y + 3);
      context.moveTo(end - 3, y + 3);
      context.lineTo(end + 3, y - 3);
    } else {
      context.moveTo(end - 3, y - 3);
      context.lineTo(end, y);
      context.lineTo(end - 3, y + 3);
    }
    context.stroke();
  }

  #line([fromX, fromY]: Point, [toX, toY]: Point): void {
    this.#context.beginPath();
    this.#context.moveTo(fromX, fromY);
    this.#context.lineTo(toX, toY);
    this.#context.stroke();
  }
}

/** Its three corners, along the line and across it. */
const HEAD_OF_ARROW: readonly Point[] = [
  [-3, 0],
  [-10, -3.5],
  [-10, 3.5],
];
