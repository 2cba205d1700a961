/** Builds the harness into a folder: `node build.mjs OUT_DIR NODE_MODULES`; also for run.mjs. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { worldData } from '../../../report/web/charts/make_world.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const charts = join(here, '../../../report/web/charts');

export async function buildHarness(out, modules) {
  const { build } = createRequire(join(resolve(modules), 'any.js'))('esbuild');
  mkdirSync(out, { recursive: true });
  const common = {
    bundle: true,
    minify: true,
    target: 'es2020',
    charset: 'utf8',
    nodePaths: [modules],
    plugins: [worldData(modules)],
    logLevel: 'warning',
  };
  await build({ ...common, entryPoints: [join(here, 'page.ts')], outfile: join(out, 'page.js') });
  await build({ ...common, entryPoints: [join(charts, 'charts.css')], outfile: join(out, 'charts.css') });
  // The charts alone, with their libraries: what they cost the report.
  const { metafile } = await build({
    ...common,
    entryPoints: [join(charts, 'index.ts')],
    outfile: join(out, 'charts.js'),
    format: 'esm',
    metafile: true,
  });
  for (const name of ['page.html', 'page.css']) copyFileSync(join(here, name), join(out, name));
  return metafile;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildHarness(process.argv[2], process.argv[3]);
}
