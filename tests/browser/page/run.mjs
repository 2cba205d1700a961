/**
 * The page in a real browser:
 *
 *   node run.mjs FOOTFALL NODE_MODULES SIMULATE.py [--shots DIR] [--only TEXT] [--chromium PATH]
 *
 * Simulates two weeks of a site and makes its pages; then what a reader does: days,
 * comparison, sorting, filtering, drilling, CSV, keys alone, dark, paper, phones. Every
 * figure on it must be the JSON report's of the same days, nothing may be asked for or
 * complained about, axe must find nothing, and hostile keys must stay text. Closes with
 * "N passed, N failed".
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { deflateSync } from 'node:zlib';
import { pageModules } from './bundle.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    shots: { type: 'string' },
    only: { type: 'string', default: '' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
  },
});
const [footfall, modules, simulate] = positionals.map((path) => resolve(path));
const require = createRequire(join(modules, 'any.js'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const model = await pageModules(modules);

const folder = mkdtempSync(join(tmpdir(), 'footfall-browser-'));
const at = (name) => join(folder, name);
const SITE = 'www.example.org';
const NOW = ['--now', '2026-04-01T00:00:00Z'];
let passed = 0;
let failed = 0;

async function check(name, run) {
  if (!name.includes(options.only)) return;
  try {
    await run();
    passed += 1;
  } catch (error) {
    failed += 1;
    console.log(`FAIL ${name}\n${String(error?.stack ?? error).replace(/^/gm, '    ')}`);
  }
}

function report(...words) {
  execFileSync(footfall, words, { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** The JSON report of some days. */
function json(cbor, from, to, ...more) {
  report('report', at(cbor), '--from', from, '--to', to, ...more, '-o', at('x.json'));
  return JSON.parse(readFileSync(at('x.json'), 'utf8'));
}

/** Those that are closed, by what they were made for: a process of the browser's takes
 * longer to begin than a document. */
const idle = new Map();

/** A page that is watched: what it asks for and complains about is a fault. */
async function made(browser, context) {
  const page = await (await browser.newContext({ locale: 'en-GB', timezoneId: 'Pacific/Auckland',
    ...context })).newPage();
  page.faults = [];
  page.on('console', (message) => page.faults.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => page.faults.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    page.faults.push(`dialog: ${dialog.message()}`);
    return dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!/^(file|blob|about):/.test(request.url())) page.faults.push(`asks for ${request.url()}`);
  });
  return page;
}

/** A document of its own, in a page that may have had others. */
async function open(browser, file, { hash = '', viewport = { width: 1280, height: 900 }, colorScheme = 'light',
  reducedMotion = 'no-preference', ...context } = {}) {
  const kind = JSON.stringify(context);
  const used = idle.get(kind)?.pop();
  const page = used ?? await made(browser, context);
  page.kind = kind;
  if (used) await page.mouse.move(0, 0);
  await page.setViewportSize(viewport);
  await page.emulateMedia({ media: 'screen', colorScheme, reducedMotion });
  await page.goto(pathToFileURL(at(file)).href + hash);
  await page.waitForSelector('main .card');
  return page;
}

/** One that complains is not opened again. */
async function close(page) {
  await page.goto('about:blank');
  assert.deepEqual(page.faults, []);
  idle.set(page.kind, [...idle.get(page.kind) ?? [], page]);
}

/** What a click saves. Chromium now and then holds back one of many files of a page for
 * good: then a reader clicks again, once. */
async function saved(page, button) {
  const wait = (timeout) => Promise.all([page.waitForEvent('download', { timeout }), page.click(button)]);
  const [download] = await wait(10000).catch(() => wait(30000));
  return download;
}

/** A card's table as CSV, the way a reader gets it. */
async function csvOf(page, card) {
  const download = await saved(page, `#card-${card} button:has-text("CSV")`);
  const [head, ...rows] = parseCsv(readFileSync(await download.path(), 'utf8'));
  return { name: download.suggestedFilename(), head, rows };
}

function parseCsv(text) {
  return text.trimEnd().split('\n').map((line) => {
    const cells = [];
    for (const [, quoted, plain] of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)) {
      cells.push(quoted === undefined ? plain : quoted.replace(/""/g, '"'));
    }
    return cells;
  });
}

const number = (text) => Number(text.replace(/[^\d]/g, ''));
const tile = (page, metric) => page.textContent(`[data-metric="${metric}"] .tile-figure`);
const cell = (page, card, row, column) => page.textContent(
  `#card-${card} tbody tr:nth-child(${row}) > :nth-child(${column})`);
const keyOf = (row) => [row.key, row.operator, row.purpose].flat().filter((part) => part !== undefined);

function makeReports() {
  execFileSync('/usr/bin/python3', [simulate, '--seed', 'page', '--days', '16', '--visitors', '220',
    '--no-truth', '--servers', '2', '--out', at('log')], { stdio: 'ignore' });
  report('run', '--site', SITE, ...NOW, '--goal', 'prices=/pricing', '-o', at('sim.cbor'),
    '-o', at('sim.html'), at('log'));
  report('run', '--site', SITE, ...NOW, '--profile', 'partner', '-o', at('partner.html'), at('log'));
  report('run', '--site', SITE, ...NOW, '--period', 'week', '-o', at('weeks.html'), at('log'));
  report('run', ...NOW, '-o', at('hostile.html'), hostileLog());
  report('run', ...NOW, '-o', at('nobody.html'), fewLog());
}

const AGENT = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) ' +
  'Chrome/126.0.0.0 Safari/537.36';
/** What strangers ask for: sixty visitors each, so that it is shown. */
const ASKED = ['/%3Cscript%3Ealert(1)%3C/script%3E', '/%3C/script%3E%3Cimg%20src=x%20onerror=alert(2)%3E',
  '/=cmd%7C\'%20/C%20calc\'!A0', '/%1B[31mred', '/a%E2%80%AEb', '/javascript:alert(3)', '/{{7*7}}$%7B7*7%7D',
  `/${'long-'.repeat(40)}`, `/${'k'.repeat(65536)}`, '/%22onmouseover=%22alert(4)', '/__proto__', '/constructor'];

function hostileLog() {
  const lines = [];
  for (let visitor = 1; visitor <= 60; visitor++) {
    ASKED.forEach((path, i) => lines.push(`10.${visitor}.0.1 - - [02/Mar/2026:00:${String(visitor - 1)
      .padStart(2, '0')}:${String(i * 4).padStart(2, '0')} +0000] "GET ${path} HTTP/1.1" 200 100 ` +
      `"https://${i % 2 ? 'xn--e1afmkfd.example' : 'a.example'}/" "${AGENT}"\n`));
    lines.push(`10.${visitor}.0.1 - - [02/Mar/2026:00:${String(visitor - 1).padStart(2, '0')}:55 +0000] ` +
      `"GET /search?q=%3Cb%3E%3D1%2B1 HTTP/1.1" 200 100 "-" "${AGENT}"\n`);
  }
  writeFileSync(at('hostile.log'), lines.sort((a, b) => a.slice(a.indexOf('[')) < b.slice(b.indexOf('[')) ? -1 : 1)
    .join(''));
  return at('hostile.log');
}

function fewLog() {
  writeFileSync(at('few.log'), `10.0.0.1 - - [02/Mar/2026:00:00:01 +0000] "GET / HTTP/1.1" 200 1 "-" "${AGENT}"\n`);
  return at('few.log');
}

/** Every table and sum of a page's data over random spans, against the JSON report's. */
async function checkFigures() {
  const data = model.decode(await model.unpack(model.blockOf(readFileSync(at('sim.html'), 'utf8'))));
  let seed = 7;
  const random = (n) => {
    seed = (seed * 48271) % 2147483647;
    return seed % n;
  };
  for (let round = 0; round < 6; round++) {
    const from = data.span.from + random(14);
    const end = from + 1 + random(data.span.end - from);
    const span = model.sumSpan(data, { from, end });
    const want = json('sim.cbor', model.isoOf(from), model.isoOf(end - 1));
    const { median_visit_seconds, pages_per_visit, ...totals } = want.totals;
    assert.deepEqual({ ...span.totals }, totals);
    assert.equal(span.median, median_visit_seconds);
    assert.equal((span.totals.page_views / span.totals.visits).toFixed(2), pages_per_visit.toFixed(2));
    assert.equal(span.lines.humanSum, want.reconciliation.human);
    assert.deepEqual(span.lines.robots, want.reconciliation.robots_by_class);
    for (const [name, table] of Object.entries(want.tables)) {
      const mine = span.table(name);
      assert.deepEqual(mine.rows.map(({ key, values, periods }) => [[...key], [...values], periods]),
        table.rows.map((row) => [keyOf(row), mine.measures.map((measure) => row[measure]), row.periods]), name);
      assert.equal(mine.isPresent ? mine.other : null, table.other && table.other[mine.measures[0]], name);
      assert.equal(mine.isPresent ? mine.total : null, table.total && table.total[mine.measures[0]], name);
    }
  }
}

async function checkReader(browser) {
  const page = await open(browser, 'sim.html');
  const first = json('sim.cbor', '2026-03-11', '2026-03-17');
  assert.equal(number(await tile(page, 'visits')), first.totals.visits);
  assert.equal(number(await tile(page, 'visitors')), first.totals.visitors);
  assert.match(await page.textContent('.compare-note'), /4\D+10 March 2026/);
  assert.match(await page.textContent('.in-words'), /Visits/);

  // Days, by a preset and by hand.
  await page.click('.days');
  await page.click('[data-preset="lastWeek"]');
  const week = json('sim.cbor', '2026-03-09', '2026-03-15', '--compare', 'previous');
  assert.equal(number(await tile(page, 'page_views')), week.totals.page_views);
  const before = week.comparison.totals.visits;
  assert.match(await page.textContent('[data-metric="visits"]'), new RegExp(`was ${before.toLocaleString('en-GB')}`));
  await page.click('.days');
  await page.fill('.own-days input >> nth=0', '2026-03-03');
  await page.fill('.own-days input >> nth=1', '2026-03-05');
  await page.click('.own-days button');
  const own = json('sim.cbor', '2026-03-03', '2026-03-05');
  assert.equal(number(await tile(page, 'visits')), own.totals.visits);
  assert.match(page.url(), /from=2026-03-03&to=2026-03-05/);

  // Back to where one was, and a link that opens the same.
  await page.goBack();
  assert.equal(number(await tile(page, 'page_views')), week.totals.page_views);
  await page.goForward();
  const again = await open(browser, 'sim.html', { hash: new URL(page.url()).hash });
  assert.equal(await tile(again, 'visits'), await tile(page, 'visits'));
  await close(again);

  // The comparison.
  await page.selectOption('.bar-compare select', 'none');
  assert.equal(await page.locator('.tile-change').count(), 0);
  await page.selectOption('.bar-compare select', 'year');
  assert.match(await page.textContent('.notes'), /nothing of .* to compare with/);
  await close(page);
}

async function checkTables(browser) {
  const page = await open(browser, 'sim.html', { hash: '#from=2026-03-02&to=2026-03-17' });
  const all = json('sim.cbor', '2026-03-02', '2026-03-17');
  const largest = all.tables.pages.rows[0];
  assert.match(await cell(page, 'pages', 1, 1), new RegExp(largest.key.replace(/[/*]/g, '\\$&')));
  assert.equal(number(await cell(page, 'pages', 1, 2)), largest.page_views);

  // Sorted by exits, down and up; by name.
  await page.click('#card-pages [data-focus="sort-exits"]');
  const top = Math.max(...all.tables.exit_pages.rows.map((row) => row.visits));
  const column = await page.locator('#card-pages thead th').evaluateAll((cells) =>
    cells.findIndex((one) => one.getAttribute('aria-sort')) + 1);
  assert.equal(number(await cell(page, 'pages', 1, column)), top);
  await page.click('#card-pages [data-focus="sort-key"]');
  const names = await page.locator('#card-pages tbody bdi').allTextContents();
  assert.deepEqual(names, [...names].sort(new Intl.Collator('en-GB', { numeric: true }).compare));

  // Filtered as one types, and turned.
  await page.click('#card-pages .pager [data-focus="next"]');
  assert.match(await page.textContent('#card-pages .pager'), /11 to 20 of/);
  await page.fill('#card-pages .filter', '/docs');
  const shown = await page.locator('#card-pages tbody bdi').allTextContents();
  assert.ok(shown.length > 0 && shown.every((text) => text.includes('/docs')));
  assert.match(decodeURIComponent(page.url()), /table\.pages=q/);
  await page.fill('#card-pages .filter', 'no such page');
  assert.match(await page.textContent('#card-pages tbody'), /No row has “no such page”/);

  // A channel opens its sources, a page what came before and after it.
  await page.click('#card-sources tbody button.pick >> nth=0');
  assert.equal(await page.getAttribute('#tab-sources-sources', 'aria-selected'), 'true');
  await page.fill('#card-pages .filter', '/docs/');
  await page.click('#card-pages tbody button.pick >> nth=0');
  assert.match(decodeURIComponent(page.url()), /[#&]page=\/docs\//);
  assert.match(await page.textContent('#card-inspector'), /\/docs\//);
  await close(page);
}

/** Cards, the tab that shows the table, and its name in the JSON. */
const CSV = [['campaigns', 'campaigns'], ['pages', null], ['ends', 'entry_pages'], ['ends', 'exit_pages'],
  ['downloads', null], ['site_searches', null], ['goals', null], ['countries', null], ['languages', null],
  ['devices', 'browsers'], ['devices', 'systems'], ['devices', 'devices'], ['sources', 'sources'],
  ['visit', 'visit_duration'], ['visit', 'visit_depth'], ['ai_crawlers', null], ['robots', null],
  ['not_found', null], ['server', 'statuses'], ['server', 'methods']];

async function checkCsv(browser) {
  // Of its own: Chromium may hold back many files of a page that has had other documents.
  const page = await open(browser, 'sim.html', { hash: '#from=2026-03-03&to=2026-03-12', acceptDownloads: true });
  const want = json('sim.cbor', '2026-03-03', '2026-03-12');
  for (const [card, tab] of CSV) {
    if (tab) await page.click(`#tab-${card}-${tab}`);
    const name = tab ?? card;
    const { head, rows, name: file } = await csvOf(page, card);
    const table = want.tables[name];
    assert.equal(file, `${SITE}-${name}-2026-03-03-2026-03-12.csv`);
    const parts = head.indexOf(Object.keys(table.total)[0]);
    const cells = rows.filter(([key]) => !/^\((other|total)\)$/.test(key));
    const figures = Object.fromEntries(cells.map((row) => [row.slice(0, parts).join('|'), row]));
    assert.equal(cells.length, table.rows.length, name);
    for (const row of table.rows) {
      const mine = figures[keyOf(row).join('|')];
      assert.ok(mine, `${name}: ${row.key}`);
      head.slice(parts).forEach((column, i) => assert.equal(Number(mine[parts + i]), row[column],
        `${name} ${row.key} ${column}`));
    }
    assert.equal(Number(rows.find(([key]) => key === '(total)')[parts]), Object.values(table.total)[0], name);
  }
  await close(page);
}

async function checkKeys(browser) {
  const page = await open(browser, 'sim.html');
  const focus = () => page.evaluate(() => document.activeElement.outerHTML.slice(0, 200));
  await page.keyboard.press('Tab');
  assert.match(await focus(), /class="skip"/);
  // To the days, open them, pick the whole report.
  for (let i = 0; i < 5 && !/class="days"/.test(await focus()); i++) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  assert.equal(await page.getAttribute('.days', 'aria-expanded'), 'false');
  await page.keyboard.press('Enter');
  while (!/data-preset="all"/.test(await focus())) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const all = json('sim.cbor', '2026-03-02', '2026-03-17');
  assert.equal(number(await tile(page, 'visits')), all.totals.visits);
  assert.match(await focus(), /class="days"/);
  // Tabs by arrows; a sorted column keeps the focus.
  await page.focus('#tab-ends-entry_pages');
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.getAttribute('#tab-ends-exit_pages', 'aria-selected'), 'true');
  assert.match(await focus(), /tab-ends-exit_pages/);
  await page.focus('#card-sources [data-focus="sort-visitors"]');
  await page.keyboard.press('Enter');
  assert.match(await focus(), /sort-visitors/);
  assert.equal(await page.getAttribute('#card-sources th[aria-sort]', 'aria-sort'), 'descending');
  await close(page);
}

async function checkWays(browser) {
  for (const lang of ['en', 'de']) {
    const page = await open(browser, 'sim.html', { hash: `#lang=${lang}`, locale: 'fr-FR' });
    assert.equal(await page.getAttribute('html', 'lang'), lang);
    assert.match(await page.textContent('.tiles'), lang === 'de' ? /Seitenaufrufe/ : /Page views/);
    assert.doesNotMatch(await page.evaluate(() => document.body.innerText),
      /\{\w+\}|undefined|NaN|\b(?:col|tab|card|words|receipt|metric|chart)\.[a-z]/);
    await close(page);
  }
}

async function checkAxe(browser) {
  for (const [file, width, colorScheme] of [['sim.html', 1280, 'light'], ['sim.html', 1280, 'dark'],
    ['sim.html', 390, 'light'], ['nobody.html', 800, 'dark'], ['partner.html', 1280, 'light']]) {
    const page = await open(browser, file, { viewport: { width, height: 900 }, colorScheme,
      bypassCSP: true, reducedMotion: 'reduce' });
    await page.addScriptTag({ content: axe });
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, {
      resultTypes: ['violations'], preload: false,
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      // Experimental, and wrong about drawings: a node's name begins with its label.
      rules: { 'label-content-name-mismatch': { enabled: false } } }));
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html, any }) =>
      `${html.slice(0, 160)} ${any[0]?.message ?? ''}`).join('\n  ')}`), [], `${file} ${width} ${colorScheme}`);
    await close(page);
  }
}

async function checkWidths(browser) {
  for (const width of [320, 390, 768, 900, 1024, 1280, 1680]) {
    for (const colorScheme of options.shots ? ['light', 'dark'] : ['light']) {
      const page = await open(browser, 'sim.html', { viewport: { width, height: 900 }, colorScheme });
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(over <= 0, `${width}: ${over} pixels too wide`);
      // Of a table columns go before any is half out of sight.
      const cut = await page.evaluate(() => [...document.querySelectorAll('.scroll')]
        .filter((box) => box.scrollWidth > box.clientWidth).map((box) => box.closest('.card').id));
      assert.deepEqual(cut, [], `cut at ${width}`);
      if (options.shots) {
        await page.waitForTimeout(300);
        await page.screenshot({ path: join(options.shots, `page-${width}-${colorScheme}.png`), fullPage: true });
      }
      await close(page);
    }
  }
}

async function checkPaper(browser) {
  const page = await open(browser, 'sim.html', { colorScheme: 'dark' });
  const pdf = await page.pdf({ format: 'A4', printBackground: true });
  if (options.shots) writeFileSync(join(options.shots, 'page.pdf'), pdf);
  assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
  const sheets = pdf.toString('latin1').match(/\/Type \/Page\b/g).length;
  assert.ok(sheets >= 3 && sheets <= 10, `${sheets} sheets`);
  // What is drawn for a wide screen would be too small to read on paper.
  const drawn = () => page.evaluate(() => document.querySelector('.flow svg').viewBox.baseVal.width);
  const wide = await drawn();
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  assert.ok(await drawn() < 850 && wide > 900, `${await drawn()} on paper, ${wide} on the screen`);
  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
  await page.waitForFunction((width) => document.querySelector('.flow svg').viewBox.baseVal.width === width, wide);
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.isVisible('.sections'), false);
  assert.equal(await page.isVisible('#card-pages .filter'), false);
  const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert.equal(paper, 'rgb(255, 255, 255)');
  await close(page);
}

/** What a rollup of other hands may hold, at most 1024 bytes each. */
const HOSTILE = ['<script>alert(1)</script>', '</script><img src=x onerror=alert(2)>', "=cmd|' /C calc'!A0",
  '\u001b[31mred\u001b]0;t\u0007', '/a\u202eb', 'javascript:alert(3)', '{{7*7}}${7*7}', 'k'.repeat(1024),
  '" onmouseover="alert(4)', '__proto__', 'constructor', '<b>', '@x', '+1', '-1', '\u0000'];

/** The page of a site whose every string means harm. */
async function makeHostile() {
  const source = readFileSync(at('sim.html'), 'utf8');
  const block = model.blockOf(source);
  const raw = JSON.parse(await model.unpack(block));
  raw.site = HOSTILE[1];
  raw.strings = raw.strings.map((text, i) => `${HOSTILE[i % HOSTILE.length]}${i < HOSTILE.length ? '' : text}`);
  writeFileSync(at('harm.html'), source.replace(block, deflateSync(JSON.stringify(raw)).toString('base64')));
}

async function checkAsked(browser) {
  const page = await open(browser, 'hostile.html');
  assert.ok(await page.locator('#card-pages tbody tr').count() > 3);
  assert.equal(await page.evaluate(() => document.images.length), 0);
  await close(page);
}

async function checkHostile(browser) {
  await makeHostile();
  const page = await open(browser, 'harm.html');
  const { head, rows } = await csvOf(page, 'pages');
  assert.equal(head[0], 'page');
  for (const [key] of rows) assert.doesNotMatch(key, /^[=+@-]|[\u0000-\u001f\u202e]/);
  await page.evaluate(() => document.querySelectorAll('button.pick').forEach((button) => button.click()));
  const found = await page.evaluate(() => ({
    scripts: document.scripts.length,
    images: document.images.length,
    handlers: document.querySelectorAll('[onerror],[onmouseover],[onload]').length,
    links: [...document.links].filter(({ href }) => !href.startsWith('file:')).length,
    text: document.body.innerText,
  }));
  assert.deepEqual([found.scripts, found.images, found.handlers, found.links], [2, 0, 0, 0]);
  assert.match(found.text, /<script>alert\(1\)<\/script>/);
  assert.doesNotMatch(found.text, /[\u001b\u202e\u0000]/);
  assert.doesNotMatch(found.text, /49\$49/);
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(over <= 0, `${over} pixels too wide`);
  // What a link may say is as hostile as a log.
  const linked = await open(browser, 'harm.html', { hash:
    `#page=${encodeURIComponent('"><img src=x onerror=alert(5)>')}&tab.pages=__proto__&lang=<i>` +
    `&table.pages=${encodeURIComponent('q=<img src=x onerror=alert(6)>')}` });
  assert.equal(await linked.evaluate(() => document.images.length), 0);
  await close(linked);
  await close(page);
}

async function checkEdges(browser) {
  const nobody = await open(browser, 'nobody.html');
  assert.match(await nobody.textContent('.headlines'), /fewer than 10 visitors or 5 networks a day/);
  assert.match(await nobody.textContent('#card-lines'), /lines\s*1/);
  await close(nobody);
  const partner = await open(browser, 'partner.html');
  assert.match(await partner.textContent('#card-not_found'), /not given to partners/);
  assert.match(await partner.textContent('#card-privacy'), /rounded to the nearest 5/);
  await close(partner);
  const weeks = await open(browser, 'weeks.html');
  assert.equal(await weeks.isVisible('#card-goals'), false);
  assert.match(await weeks.textContent('#card-heat'), /reports by the day only/);
  await close(weeks);
}

/** A page that a server rewrites is renewed in place; what the reader chose stays. */
async function checkLive(browser) {
  const source = readFileSync(at('sim.html'), 'utf8');
  const block = model.blockOf(source);
  const raw = JSON.parse(await model.unpack(block));
  const served = (change) => {
    const next = structuredClone(raw);
    change(next);
    return source.replace(block, deflateSync(JSON.stringify(next)).toString('base64'))
      .replace("connect-src 'none'", "connect-src 'self'");
  };
  let body = served((next) => {
    next.live_seconds = 1;
  });
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(request.url === '/' ? body : '');
  });
  await new Promise((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  try {
    const page = await (await browser.newContext({ locale: 'en-GB' })).newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/#metric=downloads`);
    await page.waitForSelector('main .card');
    body = served((next) => {
      next.live_seconds = 1;
      next.totals.visits[15] += 100000;
    });
    await page.waitForFunction(() => /10\d,\d{3}/.test(
      document.querySelector('[data-metric="visits"] .tile-figure').textContent), undefined, { timeout: 10_000 });
    assert.equal(await page.getAttribute('[data-metric="downloads"]', 'aria-pressed'), 'true');
    assert.match(page.url(), /#metric=downloads$/);
    await page.context().close();
  } finally {
    server.close();
  }
}

/** A year by repeating the days that there are: measured, and held far from tightly. */
async function checkYear(browser) {
  const source = readFileSync(at('sim.html'), 'utf8');
  const block = model.blockOf(source);
  const raw = JSON.parse(await model.unpack(block));
  const pick = [...Array(365).keys()].map((i) => i % 14);
  const grow = (list) => pick.map((i) => list[i]);
  const end = raw.span[1];
  raw.periods.start = pick.map((_, i) => end - 365 + i);
  raw.periods.end = pick.map((_, i) => end - 364 + i);
  raw.span = [end - 365, end];
  for (const name of ['partial', 'capped']) raw.periods[name] = grow(raw.periods[name]);
  for (const name of Object.keys(raw.totals)) raw.totals[name] = grow(raw.totals[name]);
  for (const of of [raw.lines.human, raw.lines.robots]) for (const name of Object.keys(of)) of[name] = grow(of[name]);
  for (const name of ['malformed', 'excluded', 'blank']) raw.lines[name] = grow(raw.lines[name]);
  for (const table of Object.values(raw.tables)) {
    const first = [0];
    table.rows.forEach((n) => first.push(first[first.length - 1] + Math.max(n, 0)));
    const spread = (list) => pick.flatMap((i) => list.slice(first[i], first[i + 1]));
    table.ids = spread(table.ids);
    table.values = table.values.map(spread);
    for (const name of ['rows', 'other', 'total', 'cut', 'cut_sum']) table[name] = grow(table[name]);
  }
  writeFileSync(at('year.html'), source.replace(block, deflateSync(JSON.stringify(raw)).toString('base64')));
  const page = await open(browser, 'year.html', { hash: `#from=${model.isoOf(end - 365)}&to=${model.isoOf(end - 1)}` });
  const usable = await page.evaluate(() => performance.now());
  const heap = await page.evaluate(() => performance.memory?.usedJSHeapSize ?? 0);
  console.log(`a year of days: usable ${Math.round(usable)} ms after it was opened, heap ${heap >> 20} MiB`);
  assert.ok(usable < 10_000);
  assert.ok(number(await tile(page, 'visits')) > 0);
  await close(page);
}

if (options.shots) mkdirSync(options.shots, { recursive: true });
makeReports();
const browser = await chromium.launch({ executablePath: options.chromium,
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
try {
  await check('figures are the JSON report’s on random days', () => checkFigures());
  for (const [name, run] of [['days and comparison', checkReader], ['tables', checkTables],
    ['CSV is the JSON', checkCsv], ['keys alone', checkKeys], ['languages', checkWays], ['axe', checkAxe],
    ['widths', checkWidths], ['paper', checkPaper], ['hostile requests', checkAsked], ['hostile keys', checkHostile], ['edges', checkEdges],
    ['live', checkLive], ['a year', checkYear]]) {
    await check(name, () => run(browser));
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
