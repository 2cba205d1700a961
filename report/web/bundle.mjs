// Bundles the page: main.ts and page.css with all they import, minified, as a C file of
// two arrays with their digests (page_assets.h).
//
//   node bundle.mjs --modules NODE_MODULES --out FILE.c [--depfile FILE.d]
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { worldData } from './charts/make_world.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const { values: args } = parseArgs({
  options: {
    modules: { type: 'string' },
    out: { type: 'string' },
    depfile: { type: 'string' },
  },
});
const modules = resolve(args.modules);
const esbuild = createRequire(join(modules, 'any.js'))('esbuild');

const result = await esbuild.build({
  absWorkingDir: here,
  entryPoints: ['main.ts', 'page.css'],
  bundle: true,
  minify: true,
  charset: 'utf8',
  format: 'iife',
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
  nodePaths: [modules],
  outdir: 'out',
  plugins: [worldData(modules)],
  target: ['es2020', 'chrome103', 'firefox113', 'safari16.4'],
  write: false,
});

/** The bytes of one output; what stands inside an element must not end it. */
function output(ending) {
  const file = result.outputFiles.find(({ path }) => path.endsWith(ending));
  const text = file.text.trimEnd();
  if (/<\/(script|style)|<!--/i.test(text)) {
    throw new Error(`the bundle's ${ending} would end its element in the page`);
  }
  return Buffer.from(text);
}

function asset(name, bytes) {
  const digest = createHash('sha256').update(bytes).digest('base64');
  const lines = [];
  for (let at = 0; at < bytes.length; at += 24) {
    lines.push([...bytes.subarray(at, at + 24)].join(','));
  }
  return `static const unsigned char ${name}_bytes[] = {\n${lines.join(',\n')}\n};\n` +
    `const struct ff_page_asset ff_page_${name} = {\n    ${name}_bytes, ` +
    `sizeof ${name}_bytes, "sha256-${digest}"\n};\n`;
}

writeFileSync(args.out, '/* Made by bundle.mjs. */\n#include "page_assets.h"\n\n' +
  asset('script', output('.js')) + '\n' + asset('style', output('.css')));
if (args.depfile) {
  const inputs = Object.keys(result.metafile.inputs).filter((path) => !path.includes(':'))
    .concat('bundle.mjs', 'charts/make_world.mjs').map((path) => resolve(here, path));
  const escape = (path) => path.replace(/[ $#]/g, '\\$&');
  writeFileSync(args.depfile, `${escape(args.out)}: ${inputs.map(escape).join(' ')}\n`);
}
