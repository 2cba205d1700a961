/**
 * The charts' layout without a browser: what fits, which ticks, which order. Run by
 * `node units.test.mjs NODE_MODULES`. Expected values are by hand, and the map's against
 * the whole of ISO 3166-1.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeWorld } from '../../../report/web/charts/make_world.mjs';

const modules = resolve(process.argv[2]);
const charts = join(dirname(fileURLToPath(import.meta.url)), '../../../report/web/charts');
const require = createRequire(join(modules, 'any.js'));

/** A file of the charts, as it is bundled. */
async function load(name) {
  const { outputFiles } = await require('esbuild').build({
    entryPoints: [join(charts, `${name}.ts`)],
    bundle: true,
    format: 'esm',
    nodePaths: [modules],
    write: false,
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  return import(`data:text/javascript;base64,${code}`);
}

const labels = await load('labels');
const scales = await load('scales');
const ticks = await load('time_ticks');
const flow = await load('flow_layout');
const spark = await load('sparkline');
const inspector = await load('page_inspector');
const ai = await load('ai_balance');
const words = await load('words');

test('a label is cut in its middle, and its end is the longer part', () => {
  assert.equal(labels.truncateMiddle('/docs/start', 11), '/docs/start');
  assert.equal(labels.truncateMiddle('/docs/getting-started', 11), '/doc…tarted');
  assert.equal(labels.truncateMiddle('abc', 1), '…');
  assert.equal(labels.truncateMiddle('abc', 0), '');
});

test('no character is cut in two', () => {
  const family = '👨\u200d👩\u200d👧';
  assert.equal(labels.truncateMiddle(family.repeat(5), 3), `…${family.repeat(2)}`);
  assert.equal(labels.truncateMiddle('e\u0301'.repeat(5), 3), '…' + 'e\u0301'.repeat(2));
});

test('a label of 64 KiB is cut at once', () => {
  const long = '/' + 'x'.repeat(65535) + 'z';
  assert.equal(labels.truncateMiddle(long, 5), '/…xxz');
  const [head, tail] = labels.headAndTail(long);
  assert.ok(head.length < 600);
  assert.equal(tail, 'xxxxxxxxz');
});

test('a label takes the width there is', () => {
  const measure = (text) => text.length * 10;
  assert.equal(labels.truncateToWidth('/docs/start', 110, measure), '/docs/start');
  assert.equal(labels.truncateToWidth('/docs/start', 109, measure).length, 10);
  assert.equal(labels.truncateToWidth('/docs/start', 5, measure), '…');
});

test('a short label has no second part, a long one is whole in both', () => {
  assert.deepEqual(labels.headAndTail('/pricing'), ['/pricing', '']);
  assert.equal(labels.headAndTail('/blog/2026/a-long-one/').join(''), '/blog/2026/a-long-one/');
});

test('the value axis has round whole steps and holds the most', () => {
  assert.deepEqual(scales.axisTicks(0, 4), [0, 1]);
  assert.deepEqual(scales.axisTicks(1, 4), [0, 1]);
  assert.deepEqual(scales.axisTicks(3, 4), [0, 1, 2, 3]);
  assert.deepEqual(scales.axisTicks(12, 4), [0, 5, 10, 15]);
  assert.deepEqual(scales.axisTicks(4000, 4), [0, 1000, 2000, 3000, 4000]);
  assert.deepEqual(scales.axisTicks(0.8, 4, false), [0, 0.2, 0.4, 0.6000000000000001, 0.8]);
});

test('colour classes hold every figure, and grow by a factor', () => {
  assert.deepEqual(scales.colourBounds([], 5), []);
  assert.deepEqual(scales.colourBounds([0, 0], 5), []);
  assert.deepEqual(scales.colourBounds([12], 5), [20]);
  const bounds = scales.colourBounds([10, 300, 12000], 5);
  assert.deepEqual(bounds, [50, 200, 500, 2000, 20000]);
  // By hand: ratios of 2.14 from 103 give 220, 471, 1006, 2153, and 4606 below 5000.
  assert.deepEqual(scales.colourBounds([103, 4606], 5), [200, 500, 1000, 2000, 5000]);
  for (const n of [1, 7, 99, 1e6, 123456789]) {
    const found = scales.colourBounds([1, n], 5);
    assert.ok(found.length <= 5 && found[found.length - 1] >= n, String(n));
    assert.deepEqual([...new Set(found)].sort((a, b) => a - b), found);
  }
  assert.equal(scales.classOf(0, bounds), -1);
  assert.equal(scales.classOf(50, bounds), 0);
  assert.equal(scales.classOf(51, bounds), 1);
  assert.equal(scales.classOf(501, bounds), 3);
  assert.equal(scales.classOf(20000, bounds), 4);
});

test('zero has a colour of its own, and the most has the darkest', () => {
  assert.deepEqual(
    [0, 1, 50, 51, 100].map((n) => scales.evenClass(n, 100, 6)),
    [0, 1, 3, 4, 6],
  );
  assert.equal(scales.evenClass(5, 0, 6), 0);
});

const day = (text) => Date.parse(`${text}T00:00Z`) / 1000;
const write = (list) => list.map(({ at, kind }) => `${new Date(at * 1000).toISOString().slice(0, 13)} ${kind}`);

test('time ticks: hours, days, Mondays, months and years', () => {
  assert.deepEqual(write(ticks.timeTicks(day('2026-03-02'), day('2026-03-02') + 23 * 3600, 'hour', 4)), [
    '2026-03-02T00 day',
    '2026-03-02T06 hour',
    '2026-03-02T12 hour',
    '2026-03-02T18 hour',
  ]);
  assert.deepEqual(write(ticks.timeTicks(day('2026-03-01'), day('2026-03-31'), 'day', 6)), [
    '2026-03-02T00 day',
    '2026-03-09T00 day',
    '2026-03-16T00 day',
    '2026-03-23T00 day',
    '2026-03-30T00 day',
  ]);
  assert.deepEqual(write(ticks.timeTicks(day('2025-11-15'), day('2026-02-15'), 'day', 4)), [
    '2025-12-01T00 month',
    '2026-01-01T00 year',
    '2026-02-01T00 month',
  ]);
});

test('time ticks: never more than there is room for, and never none', () => {
  for (const grain of ['hour', 'day', 'week', 'month']) {
    for (const days of [0, 1, 6, 20, 45, 100, 365, 1000, 4000]) {
      for (const room of [2, 4, 13]) {
        const from = day('2026-01-07');
        const found = ticks.timeTicks(from, from + days * 86400, grain, room);
        assert.ok(found.length >= 1 && found.length <= room, `${grain} ${days} ${room}`);
      }
    }
  }
});

test('gaps and the points that no line reaches', () => {
  const values = [null, 1, null, null, 2, 3, null];
  assert.deepEqual(ticks.gaps(values), [[0, 0], [2, 3], [6, 6]]);
  assert.deepEqual(ticks.isolated(values), [1]);
  assert.deepEqual(ticks.isolated([5]), [0]);
});

test('a sparkline breaks where a day is withheld', () => {
  assert.deepEqual(spark.sparkRuns([]), []);
  assert.deepEqual(spark.sparkRuns([null, null]), []);
  assert.deepEqual(spark.sparkRuns([0, 10, null, 5]).map((run) => run.length), [2, 1]);
  assert.deepEqual(spark.sparkRuns([0, 10])[0], [[3, 29], [117, 3]]);
});

const node = (id, column, kind = 'page') => ({ id, label: id, column, kind });

test('ways: pages by size, then sections, the rest, the exit', () => {
  const { nodes, links } = flow.orderFlow({
    nodes: [
      node('x', 1, 'exit'), node('rest', 1, 'other'), node('s', 1, 'section'),
      node('a', 0), node('b', 0), node('c', 1), node('d', 1), node('unused', 1),
    ],
    links: [
      { source: 'a', target: 'x', value: 90 },
      { source: 'a', target: 'c', value: 5 },
      { source: 'b', target: 'd', value: 7 },
      { source: 'b', target: 's', value: 50 },
      { source: 'b', target: 'rest', value: 60 },
    ],
  });
  assert.deepEqual(nodes.map(({ id }) => id), ['b', 'a', 'd', 'c', 's', 'rest', 'x']);
  assert.equal(links.length, 5);
  assert.deepEqual(flow.columnTotals(nodes), [212, 212, 0]);
});

test('ways that cannot be drawn are left out, doubles are one', () => {
  const { nodes, links } = flow.orderFlow({
    nodes: [node('a', 0), node('b', 1), node('c', 1)],
    links: [
      { source: 'a', target: 'b', value: 3 },
      { source: 'a', target: 'b', value: 4 },
      { source: 'b', target: 'a', value: 9 },
      { source: 'b', target: 'c', value: 9 },
      { source: 'a', target: 'c', value: 0 },
      { source: 'a', target: 'c', value: NaN },
      { source: 'a', target: 'gone', value: 9 },
    ],
  });
  assert.deepEqual(links, [{ source: 'a', target: 'b', value: 7 }]);
  assert.deepEqual(nodes.map(({ id, total }) => [id, total]), [['a', 7], ['b', 7]]);
});

test('ribbons keep to their rows and lie side by side in the bundle', () => {
  const rows = [30, 60, 10].map((value) => ({ label: '', value, kind: 'page' }));
  const found = inspector.ribbons(rows, 34, 51, 100);
  assert.deepEqual(found.map(({ row }) => row), [17, 51, 85]);
  assert.ok(Math.max(...found.map(({ width }) => width)) <= 34);
  found.slice(1).forEach((ribbon, i) => {
    assert.ok(Math.abs(ribbon.bundle - (found[i].bundle + found[i].width)) < 1e-9);
  });
  assert.ok(Math.abs(found[1].width / found[0].width - 2) < 1e-9);
  assert.deepEqual(inspector.ribbons([], 34, 51, 100), []);
});

test('pages a visit, and none without visits', () => {
  const row = (crawled, visits) => ({ company: '', crawled, visits, byPurpose: {} });
  assert.equal(ai.pagesPerVisit(row(855, 10)), 86);
  assert.equal(ai.pagesPerVisit(row(15, 10)), 1.5);
  assert.equal(ai.pagesPerVisit(row(0, 10)), 0);
  assert.equal(ai.pagesPerVisit(row(15, 0)), null);
});

test('the map has a place for every country of ISO 3166-1 but Antarctica', async () => {
  const { topology, dots } = await makeWorld(modules);
  const shapes = topology.objects.countries.geometries.map(({ id }) => id);
  const points = dots.map(([code]) => code);
  const rows = JSON.parse(readFileSync(require.resolve('i18n-iso-countries/codes.json')));
  const all = rows.map(([code]) => code).filter((code) => code !== 'AQ');
  assert.equal(new Set(rows.map(([code]) => code)).size, rows.length);
  assert.ok(rows.length >= 249);
  assert.deepEqual(all.filter((code) => !shapes.includes(code) && !points.includes(code)), []);
  assert.deepEqual(points.filter((code) => shapes.includes(code)), []);
  // What has more than one shape is what Natural Earth divides and ISO does not.
  const doubles = shapes.filter((code, i) => shapes.indexOf(code) !== i);
  assert.deepEqual(doubles.sort(), ['CY', 'SO']);
});

test('a few countries lie where they are', async () => {
  const { topology, dots } = await makeWorld(modules);
  const { feature } = require('topojson-client');
  const arcs = topology.arcs.map((flat) =>
    Array.from({ length: flat.length / 2 }, (_unused, i) => flat.slice(2 * i, 2 * i + 2)));
  const all = feature({ ...topology, arcs }, topology.objects.countries).features;
  const { geoContains } = await import(require.resolve('d3-geo'));
  const cities = {
    DE: [13.4, 52.5], FR: [2.35, 48.85], GF: [-52.9, 4.3], US: [-98, 39], NO: [10, 60.5],
    SJ: [16, 78.4], IN: [77.2, 28.6], XK: [20.9, 42.6], AU: [134, -25], BR: [-50, -15],
  };
  for (const [code, city] of Object.entries(cities)) {
    const found = all.filter((shape) => geoContains(shape, city)).map(({ id }) => id);
    assert.deepEqual(found, [code]);
  }
  const [, longitude, latitude] = dots.find(([code]) => code === 'SG');
  assert.ok(Math.abs(longitude - 103.8) < 0.3 && Math.abs(latitude - 1.35) < 0.3);
});

test('German has the words that English has, with the same parameters', () => {
  const parameters = (text) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
  const { chartWordsEn: en, chartWordsDe: de } = words;
  assert.deepEqual(Object.keys(de).sort(), Object.keys(en).sort());
  for (const key of Object.keys(en)) assert.deepEqual(parameters(de[key]), parameters(en[key]), key);
});
