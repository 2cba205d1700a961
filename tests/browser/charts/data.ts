/** Made-up figures for each chart, in the sorts that reports have: a usual week, a year,
 * nothing, one value, zeros, withheld days, and labels that mean harm. */
import type {
  AiData,
  BarData,
  FlowData,
  FlowLink,
  FlowNode,
  HeatData,
  InspectorData,
  NodeKind,
  TimeData,
} from '../../../report/web/charts/types';

export interface Sample {
  time: TimeData;
  spark: (number | null)[];
  heat: HeatData;
  flow: FlowData;
  inspector: InspectorData;
  world: Map<string, number>;
  bars: BarData;
  ai: AiData;
}

const DAY = 86400;
/** Monday 5 January 2026. */
const START = Date.UTC(2026, 0, 5) / 1000;

/** Numbers that look like chance but are the same each time. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function course(n: number, level: number, seed: number, step: number): number[] {
  const next = random(seed);
  return Array.from({ length: n }, (_unused, i) => {
    const weekend = step === DAY && i % 7 > 4 ? 0.55 : 1;
    const hour = step === DAY ? 1 : 0.2 + Math.max(0, Math.sin(((i % 24) / 24) * Math.PI * 2 - 1.6));
    const season = 1 + 0.3 * Math.sin(i / (n / 5));
    return Math.round(level * weekend * hour * season * (0.85 + 0.3 * next()));
  });
}

function time(n: number, grain: TimeData['grain'], holes: number[] = []): TimeData {
  const step = { hour: 3600, day: DAY, week: 7 * DAY, month: 30 * DAY }[grain];
  const blank = (row: number[]) => row.map((v, i) => (holes.includes(i) ? null : v));
  return {
    x: Array.from({ length: n }, (_unused, i) => START + i * step),
    series: [
      { label: 'Visits', values: blank(course(n, 900, 1, step)) },
      { label: 'Page views', values: blank(course(n, 2300, 2, step)) },
    ],
    compare: course(n, 820, 3, step),
    compareLabel: 'Visits, period before',
    compareX: Array.from({ length: n }, (_unused, i) => START + (i - n) * step),
    grain,
  };
}

function heat(hasWithheld: boolean): HeatData {
  const next = random(9);
  return {
    cells: Array.from({ length: 7 }, (_d, day) =>
      Array.from({ length: 24 }, (_h, hour) => {
        if (hasWithheld && hour > 1 && hour < 5) return null;
        const wave = Math.max(0, Math.sin(((hour - 5) / 18) * Math.PI));
        return Math.round(240 * wave * (day > 4 ? 0.45 : 1) * (0.75 + 0.5 * next()));
      }),
    ),
  };
}

const PAGES = [
  '/',
  '/pricing',
  '/blog/2026/how-we-count-visits-without-keeping-anything-about-anybody/',
  '/docs/getting-started',
  '/product/tour',
  '/search',
  '/contact',
];

function flow(names: string[]): FlowData {
  const kinds = (i: number): NodeKind => (i < names.length - 2 ? 'page' : i === names.length - 2 ? 'section' : 'other');
  const next = random(4);
  const nodes: FlowNode[] = [];
  for (const column of [0, 1] as const) {
    names.forEach((label, i) => nodes.push({ id: `${column}${i}`, label, column, kind: kinds(i) }));
  }
  nodes.push({ id: '1x', label: 'End of the visit', column: 1, kind: 'exit' });
  names.slice(0, 4).forEach((label, i) => nodes.push({ id: `2${i}`, label, column: 2, kind: 'page' }));
  nodes.push({ id: '2x', label: 'End of the visit', column: 2, kind: 'exit' });
  const links: FlowLink[] = [];
  names.forEach((_name, i) => {
    const size = 2200 / (i + 1.2);
    names.forEach((_other, j) => {
      if (i !== j && next() > 0.35) {
        links.push({ source: `0${i}`, target: `1${j}`, value: Math.round(size * next() * 0.35) + 10 });
      }
    });
    links.push({ source: `0${i}`, target: '1x', value: Math.round(size * 0.5) });
  });
  names.forEach((_name, j) => {
    const came = links.filter((l) => l.target === `1${j}`).reduce((n, l) => n + l.value, 0);
    links.push({ source: `1${j}`, target: '2x', value: Math.round(came * 0.55) });
    for (let k = 0; k < 4; k++) {
      links.push({ source: `1${j}`, target: `2${k}`, value: Math.round(came * 0.11) });
    }
  });
  return { nodes, links };
}

function inspector(page: string, names: string[]): InspectorData {
  const neighbours = (seed: number) => {
    const next = random(seed);
    return names
      .map((label, i) => ({
        label,
        value: Math.round(600 * next()) + 11,
        kind: (i === names.length - 1 ? 'other' : i === names.length - 2 ? 'section' : 'page') as NodeKind,
      }))
      .sort((a, b) => b.value - a.value);
  };
  return { page, before: neighbours(5), after: neighbours(6), entries: 640, exits: 412, views: 3181 };
}

const COUNTRIES: [string, number][] = [
  ['DE', 12410], ['US', 6020], ['FR', 2390], ['GB', 2210], ['AT', 1980], ['CH', 1740], ['NL', 920],
  ['IN', 610], ['PL', 450], ['BR', 310], ['SG', 270], ['JP', 240], ['CA', 220], ['AU', 180], ['SE', 160],
  ['ES', 150], ['IT', 140], ['MT', 64], ['HK', 58], ['ZA', 40], ['MX', 33], ['KE', 21], ['CN', 18], ['CY', 14],
  ['XK', 12], ['RE', 11], ['AQ', 10], ['??', 87],
];

const BARS: BarData = {
  rows: [
    { label: '2xx', value: 48210, tone: 'good' },
    { label: '3xx', value: 6120, tone: 'calm' },
    { label: '404', value: 911, tone: 'warn' },
    { label: '5xx', value: 37, tone: 'bad' },
    { label: '/blog/*', value: 2200, kind: 'section' },
    { label: 'everything else', value: 840, kind: 'other' },
    { label: 'up to 10 ms', value: null },
  ],
};

const AI: AiData = [
  { company: 'OpenAI', crawled: 18230, byPurpose: { training: 11400, search: 4830, assistant: 2000 }, visits: 214 },
  { company: 'Anthropic', crawled: 9120, byPurpose: { training: 7300, search: 900, assistant: 920 }, visits: 61 },
  { company: 'Google', crawled: 5210, byPurpose: { training: 5210, search: 0, assistant: 0 }, visits: 88 },
  { company: 'Perplexity', crawled: 1830, byPurpose: { training: 0, search: 1400, assistant: 430 }, visits: 133 },
  { company: 'Meta', crawled: 7340, byPurpose: { training: 7340, search: 0, assistant: 0 }, visits: 0 },
  { company: 'Common Crawl', crawled: 940, byPurpose: { training: 940, search: 0, assistant: 0 }, visits: 0 },
];

/** What must stay text, wherever a label is shown. */
export const HOSTILE = [
  '<img src=x onerror="window.harmed=1">',
  '</script><script>window.harmed=1</script>',
  '"><svg onload=window.harmed=1>',
  'javascript:window.harmed=1',
  '=cmd|\' /C calc\'!A0',
  '/left\u202e/thgir/gpj.exe',
  '\u001b[31mred\u001b[0m',
  '/مرحبا/العالم/صفحة',
  '/' + 'long-'.repeat(13000),
  '👨\u200d👩\u200d👧\u200d👦'.repeat(40),
];

function usual(n: number): Sample {
  return {
    time: time(n, 'day'),
    spark: course(n, 900, 1, DAY),
    heat: heat(false),
    flow: flow([...PAGES, '/blog/*', 'other pages']),
    inspector: inspector('/pricing', [...PAGES.filter((p) => p !== '/pricing'), '/blog/*', 'other pages']),
    world: new Map(COUNTRIES),
    bars: BARS,
    ai: AI,
  };
}

function constant(n: number): Sample {
  const sample = usual(1);
  return {
    ...sample,
    time: { x: [START], series: [{ label: 'Visits', values: [n] }], grain: 'day' },
    spark: [n],
    heat: { cells: Array.from({ length: 7 }, (_d, d) => Array.from({ length: 24 }, (_h, h) => (d + h === 0 ? n : 0))) },
    flow: {
      nodes: [
        { id: 'a', label: '/', column: 0, kind: 'page' },
        { id: 'b', label: 'End', column: 1, kind: 'exit' },
      ],
      links: [{ source: 'a', target: 'b', value: n }],
    },
    inspector: { page: '/', before: [], after: [], entries: n, exits: n, views: n },
    world: new Map([['SG', n]]),
    bars: { rows: [{ label: 'all', value: n }] },
    ai: [{ company: 'OpenAI', crawled: n, byPurpose: { training: 0, search: 0, assistant: n }, visits: n }],
  };
}

function hostile(): Sample {
  const sample = usual(14);
  return {
    ...sample,
    time: {
      ...sample.time,
      series: HOSTILE.slice(0, 4).map((label, i) => ({ label, values: course(14, 300 * (i + 1), i, DAY) })),
      compareLabel: HOSTILE[5] as string,
    },
    flow: flow(HOSTILE),
    inspector: inspector(HOSTILE[0] as string, HOSTILE),
    world: new Map([[HOSTILE[0] as string, 99], ['__proto__', 50], ['constructor', 20], ['DE', 30]]),
    bars: { rows: HOSTILE.map((label, i) => ({ label, value: 100 - i })) },
    ai: HOSTILE.map((company, i) => ({ company, crawled: 100 * i + 10, byPurpose: { training: 10, search: 0, assistant: 0 }, visits: i })),
  };
}

function nothing(): Sample {
  return {
    time: { x: [], series: [], grain: 'day' },
    spark: [],
    heat: { cells: [] },
    flow: { nodes: [], links: [] },
    inspector: { page: '/', before: [], after: [], entries: 0, exits: 0, views: 0 },
    world: new Map(),
    bars: { rows: [] },
    ai: [],
  };
}

function withheld(): Sample {
  const sample = usual(30);
  return {
    ...sample,
    time: time(30, 'day', [4, 5, 6, 7, 12, 14, 29]),
    spark: sample.spark.map((n, i) => ([4, 5, 6, 12, 14].includes(i) ? null : n)),
    heat: heat(true),
    inspector: { ...sample.inspector, entries: null, exits: null, views: null },
  };
}

export const SAMPLES: Record<string, () => Sample> = {
  week: () => usual(7),
  month: () => usual(31),
  year: () => usual(365),
  hours: () => ({ ...usual(7), time: time(14 * 24, 'hour') }),
  weeks: () => ({ ...usual(52), time: time(52, 'week') }),
  nothing,
  zero: () => constant(0),
  one: () => constant(12),
  withheld,
  hostile,
};
