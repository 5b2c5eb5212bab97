/**
 * The pages of traces/: all recorded runs in a table, and for each protocol a page with a picture and the story of each failure. Made of the
 * traces alone, so that a test can hold the pages against them.
 * Lacks: files (write-gallery.ts writes them, gallery.test.ts compares them).
 */
import type { Protocol } from '../../protocols/protocol.ts';
import { checkPlan } from '../../src/check/plan-shape.ts';
import type { Recording } from '../../src/check/recording.ts';
import { SEED_LIMIT } from '../../src/check/run.ts';
import type { Scenario } from '../../src/check/scenario.ts';
import { failureOf } from '../../src/check/shrink/offer.ts';
import { neededOf } from '../../src/check/story/needed.ts';
import { isDecided, storyOf } from '../../src/check/story/story.ts';
import type { Trap } from '../../src/impl/command-line/traps.ts';
import type { TraceEvent, TraceFooter } from '../../src/trace/event.ts';
import { svgOf } from '../../src/trace/export/svg.ts';
import { labelsOf, readingsOf } from '../../src/trace/labels.ts';
import type { ReadTrace } from '../../src/trace/read.ts';
import { drawnOf } from '../../src/trace/sequence.ts';
import { sliceOf } from '../../src/trace/slice.ts';

/** A recorded run with its file, as a path below traces/. */
export interface Kept {
  readonly file: string;
  readonly trace: ReadTrace;
}

/** Events of a picture: as many as fit on a page. */
const PICTURED = 18;

/** Text by path below traces/, README.md among them. `kept`: all recorded runs. */
export function galleryOf(protocols: readonly Protocol[], kept: readonly Kept[]): ReadonlyMap<string, string> {
  const pages = new Map<string, string>();
  const rows: string[] = [];
  for (const protocol of protocols) {
    const own = (protocol.recordings ?? []).map(recording => shownOf(protocol, recording, kept));
    if (own.length === 0) continue;
    rows.push(...indexOf(protocol, own));
    pages.set(`${protocol.name}/README.md`, `${lined(pageOf(protocol, own))}\n`);
    for (const { slug, svg } of own.flatMap(pictureOf)) pages.set(`${protocol.name}/${slug}.svg`, svg);
  }
  pages.set('README.md', `${lined([...OPENING, ...rows])}\n`);
  return pages;
}

/** One empty line at most. */
const lined = (lines: readonly string[]): string =>
  lines
    .filter((line, at) => line !== '' || lines[at - 1] !== '')
    .join('\n')
    .trimEnd();

const OPENING = [
  '# Recorded runs',
  '',
  'Each file is one run of the simulator: what it was made from, every event, and how it was judged. The tests run all of them again and compare the',
  'new text with the file, byte for byte. A file is `<protocol>/<what it shows>@<seed>.jsonl`; `docs/trace-format.md` has the format, and',
  '`docs/traces.md` what can be done with one. The page of a protocol shows each bug as a picture, and tells it.',
  '',
  '```sh',
  './slipway replay traces/lifetime/*.jsonl',
  './slipway show traces/lifetime/partial-frame-4096@*.jsonl',
  './slipway diff traces/lifetime/healthy@*.jsonl traces/lifetime/orphaned@*.jsonl   # exits 1',
  '```',
  '',
  'Replaying says `reproduced` for each of them; showing prints the events that a failure followed from; a difference of two traces is the first event',
  'in which they part in what they mean.',
  '',
  'The runs are made, all of them, by `npm run record`, from the tables in `scenarios/*/recordings.ts`: a run that passes is the shortest of the first 200',
  'seeds that shows what it has to, a failure is the first one found, shrunk. These pages are made of the runs by `npm run gallery`, and of what is to be looked at,',
  '`scenarios/*/looks.ts`.',
  '',
];

interface Shown {
  readonly recording: Recording;
  readonly file: string;
  readonly scenario: Scenario;
  readonly trap: Trap<string> | undefined;
  readonly trace: ReadTrace;
  readonly footer: TraceFooter;
  readonly protocol: Protocol;
}

function shownOf(protocol: Protocol, recording: Recording, kept: readonly Kept[]): Shown {
  const { slug, scenario: name } = recording;
  const found = kept.find(({ file }) => file.startsWith(`${protocol.name}/${slug}@`));
  const scenario = protocol.scenarios.find(each => each.name === name);
  const footer = found?.trace.footer;
  if (found === undefined || footer === undefined || scenario === undefined) throw new Error(`${protocol.name}/${slug} is not recorded`);
  const written = scenario.expected['as-written'];
  const quirk =
    recording.violates === undefined ? undefined : written === undefined || written === 'holds' ? slug : (written.quirk ?? slug);
  const trap = protocol.traps.find(each => each.quirk === quirk);
  return { recording, file: found.file, scenario, trap, trace: found.trace, footer, protocol };
}

const isFailure = ({ footer }: Shown): boolean => footer.outcome === 'fail';

// ── the table of all ────────────────────────────────────────────────────────────────────────────────────────────────

function indexOf({ name, title, stage = '' }: Protocol, shown: readonly Shown[]): readonly string[] {
  return [
    `## ${markdown(title)}`,
    '',
    stage,
    '',
    `[${name}/](${name}/README.md) shows the failures among them.`,
    '',
    `| ${name}/ | scenario | outcome | what to look at |`,
    '|---|---|---|---|',
    ...shown.map(
      ({ recording: { slug, look }, trap, scenario, footer }) =>
        `| ${slug} | ${scenario.name.slice(name.length + 1)} | ${footer.outcome === 'fail' ? `fails \`${footer.check}\`` : footer.outcome} | ${look ?? (trap === undefined ? markdown(scenario.title) : `${trap.id}: ${markdown(trap.text)}`)} |`,
    ),
    '',
  ];
}

// ── the page of a protocol ──────────────────────────────────────────────────────────────────────────────────────────

function pageOf({ title, stage = '' }: Protocol, shown: readonly Shown[]): readonly string[] {
  const failures = shown.filter(isFailure);
  return [
    `# Recorded failures: ${markdown(title)}`,
    '',
    stage,
    '',
    `Each was made as small as it gets. \`./slipway show\` prints what a picture leaves out, \`./slipway replay\` runs it again, and \`./slipway diff FILE --nearest\` looks`,
    'for the run nearest to it that passes. [All recorded runs](../README.md).',
    '',
    ...failures.flatMap(entryOf),
  ];
}

function entryOf(shown: Shown): readonly string[] {
  const { recording, file, scenario, trap, footer } = shown;
  const { slug, look } = recording;
  const as = trap === undefined ? [] : [`**${trap.id}** as written: ${markdown(trap.text)}. Instead: ${markdown(trap.instead)}.`, ''];
  return [
    `## ${slug}`,
    '',
    ...as,
    // The trap is told above.
    ...(look === undefined ? [] : [`${look.replace(`${trap?.id}: `, '')}.`, '']),
    `![${scenario.name}: ${markdown(scenario.title)}](${slug}.svg)`,
    '',
    `Fails \`${footer.check}\`: ${markdown(toldOf(shown))}`,
    '',
    `\`./slipway replay traces/${file}\`${trap === undefined ? '' : `, \`./slipway explain ${trap.id}\``}`,
    '',
  ];
}

/** What should have been, why it is not, and who did what before. */
function toldOf({ scenario, trace, footer, protocol }: Shown): string {
  const { events, header } = trace;
  const checked = checkPlan(scenario, header?.plan);
  const seed = Number(header?.seed);
  if (!checked.ok || !(seed >= 0 && seed <= SEED_LIMIT)) throw new Error(`${scenario.name}: ${checked.ok ? 'seed' : checked.why}`);
  const { check: property, at, why } = footer;
  const failing = failureOf(scenario, checked.plan, seed, property);
  if (failing === undefined) throw new Error(`${scenario.name}: ${property} holds`);
  const needed = neededOf(scenario, checked.plan, seed, failing.signature);
  const violation = { property, at, why };
  const { sentence, told } = storyOf(
    scenario,
    { plan: checked.plan, events, whole: false, violation, needed },
    { decoders: protocol.decoders },
  );
  return [sentence, `Here: ${why}.`, ...told].join(' ');
}

function pictureOf(shown: Shown): readonly { readonly slug: string; readonly svg: string }[] {
  if (!isFailure(shown)) return [];
  const { recording, trace, scenario, footer, protocol } = shown;
  const { events } = trace;
  const { check: property, at, why } = footer;
  const past = events.slice(0, at + 1);
  const decided = isDecided(scenario, { events, whole: false, violation: { property, at, why } });
  const labels = new Map([...labelsOf(past, protocol.decoders), ...decisionOf(past, decided ? past.at(-1) : undefined, protocol)]);
  const slice = new Set(sliceOf(past, decided, ({ index }) => labels.has(index), PICTURED).map(({ index }) => index));
  return [{ slug: recording.slug, svg: svgOf(drawnOf(events, labels, slice), `${scenario.name}: ${scenario.title}`) }];
}

/** Reading is not drawn, unless it decides. */
function decisionOf(past: readonly TraceEvent[], event: TraceEvent | undefined, { decoders }: Protocol): ReadonlyMap<number, string> {
  const text = event === undefined ? undefined : readingsOf(past, decoders).get(event.index);
  return new Map(event === undefined || text === undefined ? [] : [[event.index, text]]);
}

/** Nothing in it is Markdown or HTML. */
const markdown = (text: string): string =>
  text
    .replace(/[\\`*_[\]#|~]/g, each => `\\${each}`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/\s+/g, ' ');
