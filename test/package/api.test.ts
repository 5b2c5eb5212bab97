/**
 * The public types in one file: whatever changes in them is seen in a diff before it is released. Each entry point is a namespace there,
 * and what several share stands once.
 *
 * API Extractor writes it. It is kept up by the people of Rush Stack, and of the tools that were looked at the only one that makes a
 * text for a review and follows types that have no export of their own, as those of steps are: they are as public as the others.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { expect, it } from 'vitest';
import { ROOT } from '../support/slipway.ts';
import { ENTRIES } from './entries.ts';

const FOLDER = `${ROOT}out/api`;
const REPORT = `${ROOT}api/slipway.api.md`;
const NOTHING = { default: { logLevel: ExtractorLogLevel.None } };

/** `slipway/host` is the namespace `host`, `slipway` itself `slipway`. */
const namespaceOf = (entry: string): string => entry.split('/').at(-1) ?? entry;

function report(): string {
  mkdirSync(FOLDER, { recursive: true });
  const main = `${FOLDER}/slipway.d.ts`;
  writeFileSync(
    main,
    ENTRIES.map(
      ({ name, types }) => `export * as ${namespaceOf(name)} from '${relative(FOLDER, types).replace(/\.d\.ts$/, '.js')}';\n`,
    ).join(''),
  );
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: ROOT,
      mainEntryPointFilePath: main,
      compiler: {
        overrideTsconfig: {
          compilerOptions: { target: 'es2023', lib: ['es2023'], module: 'nodenext', types: ['node'], strict: true, skipLibCheck: true },
          files: [main],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: 'slipway',
        reportFolder: FOLDER,
        reportTempFolder: `${FOLDER}/made`,
        includeForgottenExports: true,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: { compilerMessageReporting: NOTHING, extractorMessageReporting: NOTHING, tsdocMessageReporting: NOTHING },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: `${ROOT}package.json`,
  });
  Extractor.invoke(config, {
    localBuild: true,
    messageCallback: message => {
      message.handled = true;
    },
  });
  return readFileSync(config.reportTempFilePath, 'utf8').replace(/^ *\/\/ \(undocumented\)\n/gm, '');
}

it('are what was agreed on', () => {
  const made = report();
  if (process.env['UPDATE'] === '1') writeFileSync(REPORT, made);
  expect(made, 'api/slipway.api.md: if that is meant, UPDATE=1 npx vitest run test/package/api.test.ts').toBe(readFileSync(REPORT, 'utf8'));
});
