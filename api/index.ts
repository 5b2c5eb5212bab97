/**
 * `slipway`: what a protocol of one's own is made of: its value, scenarios, properties, faults and plans.
 * Lacks: code. Whatever stands here is kept from one version to the next.
 */
export { type Config, defineConfig, defineProtocol } from '../protocols/define.ts';
export type { CommandOption, CommandOutput, Protocol, ProtocolCommand, ProtocolDefinition } from '../protocols/protocol.ts';
export { type Faults, type ScenarioDefinition, scenario as defineScenario, type Variant } from '../src/check/define.ts';
export { choice, type Field, flag, integer, list, text } from '../src/check/fields.ts';
export * from '../src/check/models/index.ts';
export type {
  AlwaysMonitor,
  AlwaysProperty,
  Bound,
  EventuallyMonitor,
  EventuallyProperty,
  Property,
  ResponseMonitor,
  ResponseProperty,
  SometimesMonitor,
  SometimesProperty,
} from '../src/check/property.ts';
export { always, eventually, responds, sometimes } from '../src/check/property.ts';
export type { CommonPlan, Scenario } from '../src/check/scenario.ts';
export { fromUtf8, hex, printable, unhex, utf8 } from '../src/host/bytes.ts';
export type { Daemon, Host, Programs, Timer } from '../src/host/host.ts';
export { type LogForm, type Logged, type LogReader, type Logs, logs } from '../src/host/logs.ts';
export { type Duration, durationOf, formatTime, type Instant, micros, millis, type Span, seconds } from '../src/host/time.ts';
export { FAULT_KINDS, type Fault, type FaultKind } from '../src/sim/fault.ts';
export type { Machine, MachineOptions } from '../src/sim/machine.ts';
export type { World } from '../src/sim/world.ts';
export type { EventKind, TraceEvent } from '../src/trace/event.ts';
export type { Decoder, Decoders } from '../src/trace/message.ts';
