/** What becomes of a compiled script before it is packed. */
import { expect, test } from 'vitest';
import { slim } from '../../tools/slim.js';

test.each([
  ['a comment on lines of its own', 'a();\n/** one\n * two */\n    // three\nb();\n', 'a();\nb();\n'],
  ['a comment behind code', 'a(); // one\nb(); /* two\n three */\n', 'a();\nb();\n'],
  ['a comment at the beginning, and at the end', '/** one */\na();\n// two', '\na();'],
  ['indentation', 'if (a) {\n    if (b)\n        c();\n}\n', 'if (a) {\nif (b)\nc();\n}\n'],
  ['a comment that is indented', '{\n    // one\n    a();\n}\n', '{\na();\n}\n'],
  ['an empty line', 'a();\n\n    // one\n\n    b();\n', 'a();\n\n\nb();\n'],
])('%s', (_, text, expected) => {
  expect(slim(text)).toBe(expected);
});

test.each([
  ['the first line of a command', '#!/usr/bin/env node\na();\n'],
  ['a comment between two tokens', 'a(/* one */ b, 1 /* two */ + 2);\n'],
  ['two comments on a line of code', '/* one */ a(); /* two */ b();\n'],
  ['text', 'a(\'// one\', "/* two */");\n'],
  ['a pattern', 'const a = /[/*]\\/\\/ one/;\nconst b = c / 2 / /\\*/.source.length;\n'],
  ['a template', `const a = \`one\n    // two \${b(\`\n        /* three */\n\`)} four\n    five\`;\n`],
  ['a template with a tag', 'a `\n    one // two\n`;\n'],
])('leaves %s', (_, text) => {
  expect(slim(text)).toBe(text);
});
