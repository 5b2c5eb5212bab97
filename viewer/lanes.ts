/**
 * Who has which lane of a diagram. A machine's lanes stand together; a process that starts after another one of the same program has ended takes
 * its lane, so that a daemon that is restarted a hundred times has one.
 */
import { type Columns, dataOf, kindOf, NONE } from './columns.ts';
import { Spans } from './spans.ts';

export interface Lane {
  readonly machine: string;
  readonly program: string;
}

export interface Lanes {
  readonly lanes: readonly Lane[];
  /** By the number of a process; NONE for the world, which has none. */
  readonly laneOf: Int32Array;
  /** Of whom the trace has nothing but what it sent and was sent, in a case against a real implementation; NONE where there is none. */
  readonly outside: number;
  /** Of each process, the earliest first. */
  readonly lives: readonly Life[];
  readonly states: readonly string[];
  /** By the number of a process: for how long it was in a state that it noted; `kind` is the number of the state. */
  readonly stays: ReadonlyMap<number, Spans>;
}

export interface Life {
  readonly process: number;
  readonly lane: number;
  readonly from: number;
  readonly to: number;
  /** It ended within the trace: by itself, by a signal, or with its machine. */
  readonly ended: boolean;
}

/** A lane, as people call it. */
export const laneName = ({ machine, program }: Lane): string => (machine === '' ? program : `${machine}/${program}`);

export function lanesOf(columns: Columns): Lanes {
  const { processes } = columns;
  const lives = livesOf(columns);
  const groups = new Map<string, Map<string, Slot[]>>();
  for (const [at, { process, from, to }] of lives.entries()) {
    const { machine, program } = partsOf(processes[process] ?? '');
    const programs = groups.get(machine) ?? new Map<string, Slot[]>();
    groups.set(machine, programs);
    const slots = programs.get(program) ?? [];
    programs.set(program, slots);
    let slot = slots.find(({ busyUntil }) => busyUntil < from);
    if (slot === undefined) {
      slot = { busyUntil: to, lives: [] };
      slots.push(slot);
    }
    slot.busyUntil = to;
    slot.lives.push(at);
  }
  const lanes: Lane[] = [];
  const laneOf = new Int32Array(processes.length).fill(NONE);
  for (const [machine, programs] of groups)
    for (const [program, slots] of programs)
      for (const { lives: own } of slots) {
        for (const at of own) laneOf[lives[at]?.process ?? 0] = lanes.length;
        lanes.push({ machine, program });
      }
  const outside =
    columns.head.header.kind === 'conformance' && lanes.length === 1 ? lanes.push({ machine: '', program: 'implementation' }) - 1 : NONE;
  return {
    lanes,
    laneOf,
    outside,
    lives: lives.map(life => ({ ...life, lane: laneOf[life.process] ?? NONE })),
    ...staysOf(columns, lives),
  };
}

interface Slot {
  busyUntil: number;
  /** Of the processes that have it one after the other. */
  readonly lives: number[];
}

/** `machine/program.pid`, of which a foreign trace may lack any part. */
export function partsOf(process: string): Lane & { readonly pid: string } {
  const [, machine = '', program = '', pid = ''] = /^(?:(.*)\/)?(.*?)(?:\.(\d+))?$/s.exec(process) ?? [];
  return { machine, program, pid };
}

function livesOf(columns: Columns): readonly Omit<Life, 'lane'>[] {
  const { count, process, processes } = columns;
  const first = new Int32Array(processes.length).fill(NONE);
  const last = new Int32Array(processes.length).fill(NONE);
  const ended = new Uint8Array(processes.length);
  const ofMachine = new Map<string, number[]>();
  for (let place = 0; place < count; place++) {
    const own = process[place] ?? 0;
    const kind = kindOf(columns, place);
    if (processes[own] === '') {
      const data = kind === 'power' ? dataOf(columns, place) : undefined;
      if (data?.['state'] !== 'off') continue;
      for (const each of ofMachine.get(String(data['machine'])) ?? [])
        if (ended[each] === 0) {
          ended[each] = 1;
          last[each] = place;
        }
      continue;
    }
    if (first[own] === NONE) {
      first[own] = place;
      const { machine } = partsOf(processes[own] ?? '');
      const others = ofMachine.get(machine);
      if (others === undefined) ofMachine.set(machine, [own]);
      else others.push(own);
    }
    last[own] = place;
    ended[own] = kind === 'exit' ? 1 : 0;
  }
  return processes
    .map((_, own) => {
      const isEnded = ended[own] === 1;
      return { process: own, from: first[own] ?? NONE, to: isEnded ? (last[own] ?? 0) : count - 1, ended: isEnded };
    })
    .filter(({ from }) => from >= 0)
    .sort((one, other) => one.from - other.from);
}

/** A note with a text `to` beside `from` is a change of state. */
function staysOf(columns: Columns, lives: readonly Omit<Life, 'lane'>[]): Pick<Lanes, 'states' | 'stays'> {
  const states: string[] = [];
  const stays = new Map<number, Spans>();
  const now = new Map<number, { readonly state: number; readonly from: number }>();
  const close = (own: number, to: number): void => {
    const open = now.get(own);
    if (open === undefined) return;
    const spans = stays.get(own) ?? new Spans();
    stays.set(own, spans);
    spans.add(open.from, to, open.state);
  };
  const changes = new Map<number, string | undefined>();
  for (let place = 0; place < columns.count; place++) {
    if (kindOf(columns, place) !== 'log') continue;
    const number = columns.data[place] ?? 0;
    if (!changes.has(number)) changes.set(number, stateIn(dataOf(columns, place)));
    const state = changes.get(number);
    if (state === undefined) continue;
    const own = columns.process[place] ?? 0;
    close(own, place);
    if (!states.includes(state) && states.length < STATES_KEPT) states.push(state);
    now.set(own, { state: Math.max(0, states.indexOf(state)), from: place });
  }
  for (const { process, to } of lives) close(process, to);
  for (const spans of stays.values()) spans.sorted();
  return { states, stays };
}

const stateIn = (data: ReturnType<typeof dataOf>): string | undefined => {
  const { from, to } = data ?? {};
  return typeof from === 'string' && typeof to === 'string' ? to : undefined;
};

/** Different ones that are told apart; more would have no colours. */
const STATES_KEPT = 255;
