/** The page's modules, for node: `await pageModules(NODE_MODULES)`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

export async function pageModules(modules) {
  const { build } = createRequire(join(resolve(modules), 'any.js'))('esbuild');
  const folder = mkdtempSync(join(tmpdir(), 'footfall-page-'));
  const outfile = join(folder, 'modules.mjs');
  await build({ entryPoints: [join(here, 'modules.ts')], bundle: true, format: 'esm',
    platform: 'node', target: 'node18', outfile, nodePaths: [modules], logLevel: 'warning' });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
