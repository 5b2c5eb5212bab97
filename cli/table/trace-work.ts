/**
 * The commands with which traces and captures are read, counted, converted and kept.
 */
import { FAMILIES } from '../../src/trace/families.ts';
import { FILTER_WORDS } from '../../src/trace/filter.ts';
import { type CommandRow, JSON_OPTION } from './row.ts';

const group = 'Work with traces and captures:';

const show: CommandRow = {
  name: 'show',
  group,
  description: 'print the events of a trace and the messages in them; of a failure those that it followed from',
  args: { '<file>': 'a trace or a capture' },
  options: {
    '--all': 'all events of a failure, not only those that it followed from',
    '--process <name>': 'of processes that have this in their name',
    '--kind <kinds>': `of these kinds, or families of kinds (${FAMILIES.filter(each => each !== 'other').join(', ')}), with commas between them`,
    '--around <n>': 'this event, and those shortly before and after it',
    '--last <n>': 'the last of what is asked for',
    '--past-cone [n]': 'all that this event may have followed from (default: the one that decided)',
    '--future-cone [n]': 'all that may have followed from this event',
    '--from <n>': 'the first event',
    '--count <n>': 'so many events',
    '--json': 'what is known of the trace, without its events',
  },
  help: 'What is asked for is combined: an event is printed that is in all of it.',
  examples: ['show failure.jsonl', 'show failure.jsonl --past-cone --kind message', 'show failure.jsonl --process child --last 20'],
  run: async ({ modules, screen }, file, flags) => (await import('../commands/show.ts')).show(file, flags, modules, screen),
};

const grep: CommandRow = {
  name: 'grep',
  group,
  description: 'print the events of a trace in which something is; ends with 3 where it is in none',
  args: {
    '<file>': 'a trace or a capture',
    '<expression...>': 'words that all have to hold',
  },
  options: JSON_OPTION,
  takesAnyOption: true,
  help: `An expression:\n${FILTER_WORDS.map(([word, meaning]) => `  ${word.padEnd(20)} ${meaning}`).join('\n')}`,
  examples: [
    'grep failure.jsonl type:line -kind:recv',
    'grep failure.jsonl process:child event=running',
    'grep site.pcapng -kind:timer t>1.5',
  ],
  run: async ({ modules, screen }, file, words) => (await import('../commands/grep.ts')).grep(file, words, modules, screen),
};

const stats: CommandRow = {
  name: 'stats',
  group,
  description: 'count what is in a trace: events, messages and bytes, by whom, and how long they were on their way',
  args: { '<file>': 'a trace or a capture' },
  options: JSON_OPTION,
  examples: ['stats failure.jsonl', 'stats site.pcapng --json'],
  run: async ({ modules, screen }, file) => (await import('../commands/stats.ts')).stats(file, modules, screen),
};

const importRow: CommandRow = {
  name: 'import',
  group,
  description: 'say what is in a capture (pcap, pcapng, strace -f -ttt -xx), stream by stream, and make a trace of it',
  args: { '<file>': 'a capture; .gz is unpacked' },
  options: {
    '--protocol <name>': 'what all of it speaks (default: each stream what it is guessed to)',
    '-o, --out <file>': 'write the trace there; packed where the name ends in .gz',
    ...JSON_OPTION,
  },
  examples: ['import site.pcapng', 'import site.pcapng --protocol ikc --out site.jsonl.gz'],
  run: async (call, file, flags) => (await import('../commands/import.ts')).importCapture(file, flags, call),
};

const exportRow: CommandRow = {
  name: 'export',
  group,
  description: 'write a trace, or a capture, in the form of another tool',
  args: { '<file>': 'a trace or a capture' },
  options: {
    '--as <form>': {
      text: 'pcapng and lua for Wireshark (the capture, and what its messages are called); perfetto; a sequence as mermaid, svg or markdown',
      required: true,
    },
    '--process <name>': 'of this process alone',
    '-o, --out <file>': 'write it there (default: standard output)',
  },
  examples: [
    'export failure.jsonl --as pcapng --out failure.pcapng',
    'export failure.jsonl --as lua --out failure.lua',
    'export site.pcapng --as mermaid',
  ],
  run: async (call, file, flags) => (await import('../commands/export.ts')).exportTrace(file, flags, call),
};

const anonymise: CommandRow = {
  name: 'anonymise',
  group,
  description: 'replace in a trace, or a capture, all that its protocol does not say anybody may see; lengths stay',
  args: { '<file>': 'a trace or a capture' },
  options: { '-o, --out <file>': { text: 'where to write it', required: true }, ...JSON_OPTION },
  examples: ['anonymise site.pcapng --out mail.jsonl.gz', 'anonymise failure.jsonl --out mail.jsonl'],
  run: async ({ modules, screen }, file, flags) => (await import('../commands/anonymise.ts')).anonymise(file, flags, modules, screen),
};

const verify: CommandRow = {
  name: 'verify',
  group,
  description: 'say whether traces are as they were written, and where they are not',
  args: { '<file...>': 'traces; .gz is unpacked' },
  options: JSON_OPTION,
  examples: ['verify traces/lifetime/*.jsonl', 'verify failure.jsonl.gz --json'],
  run: async ({ screen }, files) => (await import('../commands/verify.ts')).verify(files, screen),
};

const upgrade: CommandRow = {
  name: 'upgrade',
  group,
  description: 'write a trace of an older version as this one does',
  args: { '<file>': 'a trace' },
  options: { '-o, --out <file>': { text: 'where to write it', required: true }, ...JSON_OPTION },
  examples: ['upgrade old.jsonl --out new.jsonl', 'upgrade old.jsonl.gz --out new.jsonl.gz --json'],
  run: async ({ screen }, file, flags) => (await import('../commands/upgrade.ts')).upgrade(file, flags, screen),
};

export const TRACE_WORK: readonly CommandRow[] = [show, grep, stats, importRow, exportRow, anonymise, verify, upgrade];
