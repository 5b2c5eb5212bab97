/**
 * One connection through the proxy: the stream of who called (near), that to the target (far), and a flow for each direction. Ends
 * and resets of one side reach the other; a reset does so at once, and what is on its way is lost with it.
 */
import type { Host, Stream, StreamHandler, Timer } from '../../host/host.ts';
import type { HostError } from '../../host/result.ts';
import { type Duration, seconds } from '../../host/time.ts';
import { DIRECTIONS, type Direction, type Draw, type Fault } from './fault.ts';
import { type Breaking, Flow, isBreaking } from './flow.ts';

/** Who has been told of the end, and has bytes to say all the same, says them to nobody for so long. */
const LINGER: Duration = seconds(1);
/** Of two sides that have both ended, and must not hear of each other: their processes are gone by then, or have given up. */
const FORGOTTEN: Duration = seconds(60);

export interface Watcher {
  fault(direction: Direction, fault: Fault, bytes: number): void;
  /** One side has ended its direction. */
  ended(direction: Direction, bytes: number): void;
  /** The connection is over. `how`: what ended it. */
  closed(how: string, bytes: Readonly<Record<Direction, number>>): void;
}

/** Whoever sends in a direction. */
const SOURCE = { up: 'near', down: 'far' } as const;
const OTHER = { near: 'far', far: 'near' } as const;
type Side = keyof typeof OTHER;

export class Connection {
  readonly #host: Host;
  readonly #watcher: Watcher;
  readonly #streams: Partial<Record<Side, Stream>> = {};
  readonly #flows: Readonly<Record<Direction, Flow>>;
  /** Sides that have said their end, and those of which nothing more comes. */
  readonly #ended: Set<Side> = new Set();
  readonly #finished: Set<Side> = new Set();
  #broken: Breaking | undefined;
  #linger: Timer | undefined;
  #over = false;

  constructor(
    host: Host,
    near: Stream,
    faults: Readonly<Record<Direction, readonly Fault[]>>,
    draws: Readonly<Record<Direction, Draw>>,
    watcher: Watcher,
  ) {
    this.#host = host;
    this.#watcher = watcher;
    this.#streams.near = near;
    // Until there is somebody to give it to.
    near.pause();
    this.#flows = { up: this.#flow('up', faults.up, draws.up), down: this.#flow('down', faults.down, draws.down) };
  }

  get over(): boolean {
    return this.#over;
  }

  handler(side: Side): StreamHandler {
    const direction = side === 'near' ? 'up' : 'down';
    return {
      data: bytes => this.#flows[direction].take(bytes),
      end: () => this.#sideEnded(side, direction),
      drain: () => this.#flows[opposite(direction)].drained(),
      close: error => this.#sideClosed(side, error),
    };
  }

  /** The target has answered. */
  connected(far: Stream): StreamHandler {
    this.#streams.far = far;
    if (this.#over) far.close();
    else {
      this.#streams.near?.resume();
      for (const direction of DIRECTIONS) this.#flows[direction].begin();
    }
    return this.handler('far');
  }

  /** Nobody is there: who called is told as well as it can be. */
  unreachable(): void {
    if (!this.#over) this.#close('unreachable', stream => stream.reset());
  }

  #flow(direction: Direction, faults: readonly Fault[], draw: Draw): Flow {
    const source = SOURCE[direction];
    const sink = OTHER[source];
    return new Flow(
      {
        clock: this.#host.clock,
        draw,
        pending: () => this.#streams[sink]?.pending ?? 0,
        write: bytes => void this.#streams[sink]?.write(bytes),
        end: () => this.#tell(sink),
        pressure: wait => {
          if (wait) this.#streams[source]?.pause();
          else this.#streams[source]?.resume();
        },
        began: fault => this.#began(direction, fault),
      },
      faults,
    );
  }

  #began(direction: Direction, fault: Fault): void {
    if (this.#over) return;
    this.#watcher.fault(direction, fault, this.#flows[direction].passed);
    if (fault.kind === 'truncate') this.#tell(OTHER[SOURCE[direction]]);
    else if (isBreaking(fault.kind)) this.#break(fault.kind);
  }

  #break(how: Exclude<Breaking, 'truncate'>): void {
    this.#broken ??= how;
    for (const direction of DIRECTIONS) this.#flows[direction].stop();
    if (how === 'reset') this.#close(how, stream => stream.reset());
    else if (how === 'cut') {
      this.#linger = this.#host.clock.setTimer(LINGER, () => this.#close(how, stream => stream.close()));
      for (const side of ['near', 'far'] as const) this.#tell(side);
    } else this.#forget();
  }

  /** Of a connection that is half open: once both sides have ended there will be nobody left. */
  #forget(): void {
    if (this.#ended.size === 2)
      this.#linger ??= this.#host.clock.setTimer(FORGOTTEN, () => this.#close('half-open', stream => stream.close()));
  }

  /** The side reads the end of what it was sent. */
  #tell(side: Side): void {
    if (this.#over || this.#finished.has(side)) return;
    this.#streams[side]?.end();
  }

  #sideEnded(side: Side, direction: Direction): void {
    this.#ended.add(side);
    this.#watcher.ended(direction, this.#flows[direction].passed);
    if (this.#broken === 'half-open') this.#forget();
    else this.#flows[direction].finish();
  }

  #sideClosed(side: Side, error: HostError | undefined): void {
    if (this.#over) return;
    this.#finished.add(side);
    if (this.#broken === 'half-open') {
      this.#ended.add(side);
      this.#forget();
    } else if (error !== undefined) this.#close(`${side} ${error.code}`, stream => stream.reset());
    else if (this.#finished.size === 2) this.#close(this.#broken ?? 'end', stream => stream.close());
  }

  #close(how: string, release: (stream: Stream) => void): void {
    if (this.#over) return;
    this.#over = true;
    this.#linger?.cancel();
    const bytes = { up: this.#flows.up.passed, down: this.#flows.down.passed };
    for (const direction of DIRECTIONS) this.#flows[direction].stop();
    for (const side of ['near', 'far'] as const) {
      const stream = this.#streams[side];
      if (stream !== undefined && !this.#finished.has(side)) release(stream);
    }
    this.#watcher.closed(how, bytes);
  }
}

const opposite = (direction: Direction): Direction => (direction === 'up' ? 'down' : 'up');
