/**
 * The charts in a real browser: `node run.mjs NODE_MODULES [--shots DIR] [--only TEXT] [--chromium PATH]`.
 *
 * Each sample of data.ts is shown in light and dark at three widths under a strict
 * content security policy: nothing on the console, nothing wider than the page, nothing
 * that axe finds, labels that mean harm stay text. Then what a reader does: keys,
 * pointer, another theme, another width, paper. Closes with "N passed, N failed".
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import assert from 'node:assert/strict';
import { buildHarness } from './build.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    shots: { type: 'string' },
    only: { type: 'string', default: '' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
  },
});
const modules = resolve(positionals[0]);
const require = createRequire(join(modules, 'any.js'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const MOST_BYTES = 220 * 1024;
const WIDTHS = [360, 900, 1600];
const SCHEMES = ['light', 'dark'];
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:";
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

let passed = 0;
let failed = 0;

/** A browser that died says nothing. */
function deadline(name) {
  return new Promise((_done, fail) => {
    setTimeout(() => fail(new Error(`${name}: no end in sight`)), 90_000).unref();
  });
}

async function check(name, run) {
  if (!name.includes(options.only)) return;
  try {
    await Promise.race([run(), deadline(name)]);
    passed += 1;
  } catch (error) {
    failed += 1;
    console.log(`FAIL ${name}\n${String(error?.stack ?? error).replace(/^/gm, '    ')}`);
  }
}

function serve(folder) {
  const server = createServer((request, response) => {
    const path = new URL(request.url, 'http://localhost').pathname;
    response.writeHead(200, {
      'content-type': TYPES[extname(path)] ?? 'text/plain',
      'content-security-policy': POLICY,
    });
    response.end(readFileSync(join(folder, path)));
  });
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done(server)));
}

const folder = mkdtempSync(join(tmpdir(), 'charts-'));
const metafile = await buildHarness(folder, modules);
const server = await serve(folder);
const address = `http://127.0.0.1:${server.address().port}/page.html`;
const browser = await chromium.launch({
  executablePath: options.chromium,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
});

/** Pages by their touch: a process of the browser's takes longer to begin than a document. */
const pages = new Map();

async function pageOf(hasTouch) {
  if (pages.has(hasTouch)) return pages.get(hasTouch);
  const page = await browser.newPage({ hasTouch });
  page.setDefaultTimeout(30_000);
  page.said = [];
  page.on('console', (message) => page.said.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => page.said.push(String(error.stack)));
  pages.set(hasTouch, page);
  return page;
}

/** Opens the harness anew, runs, and demands that the browser had nothing to say. */
async function visit({ data = 'month', width = 900, scheme = 'light', dir = 'ltr', hasTouch = false }, run) {
  const page = await pageOf(hasTouch);
  try {
    await page.goto('about:blank');
    await page.mouse.move(0, 0);
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ media: 'screen', colorScheme: scheme });
    await page.goto(`${address}?data=${data}&dir=${dir}`);
    await page.waitForFunction(() => window.harness);
    await frames(page);
    await run(page);
    assert.deepEqual(page.said, []);
  } catch (error) {
    /* The next one is not to suffer from it. */
    pages.delete(hasTouch);
    await page.close();
    throw error;
  }
}

/** Waits until what was asked for has been drawn. */
function frames(page) {
  return page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
}

async function noViolations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() =>
    window.axe.run(document, { resultTypes: ['violations'], preload: false,
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  const list = found.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => `${node.html.slice(0, 120)} ${node.failureSummary}`).join(' | ')}`);
  assert.deepEqual(list, []);
}

async function fits(page) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${wide} pixels too wide`);
}

/** What the harness's callbacks got since the last call. */
function calls(page) {
  return page.evaluate(() => window.harness.called.splice(0));
}

const focused = (page, name) =>
  page.evaluate((what) => document.activeElement?.getAttribute(what), name);

/** How many pixels of the time chart have each of some colours of the style sheet. */
function pixels(page, ...colours) {
  return page.evaluate((names) => {
    const host = document.querySelector('#time');
    const canvas = host.querySelector('canvas');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return names.map((name) => {
      const probe = document.createElement('i');
      probe.style.color = `var(--chart-${name})`;
      host.append(probe);
      const [r, g, b] = getComputedStyle(probe).color.match(/\d+/g).map(Number);
      probe.remove();
      let n = 0;
      for (let i = 0; i < data.length; i += 4) {
        if (data[i] === r && data[i + 1] === g && data[i + 2] === b && data[i + 3] === 255) n += 1;
      }
      return n;
    });
  }, colours);
}

await check('the charts with their libraries are small enough', () => {
  const bytes = ['charts.js', 'charts.css'].map((name) => statSync(join(folder, name)).size);
  const parts = {};
  for (const [path, { bytesInOutput }] of Object.entries(Object.values(metafile.outputs)[0].inputs)) {
    const name = path.match(/node_modules\/([^/]+)/)?.[1] ?? (path.includes(':') ? 'map' : 'charts');
    parts[name] = (parts[name] ?? 0) + bytesInOutput;
  }
  console.log(`bundle: script ${bytes[0]}, style ${bytes[1]} bytes; ${JSON.stringify(parts)}`);
  assert.ok(bytes[0] + bytes[1] < MOST_BYTES);
});

if (options.shots) mkdirSync(options.shots, { recursive: true });
for (const scheme of SCHEMES) {
  for (const width of WIDTHS) {
    const isOnce = (scheme === 'dark') === (width === 360) && width < 1600;
    for (const data of ['month', 'withheld', ...(isOnce ? ['hostile', 'nothing'] : [])]) {
      await check(`${data}, ${scheme}, ${width}`, () =>
        visit({ data, width, scheme }, async (page) => {
          await fits(page);
          await noViolations(page);
          if (options.shots) {
            await page.screenshot({ path: join(options.shots, `${data}-${width}-${scheme}.png`), fullPage: true });
          }
        }));
    }
  }
}

for (const data of ['week', 'year', 'hours', 'weeks', 'zero', 'one']) {
  await check(data, () => visit({ data, width: 360 }, async (page) => {
    await fits(page);
    await noViolations(page);
  }));
}

await check('right to left', () => visit({ dir: 'rtl' }, async (page) => {
  await fits(page);
  await noViolations(page);
  const order = await page.evaluate(() => {
    const left = (selector) => document.querySelector(selector).getBoundingClientRect().left;
    return {
      flow: left('.flow-node[tabindex="0"]') > innerWidth / 2,
      inspector: left('.inspector-side.is-before') > left('.inspector-side.is-after'),
      ai: left('.ai-taken .ai-crawled') > left('.ai-sent .ai-visits'),
    };
  });
  assert.deepEqual(order, { flow: true, inspector: true, ai: true });
}));

await check('time: lines are drawn in their colours', () => visit({}, async (page) => {
  const found = await pixels(page, '1', '2', 'compare');
  assert.ok(Math.min(...found) > 100, String(found));
}));

await check('time: another theme draws anew', () => visit({}, async (page) => {
  await page.evaluate(() => (document.documentElement.dataset.theme = 'dark'));
  await frames(page);
  assert.equal(await page.evaluate(() =>
    getComputedStyle(document.documentElement).getPropertyValue('--chart-1').trim()), '#62bde4');
  assert.ok((await pixels(page, '1'))[0] > 100);
}));

await check('time: withheld days are gaps and have their word', () =>
  visit({ data: 'withheld' }, async (page) => {
    await page.locator('#time .chart-stage').focus();
    await page.keyboard.press('End');
    const text = () => focused(page, 'aria-valuetext');
    assert.match(await text(), /3 February 2026; Visits: withheld; Page views: withheld/);
    await page.keyboard.press('ArrowLeft');
    assert.match(await text(), /2 February 2026; Visits: [\d,]+; Page views/);
    assert.match(await page.locator('#time .chart-legend').innerText(), /withheld/);
  }));

await check('time: keys read points and choose a span', () => visit({}, async (page) => {
  await page.locator('#time .chart-stage').focus();
  await page.keyboard.press('Home');
  assert.match(await focused(page, 'aria-valuetext'), /^Mon,? 5 January 2026; Visits: /);
  await page.keyboard.press('PageUp');
  assert.match(await focused(page, 'aria-valuetext'), /^Mon,? 12 January 2026; /);
  await page.keyboard.press('Enter');
  assert.deepEqual(await calls(page), []);
  for (let i = 0; i < 3; i++) await page.keyboard.press('Shift+ArrowRight');
  assert.match(await focused(page, 'aria-valuetext'), /12 January 2026 to .*15 January 2026/);
  await page.keyboard.press('Escape');
  assert.match(await focused(page, 'aria-valuetext'), /15 January 2026; /);
  await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('Enter');
  assert.deepEqual(await calls(page), [['range', 9, 10]]);
  assert.equal(await page.locator('#time .chart-tip').isVisible(), false);
  assert.equal(await page.locator('#time .chart-help').isVisible(), true);
}));

await check('time: the pointer reads points and drags a span', () => visit({}, async (page) => {
  const box = await page.locator('#time .u-over').boundingBox();
  const at = (day) => box.x + (box.width * (day + 0.5)) / 31;
  await page.mouse.move(at(3), box.y + 50);
  assert.match(await page.locator('#time .chart-tip').innerText(), /8 January 2026\s+Visits/);
  await page.mouse.down();
  await page.mouse.up();
  assert.deepEqual(await calls(page), []);
  await page.mouse.move(at(10), box.y + 50);
  await page.mouse.down();
  await page.mouse.move(at(7), box.y + 60, { steps: 4 });
  await page.mouse.move(at(4), box.y + 60, { steps: 4 });
  await page.mouse.up();
  assert.deepEqual(await calls(page), [['range', 4, 10]]);
  await page.mouse.move(box.x, box.y - 60);
  assert.equal(await page.locator('#time .chart-tip').isVisible(), false);
}));

await check('time: a finger reads points and drags a span', () =>
  visit({ width: 360, hasTouch: true }, async (page) => {
    const box = await page.locator('#time .u-over').boundingBox();
    const at = (day) => ({ x: box.x + (box.width * (day + 0.5)) / 31, y: box.y + 60 });
    await page.touchscreen.tap(at(3).x, at(3).y);
    assert.match(await page.locator('#time .chart-tip').innerText(), /8 January 2026/);
    const client = await page.context().newCDPSession(page);
    const touch = (type, points) => client.send('Input.dispatchTouchEvent', { type, touchPoints: points });
    await touch('touchStart', [at(20)]);
    for (const day of [22, 24, 26]) await touch('touchMove', [at(day)]);
    await touch('touchEnd', []);
    await frames(page);
    assert.deepEqual(await calls(page), [['range', 20, 26]]);
  }));

await check('heat: one stop, arrows inside, cells say what they are', () => visit({}, async (page) => {
  assert.equal(await page.locator('#heat [tabindex="0"]').count(), 1);
  await page.locator('#heat [tabindex="0"]').focus();
  assert.match(await focused(page, 'aria-label'), /^Monday, 00:00: 0 visits$/);
  for (const key of ['ArrowDown', 'ArrowRight', 'ArrowRight', 'ArrowUp', 'ArrowUp', 'ArrowLeft']) {
    await page.keyboard.press(key);
  }
  assert.match(await focused(page, 'aria-label'), /^Monday, 01:00: /);
  await page.keyboard.press('End');
  assert.match(await focused(page, 'aria-label'), /^Monday, 23:00: /);
  assert.equal(await page.locator('#heat [tabindex="0"]').count(), 1);
  assert.match(await page.locator('#heat .chart-tip').innerText(), /Monday, 23:00/);
}));

await check('ways: keys go along them and pick a page', () => visit({}, async (page) => {
  assert.equal(await page.locator('#flow [tabindex="0"]').count(), 1);
  await page.locator('#flow [tabindex="0"]').focus();
  assert.match(await focused(page, 'aria-label'), /^\/, Entry page: [\d,]+ visits \([\d.]+%\)$/);
  await page.keyboard.press('ArrowDown');
  assert.match(await focused(page, 'aria-label'), /^\/\S+, Entry page: /);
  await page.keyboard.press('ArrowRight');
  assert.match(await focused(page, 'aria-label'), /, Next page: /);
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  const [[what, id]] = await calls(page);
  assert.equal(what, 'flow');
  assert.match(id, /^1\d$/);
  await page.keyboard.press('End');
  assert.match(await focused(page, 'aria-label'), /^End of the visit, Next page/);
  await page.keyboard.press('Enter');
  assert.deepEqual(await calls(page), []);
}));

await check('ways: a long label is cut in the middle and whole in its name', () =>
  visit({}, async (page) => {
    const long = '/blog/2026/how-we-count-visits-without-keeping-anything-about-anybody/';
    const node = page.locator(`#flow g[aria-label^="${long}, Next page"]`);
    assert.match(await node.locator('.flow-name').textContent(), /^\/blog.*….*anybody\/$/);
  }));

await check('ways: lists in little room, which open by key', () => visit({ width: 360 }, async (page) => {
  assert.equal(await page.locator('#flow svg').count(), 0);
  const second = page.locator('#flow details').nth(1);
  assert.equal(await second.getAttribute('open'), null);
  await second.locator('summary').focus();
  await page.keyboard.press('Enter');
  assert.equal(await second.getAttribute('open'), '');
}));

await check('inspector: neighbours are buttons', () => visit({}, async (page) => {
  const first = page.locator('#inspector .is-before button').first();
  const name = await first.textContent();
  await first.focus();
  await page.keyboard.press('Enter');
  assert.deepEqual(await calls(page), [['inspector', name]]);
  assert.equal(await page.locator('#inspector li.is-other button').count(), 0);
}));

await check('map: from most to fewest by key, with names, and picks', () => visit({}, async (page) => {
  assert.equal(await page.locator('#world [tabindex="0"]').count(), 1);
  await page.locator('#world [tabindex="0"]').focus();
  assert.equal(await focused(page, 'aria-label'), 'Germany: 12,410 visits');
  await page.keyboard.press('ArrowRight');
  assert.equal(await focused(page, 'aria-label'), 'United States: 6,020 visits');
  await page.keyboard.press('Enter');
  assert.deepEqual(await calls(page), [['world', 'US']]);
  assert.match(await page.locator('#world .chart-tip').innerText(), /United States\s+visits\s+6,020/);
  await page.keyboard.press('End');
  assert.equal(await focused(page, 'aria-label'), 'Réunion: 11 visits');
  assert.match(await page.locator('#world .chart-note').innerText(), /Antarctica · Unknown country: 87/);
}));

await check('bars: a label is a button, a sum is not', () => visit({}, async (page) => {
  await page.locator('#bars button').first().focus();
  await page.keyboard.press('Enter');
  assert.deepEqual(await calls(page), [['bars', '2xx']]);
  const widths = await page.locator('#bars .bar-fill').evaluateAll((bars) => bars.map((bar) => bar.style.inlineSize));
  const tracks = await page.locator('#bars .bar-track').evaluateAll((all) => all.map((track) => track.clientWidth));
  assert.equal(new Set(tracks).size, 1, String(tracks));
  assert.equal(widths[0], '100%');
  assert.equal(widths[6], '0%');
}));

await check('AI: bars are as long as their figures', () => visit({}, async (page) => {
  const lengths = await page.locator('#ai .ai-crawled').evaluateAll((bars) => bars.map((bar) => bar.getBoundingClientRect().width));
  [18230, 9120, 5210, 1830, 7340, 940].forEach((taken, i) =>
    assert.ok(Math.abs(lengths[i] / lengths[0] - taken / 18230) < 0.01, String(lengths)));
  assert.match(await page.locator('#ai tbody tr').first().innerText(), /OpenAI\s+18,230[\s\S]*214\s+85/);
}));

await check('labels that mean harm stay text', () => visit({ data: 'hostile' }, async (page) => {
  const found = await page.evaluate(() => ({
    harmed: window.harmed,
    made: document.querySelectorAll('main :is(img, script, iframe, object, a)').length,
    handlers: [...document.querySelectorAll('main *')].filter((element) =>
      [...element.attributes].some(({ name }) => name.startsWith('on'))).length,
    shown: document.querySelector('#inspector .inspector-title').textContent,
    isolated: [...document.querySelectorAll('#bars .bar-label')].every((label) => label.querySelector('bdi')),
  }));
  assert.deepEqual(found, {
    harmed: undefined,
    made: 0,
    handlers: 0,
    shown: '<img src=x onerror="window.harmed=1">',
    isolated: true,
  });
}));

await check('another width draws anew, and keeps the focus', () => visit({ width: 1600 }, async (page) => {
  await page.locator('#heat [tabindex="0"]').focus();
  await page.keyboard.press('ArrowDown');
  await page.setViewportSize({ width: 360, height: 800 });
  await frames(page);
  await frames(page);
  await fits(page);
  assert.equal(await page.locator('#flow svg').count(), 0);
  assert.match(await focused(page, 'aria-label'), /^Tuesday, 00:00/);
  await page.setViewportSize({ width: 900, height: 800 });
  await frames(page);
  await frames(page);
  await fits(page);
  assert.equal(await page.locator('#flow svg').count(), 1);
}));

await check('paper: the canvas is sharp, light and as wide as the sheet', () =>
  visit({ scheme: 'dark', width: 1600 }, async (page) => {
    const look = () => page.evaluate(() => {
      const canvas = document.querySelector('#time canvas');
      return [canvas.width, Math.round(canvas.getBoundingClientRect().width)];
    });
    const before = await look();
    await page.emulateMedia({ media: 'print' });
    await frames(page);
    assert.deepEqual(await look(), [2040, 680]);
    assert.ok((await pixels(page, '1'))[0] > 100);
    const colour = await page.evaluate(() =>
      getComputedStyle(document.querySelector('#time')).getPropertyValue('--chart-1').trim());
    assert.equal(colour, '#0b6a94');
    const pdf = await page.pdf({ format: 'A4' });
    assert.ok(pdf.length > 20000);
    if (options.shots) {
      const { writeFileSync } = await import('node:fs');
      writeFileSync(join(options.shots, 'paper.pdf'), pdf);
    }
    await page.emulateMedia({ media: 'screen' });
    await frames(page);
    assert.deepEqual(await look(), before);
  }));

await check('any sample after any other, and a clean end', () => visit({}, async (page) => {
  const left = await page.evaluate(() => {
    const { names, show, destroy } = window.harness;
    for (const first of names) for (const second of names) {
      show(first);
      show(second);
    }
    destroy();
    return [...document.querySelectorAll('section > div')].map((host) => host.outerHTML);
  });
  for (const host of left) assert.match(host, /^<div id="\w+" class=""><\/div>$/);
  await page.setViewportSize({ width: 500, height: 800 });
  await page.evaluate(() => (document.documentElement.dataset.theme = 'dark'));
  await frames(page);
}));

await check('a year is drawn at once', () => visit({ data: 'year' }, async (page) => {
  const times = await page.evaluate(() =>
    Array.from({ length: 5 }, () => {
      const start = performance.now();
      window.harness.show('year');
      document.body.getBoundingClientRect();
      return performance.now() - start;
    }));
  const median = times.sort((a, b) => a - b)[2];
  console.log(`a year, all charts: ${median.toFixed(0)} ms`);
  assert.ok(median < 1000);
}));

await browser.close();
server.closeAllConnections();
server.close();
rmSync(folder, { recursive: true });
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
