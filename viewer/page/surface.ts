/**
 * A canvas as large as its place in the page, in the pixels of the screen. Never larger: what is not visible is not drawn.
 */
export interface Surface {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/** Ready to be drawn anew: cleared, and scaled so that a unit is a CSS pixel. */
export function surfaceOf(canvas: HTMLCanvasElement): Surface | undefined {
  const context = canvas.getContext('2d');
  if (context === null) return undefined;
  const { clientWidth: width, clientHeight: height } = canvas;
  const scale = devicePixelRatio || 1;
  const [wide, high] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  return { canvas, context, width, height };
}

/** As much of a text as fits. Widths are measured once for each text. */
export function fitted(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (widthOf(context, text) <= width) return text;
  const room = Math.max(0, Math.floor((text.length * width) / widthOf(context, text)) - 1);
  return room < 1 ? '' : `${text.slice(0, room)}…`;
}

export function widthOf(context: CanvasRenderingContext2D, text: string): number {
  const key = `${context.font}\n${text}`;
  const known = WIDTHS.get(key);
  if (known !== undefined) return known;
  if (WIDTHS.size > WIDTHS_KEPT) WIDTHS.clear();
  const { width } = context.measureText(text);
  WIDTHS.set(key, width);
  return width;
}

const WIDTHS = new Map<string, number>();
const WIDTHS_KEPT = 8_192;
