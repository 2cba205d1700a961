/**
 * What the page works out, without a browser: `node units.test.mjs NODE_MODULES`.
 * Expected figures are by hand from the columns below.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { pageModules } from './bundle.mjs';

const page = await pageModules(process.argv[2]);
const MONDAY = 20514; // 2026-03-02

/** A table of columns, from rows of each period: [[key, ...measures], ...] or null. */
function table(name, parts, measures, periods, threshold = 1, strings = []) {
  const keys = [];
  const raw = { parts, measures, threshold, rows: [], ids: [], values: measures.map(() => []),
    other: [], total: [], cut: [], cut_sum: [], keys: [] };
  for (const period of periods) {
    raw.rows.push(period ? period.rows.length : -1);
    const placed = (period?.rows ?? []).map(([key, ...values]) => {
      const text = JSON.stringify(key);
      if (!keys.includes(text)) keys.push(text);
      return [keys.indexOf(text), values];
    }).sort((a, b) => a[0] - b[0]);
    let next = 0;
    for (const [id, values] of placed) {
      raw.ids.push(id - next);
      next = id + 1;
      values.forEach((value, m) => raw.values[m].push(value));
    }
    const sum = placed.reduce((all, [, values]) => all + values[0], 0);
    raw.other.push(period?.other ?? 0);
    raw.cut.push(period?.cut ?? 0);
    raw.cut_sum.push(period?.cutSum ?? 0);
    raw.total.push(period ? sum + (period.other ?? 0) + (period.cutSum ?? 0) : 0);
  }
  for (const key of keys) {
    for (const part of JSON.parse(key)) {
      if (!strings.includes(part)) strings.push(part);
      raw.keys.push(strings.indexOf(part));
    }
  }
  return [name, raw];
}

const NAMES = ['pages', 'entry_pages', 'exit_pages', 'transitions', 'sources', 'countries',
  'hours', 'visit_duration', 'robots', 'ai_crawlers', 'downloads', 'site_searches', 'not_found'];

/** Three days: on the second /a is too rare, the third is withheld. */
function sample(change = () => {}) {
  const strings = [];
  const none = [null, null, null];
  const of = (name, parts, measures, periods = none, threshold = 1) =>
    table(name, parts, measures, periods, threshold, strings);
  const given = {
    pages: of('pages', ['page'], ['page_views', 'visits', 'visitors'], [
      { rows: [[['/'], 30, 14, 11], [['/a'], 10, 9, 8]], other: 2 },
      { rows: [[['/'], 20, 9, 9], [['/b/*'], 7, 5, 5]], other: 3, cut: 2, cutSum: 4 }, null]),
    entry_pages: of('entry_pages', ['page'], ['visits', 'visitors', 'bounces'], [
      { rows: [[['/'], 10, 9, 4]] }, { rows: [[['/'], 5, 5, 1]] }, null]),
    exit_pages: of('exit_pages', ['page'], ['visits', 'visitors'], [
      { rows: [[['/a'], 8, 7]] }, { rows: [] }, null]),
    transitions: of('transitions', ['from', 'to'], ['transitions', 'visitors'], [
      { rows: [[['/', '/a'], 6, 6], [['/b/*', '/'], 3, 3]] }, { rows: [[['/', '/a'], 2, 2]] }, null]),
    sources: of('sources', ['channel', 'name'], ['visits', 'visitors', 'page_views', 'bounces'], [
      { rows: [[['direct', ''], 5, 5, 9, 2], [['site', 'a.example'], 4, 4, 8, 1],
        [['site', '(other)'], 3, 3, 6, 1], [['ai assistant', 'ChatGPT'], 2, 2, 2, 1]] },
      { rows: [[['direct', ''], 6, 6, 9, 2]] }, null]),
    visit_duration: of('visit_duration', ['length'], ['visits'], [
      { rows: [[['0-10 s'], 2], [['1-1.5 min'], 6]] }, { rows: [[['2-3 min'], 4]] }, null]),
    ai_crawlers: of('ai_crawlers', ['robot', 'operator', 'purpose'], ['hits', 'page_views', 'bytes'], [
      { rows: [[['GPTBot', 'OpenAI', 'training'], 40, 30, 5]] },
      { rows: [[['ChatGPT-User', 'OpenAI', 'assistant'], 4, 3, 5]] }, { rows: [] }], 0),
  };
  const raw = {
    format: 1, version: '1', site: 's', zone: 'UTC', profile: 'internal', grain: 'day', rules: 1,
    k: 10, kn: 5, row_cap: 200, live_seconds: 0, asked: false, span: [MONDAY, MONDAY + 3],
    compare: null,
    run: { duplicate: 7, outside: 0, malformed: 1, excluded: 0, blank: 0, provisional: false },
    receipt: { kept: [], never_kept: [], risks: [] },
    periods: { start: [MONDAY, MONDAY + 1, MONDAY + 2], end: [MONDAY + 1, MONDAY + 2, MONDAY + 3],
      partial: [0, 1, 0], capped: [0, 0, 0] },
    totals: { visitors: [12, 10, null], visits: [15, 11, null], page_views: [42, 34, null],
      bounces: [6, 5, null], downloads: [3, 0, null], site_searches: [1, 0, null],
      bytes: [1000, 900, null] },
    lines: { human: { page_views: [42, 34, 3], assets: [1, 1, 1] }, robots: { ai: [40, 4, 0] },
      malformed: [2, 0, 0], excluded: [0, 0, 0], blank: [0, 1, 0] },
    tables: Object.fromEntries(NAMES.map((name) => given[name] ??
      of(name, ['key'], ['hits', 'a', 'b', 'c', 'd'], none, name === 'robots' ? 0 : 1))),
    strings,
  };
  change(raw);
  return page.decode(JSON.stringify(raw));
}

const all = { from: MONDAY, end: MONDAY + 3 };

test('sums of a span are those of its days', () => {
  const span = page.sumSpan(sample(), all);
  assert.deepEqual({ ...span.totals }, { visitors: 22, visits: 26, page_views: 76, bounces: 11,
    downloads: 3, site_searches: 1, bytes: 1900 });
  assert.equal(span.n, 3);
  assert.equal(span.nUnknown, 1);
  assert.equal(span.nBare, 0);
  assert.equal(span.nPartial, 1);
  const pages = span.table('pages');
  assert.deepEqual(pages.rows.map(({ key, values, periods }) => [key[0], ...values, periods]),
    [['/', 50, 23, 20, 2], ['/a', 10, 9, 8, 1], ['/b/*', 7, 5, 5, 1]]);
  assert.deepEqual([pages.other, pages.cut, pages.cutSum, pages.total, pages.periods],
    [5, 2, 4, 76, 2]);
  assert.equal(pages.rows.reduce((sum, row) => sum + row.values[0], 0) + 5 + 4, pages.total);
});

test('a span of one day has nothing of its neighbours', () => {
  const span = page.sumSpan(sample(), { from: MONDAY + 1, end: MONDAY + 2 });
  assert.equal(span.totals.visits, 11);
  assert.deepEqual(span.table('pages').rows.map(({ key }) => key[0]), ['/', '/b/*']);
  assert.equal(span.lines.all, 34 + 1 + 4 + 1);
  assert.equal(page.sumSpan(sample(), { from: MONDAY + 2, end: MONDAY + 3 }).totals, null);
  assert.equal(page.sumSpan(sample(), { from: MONDAY + 9, end: MONDAY + 10 }).n, 0);
});

test('lines add up, with those of no day where all days are shown', () => {
  const { lines } = page.sumSpan(sample(), all);
  assert.deepEqual([lines.humanSum, lines.robotsSum, lines.malformed, lines.duplicate,
    lines.blank, lines.all], [82, 44, 3, 7, 1, 137]);
  assert.equal(lines.hasRun, true);
  assert.equal(page.sumSpan(sample(), { from: MONDAY, end: MONDAY + 2 }).lines.duplicate, 0);
});

test('a row of some days only is at least so many', () => {
  const data = sample((raw) => raw.totals.visits);
  const span = page.sumSpan(data, { from: MONDAY, end: MONDAY + 2 });
  const pages = span.table('pages');
  assert.deepEqual(pages.rows.map((row) => page.isLeast(span, pages, row)), [false, true, true]);
  const robots = span.table('ai_crawlers');
  assert.deepEqual(robots.rows.map((row) => page.isLeast(span, robots, row)), [false, false]);
});

test('the median is read off the buckets', () => {
  // 12 visits: the sixth is the fourth of six from 60 to 90 s.
  assert.equal(page.sumSpan(sample(), all).median, 80);
  assert.equal(page.medianSeconds([]), null);
  assert.equal(page.medianSeconds([{ key: ['2 h +'], values: [3] }]), 7200);
});

test('a series has null where the key was no row', () => {
  const span = page.sumSpan(sample(), all);
  assert.deepEqual(page.seriesOf(span, 'pages', ['/a']), [10, null, null]);
  assert.deepEqual(page.seriesOf(span, 'pages', ['/'], 1), [14, 9, null]);
});

test('shares of page views add up to all of them', () => {
  const shares = page.pageShares(page.sumSpan(sample(), all));
  assert.deepEqual(shares, { named: 64, sections: 7, other: 5, withheld: 3 });
});

test('channels are sums of their sources', () => {
  const channels = page.groupRows(page.sumSpan(sample(), all).table('sources'), 'channels',
    (row) => row.key[0]);
  assert.deepEqual(channels.rows.map(({ key, values }) => [key[0], values[0]]),
    [['direct', 11], ['site', 7], ['ai assistant', 2]]);
});

test('the ways through the site add up at each page', () => {
  const { nodes, links } = page.flowData(page.sumSpan(sample(), all),
    { arrived: 'A', left: 'L', rest: 'R' });
  const flow = Object.fromEntries(links.map(({ source, target, value }) => [`${source}>${target}`, value]));
  assert.equal(flow['arrived>1 /'], 15);
  assert.equal(flow['1 />2 /a'], 8);
  assert.equal(flow['0 />1 /a'], 8);
  assert.equal(flow['1 /a>left'], 8);
  assert.equal(nodes.find(({ id }) => id === '0 /b/*').kind, 'section');
  assert.equal(page.pageOfNode('1 /a'), '/a');
  assert.equal(page.pageOfNode('left'), null);
  const { before, after, entries, exits, views } = page.inspectorData(page.sumSpan(sample(), all), '/', 'R');
  assert.deepEqual(before, [{ label: '/b/*', value: 3, kind: 'section' }]);
  assert.deepEqual(after, [{ label: '/a', value: 8, kind: 'page' }]);
  assert.deepEqual([entries, exits, views], [15, null, 50]);
});

test('AI: what a company took against what its assistant sent', () => {
  assert.deepEqual(page.aiRows(page.sumSpan(sample(), all)), [{ company: 'OpenAI', crawled: 33,
    byPurpose: { training: 30, search: 0, assistant: 3 }, visits: 2 }]);
});

test('what strangers wrote is made inert as it is read', () => {
  const data = sample((raw) => {
    raw.strings[0] = '/\u001b[31m\u202e</script>\u0000\ud800\u{e0041}';
    raw.site = 's\u2066';
  });
  const [row] = page.sumSpan(data, all).table('pages').rows;
  assert.equal(row.key[0], '/\ufffd[31m\ufffd</script>\ufffd\ufffd\ufffd');
  assert.equal(data.site, 's\ufffd');
  assert.equal(page.inert('Grüße, 日本, 😀'), 'Grüße, 日本, 😀');
});

test('CSV quotes, and disarms formulas', () => {
  assert.equal(page.csvText([['/a', 1, null], ['=cmd|\' /C calc\'!A0', 2, ''], ['say "x", y', 3, '']]),
    '/a,1,\n"\'=cmd|\' /C calc\'!A0",2,\n"say ""x"", y",3,\n');
  for (const cell of ['+1', '-1', '@x', '\ufffdx']) {
    assert.equal(page.csvText([[cell]]), `"'${cell}"\n`);
  }
});

test('a block is found in a page and unpacked', async () => {
  const json = JSON.stringify({ some: 'thing', with: 'ü'.repeat(50_000) });
  const block = deflateSync(json).toString('base64');
  const html = `<html><script type="x" id="data">${block}</script><script>1</script>`;
  assert.equal(page.blockOf(html), block);
  assert.equal(await page.unpack(page.blockOf(html)), json);
  assert.equal(page.blockOf('<script id="other">x</script>'), null);
});

test('days, weeks and months', () => {
  assert.equal(page.dayOfIso('2026-03-02'), MONDAY);
  assert.equal(page.isoOf(MONDAY), '2026-03-02');
  assert.equal(page.dayOfIso('2026-3-2'), null);
  assert.equal(page.weekdayOf(MONDAY), 0);
  assert.equal(page.isoOf(page.startOf('week', MONDAY + 6)), '2026-03-02');
  assert.equal(page.isoOf(page.startOf('month', MONDAY)), '2026-03-01');
  assert.equal(page.isoOf(page.monthAfter(MONDAY, -3)), '2025-12-01');
  assert.equal(page.isoOf(page.endOf('month', page.dayOfIso('2024-02-01'))), '2024-03-01');
  const march = { from: page.dayOfIso('2026-03-01'), end: page.dayOfIso('2026-04-01') };
  const iso = ({ from, end }) => [page.isoOf(from), page.isoOf(end)];
  // As ff_compare_days: days go back by days, months by months.
  assert.deepEqual(iso(page.previousOf('day', march)), ['2026-01-29', '2026-03-01']);
  assert.deepEqual(iso(page.previousOf('month', march)), ['2026-02-01', '2026-03-01']);
  assert.deepEqual(iso(page.yearBefore('day', march)), ['2025-03-02', '2025-04-02']);
  assert.deepEqual(iso(page.yearBefore('month', march)), ['2025-03-01', '2025-04-01']);
});

test('a link holds the state, and only what differs', () => {
  const data = sample();
  const state = page.openingState(data);
  assert.equal(page.writeState(data, state), '');
  Object.assign(state, { days: { from: MONDAY + 1, end: MONDAY + 2 }, compare: 'previous',
    metric: 'downloads', page: '/a&b=#ü', lang: 'de', theme: 'dark',
    tabs: { pages: 'exit_pages' },
    tables: { pages: { filter: '50% & more', sort: 'visits', isAscending: true, page: 2 } } });
  const link = page.writeState(data, state);
  assert.match(link, /^from=2026-03-03&to=2026-03-03&/);
  assert.deepEqual(page.readState(data, `#${link}`), state);
});

test('links of other hands do no harm', () => {
  const data = sample();
  const opening = page.openingState(data);
  for (const link of ['#from=x&to=y', '#from=2026-03-04&to=2026-03-02', '#from=1999-01-01&to=1999-02-01',
    '#compare=asked&metric=__proto__&grain=eon&theme=<b>', '#%', '#table.pages=p%3D-5']) {
    const state = page.readState(data, link);
    state.tables = {};
    assert.deepEqual(state, opening, link);
  }
  const wide = page.readState(data, '#from=2000-01-01&to=2100-01-01');
  assert.deepEqual(wide.days, all);
});

test('presets lie in the data and are told once', () => {
  const ids = page.presets(sample()).map(({ id }) => id);
  assert.deepEqual(ids, ['lastDay', 'all']);
});

test('a long report opens on its last week, or four, unless days were asked for', () => {
  const long = (n, asked) => sample((raw) => {
    const days = [...Array(n).keys()].map((i) => MONDAY + i);
    raw.periods = { start: days, end: days.map((day) => day + 1), partial: days.map(() => 0),
      capped: days.map(() => 0) };
    raw.span = [MONDAY, MONDAY + n];
    raw.asked = asked;
  });
  const length = (data) => {
    const { days, compare } = page.openingState(data);
    return [days.end - days.from, compare];
  };
  assert.deepEqual(length(long(13, false)), [13, 'none']);
  assert.deepEqual(length(long(14, false)), [7, 'previous']);
  assert.deepEqual(length(long(56, false)), [28, 'previous']);
  assert.deepEqual(length(long(56, true)), [56, 'none']);
});

test('changes: percent of whole figures, else the difference, marked', () => {
  const words = page.wordsOf('en');
  assert.equal(page.changeText(words, 120, 100, true), '+20.0%');
  assert.equal(page.changeText(words, 1015, 1000, true), '+1.5%');
  assert.equal(page.changeText(words, 5, 0, true), 'new');
  assert.equal(page.changeText(words, 120, 100, false), '≈ +20');
});

test('what changed is told where chance does not explain it', () => {
  const context = (now, before) => {
    const span = (visits) => ({ n: 1, nUnknown: 0, days: { from: 0, end: 1 }, totals: { visits },
      table: (name) => ({ rows: name === 'sources'
        ? [{ key: ['direct', ''], values: [visits], periods: 1 }] : [] }) });
    return { words: page.wordsOf('en'), span: span(now), other: span(before) };
  };
  const texts = (now, before) => page.changes(context(now, before)).map(({ text }) => text);
  assert.match(texts(2000, 1000)[0], /^Visits rose by 100.* to 2,000, from 1,000 in /);
  assert.match(texts(2000, 1000)[1], /^Most of what came in addition is from Direct or unknown \(\+1,000\)/);
  assert.match(texts(1000, 2000)[1], /^Most of what is missing is from Direct or unknown \(-1,000\)/);
  // 20 of 1,000: the square root of their sum is 45.
  assert.match(texts(1020, 1000)[1], /more than chance explains/);
});

test('each catalogue has each message, with the same parameters', () => {
  const parameters = (message) => [...new Set((typeof message === 'string' ? message
    : message.other).match(/\{\w+\}/g) ?? [])].sort();
  assert.deepEqual(Object.keys(page.de).sort(), Object.keys(page.en).sort());
  for (const [key, message] of Object.entries(page.en)) {
    assert.deepEqual(parameters(page.de[key]), parameters(message), key);
  }
});

test('numbers, lengths and dates by language', () => {
  const en = page.wordsOf('en');
  const de = page.wordsOf('de');
  assert.equal(en.number(1234567), '1,234,567');
  assert.equal(de.number(1234567), '1.234.567');
  assert.equal(en.t('grain.days', { n: 1 }), '1 day');
  assert.equal(en.t('grain.days', { n: 2 }), '2 days');
  assert.equal(de.percent(0.125).replace(/\s/, ' '), '12,5 %');
  assert.equal(en.bytes(1234567).replace(/\s/, ' '), '1.2 MB');
  assert.equal(en.seconds(164), '2m 44s');
  assert.equal(en.country('DE'), 'Germany');
  assert.equal(de.country('DE'), 'Deutschland');
  assert.equal(en.country('(unknown)'), '(unknown)');
  assert.equal(page.labelOf(de, 'countries', ['(unknown)']).text, 'unbekannt');
  assert.equal(page.labelOf(de, 'visit_duration', ['1-1.5 min']).text, '1–1,5 min');
  assert.equal(en.t('no such key'), 'no such key');
});
