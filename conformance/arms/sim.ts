/**
 * The simulated arm: tester and implementation are programs on one machine of a fresh world, and time is virtual.
 * Lacks: implementations that are not in the table of programs.
 */
import type { Programs } from '../../src/host/host.ts';
import { after, instantOf, ORIGIN, seconds } from '../../src/host/time.ts';
import type { Machine } from '../../src/sim/machine.ts';
import { World } from '../../src/sim/world.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import { caseWait } from '../judge/scale.ts';
import type { Kin } from '../play/forks.ts';
import type { Played } from '../play/tester.ts';
import { testerDaemon } from '../play/tester.ts';
import type { Arm, Play, Recorded } from './arm.ts';
import { BRINGING, elided } from './arm.ts';

const TESTER = 'tester';
const MACHINE = 'm';
/** What it is called: with a domain, because some protocols leave that out. */
const HOST_NAME = 'here.slipway.example';
const REPORT = '/report';
const DIRECTORY = '/case';
/** A case that makes more of them has gone wild. */
const EVENT_LIMIT = 400_000;
/** Beyond the deadline of the case: what is left to do after the verdict. */
const AFTERMATH = seconds(10);

export function simArm(programs: Programs): Arm {
  return { name: 'sim', play: play => playInWorld(programs, play) };
}

function playInWorld(
  programs: Programs,
  { case: testCase, wiring, implementation, patience, timeScale, seed, pressure = 'none' }: Play,
): Recorded {
  const events: TraceEvent[] = [];
  const seen = new Map<string, number>();
  let played: Played | undefined;
  const probe = wiring.probe === undefined ? undefined : { program: wiring.probe, args: [] };
  const means = { kin: kinOf(() => machine, TESTER), reaper: undefined };
  const parameters = { wiring, implementation, probe, report: REPORT, directory: DIRECTORY, patience, timeScale, means, pressure };
  const tester = testerDaemon(testCase, parameters, result => {
    played = result;
  });
  const world = new World({
    seed: `${seed}/${testCase.id}`,
    programs: { ...programs, [TESTER]: tester },
    sink: event => {
      const before = seen.get(event.channel) ?? 0;
      if (BRINGING.includes(event.kind)) seen.set(event.channel, before + (event.bytes?.length ?? 0));
      events.push(elided(event, before));
    },
  });
  const machine = world.machine(MACHINE);
  machine.status.hostName = HOST_NAME;
  machine.status.sessions = (testCase.people ?? []).map(each => ({ ...each, since: instantOf(seconds(each.since)), lastInput: undefined }));
  const pid = machine.start(TESTER);
  world.run(after(after(ORIGIN, caseWait(testCase, { timeScale, patience })), AFTERMATH), EVENT_LIMIT);
  const bugs = events.filter(event => event.kind === 'bug').map(event => `${event.process}: ${event.data?.['message']}`);
  return { played, events, tester: `${MACHINE}/${TESTER}.${pid}`, clock: 'virtual', millis: undefined, bugs };
}

/** There is nobody on the machine but the tester and what it has started. */
function kinOf(machine: () => Machine, tester: string): Kin {
  return {
    members: () =>
      machine()
        .processes.filter(({ program }) => program !== tester)
        .map(({ pid, parentPid }) => ({ pid, parent: parentPid })),
    runs: pid => machine().process(pid)?.ended === false,
  };
}
