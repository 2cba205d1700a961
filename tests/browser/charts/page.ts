/** The harness: all charts on one page, over the sample that the address asks for, and
 * what they called back kept where the test can read it. */
import {
  AiBalance,
  BarList,
  HeatMap,
  PageInspector,
  Sankey,
  Sparkline,
  TimeChart,
  WorldMap,
  chartWordsEn,
  type Formats,
  type Translate,
} from '../../../report/web/charts/index';
import { SAMPLES, type Sample } from './data';

const asked = new URLSearchParams(location.search);
const locale = asked.get('dir') === 'rtl' ? 'ar-u-nu-latn' : 'en-GB';
document.documentElement.dir = asked.get('dir') ?? 'ltr';
const theme = asked.get('theme');
if (theme) document.documentElement.dataset['theme'] = theme;

const dates = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options });
const shortDay = dates({ day: 'numeric', month: 'short' });
const longDay = dates({ weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' });
const hourOfDay = dates({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const month = dates({ month: 'short' });
const monthYear = dates({ month: 'short', year: 'numeric' });
const shortWeekday = dates({ weekday: 'short' });
const longWeekday = dates({ weekday: 'long' });
const plain = new Intl.NumberFormat(locale);
const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
const regions = new Intl.DisplayNames(locale, { type: 'region', fallback: 'code' });

const fmt: Formats = {
  number: (n) => plain.format(n),
  compact: (n) => compact.format(n),
  percent: (share) => percent.format(share),
  date(seconds, grain, length = 'long') {
    const at = new Date(seconds * 1000);
    if (grain === 'month') return (length === 'short' ? month : monthYear).format(at);
    if (grain === 'hour') return hourOfDay.format(at);
    return (length === 'short' ? shortDay : longDay).format(at);
  },
  hour: (hour) => `${String(hour).padStart(2, '0')}:00`,
  weekday: (day, length = 'long') =>
    (length === 'short' ? shortWeekday : longWeekday).format(Date.UTC(2026, 0, 5 + day)),
};

const t: Translate = (key, params = {}) => {
  const text = (chartWordsEn as Record<string, string>)[key];
  if (text === undefined) throw new Error(`no word for ${key}`);
  return text.replace(/\{(\w+)\}/g, (_all, name: string) => String(params[name]));
};

const called: unknown[] = [];
const note = (what: string) => (...args: unknown[]) => called.push([what, ...args]);

function host(id: string, title: string): HTMLElement {
  const section = document.createElement('section');
  const head = document.createElement('h2');
  const element = document.createElement('div');
  head.textContent = title;
  element.id = id;
  section.append(head, element);
  document.querySelector('main')?.append(section);
  return element;
}

const common = (label: string) => ({ fmt, t, label });
const charts = {
  time: new TimeChart(host('time', 'Visits over time'), {
    ...common('Visits a day'),
    onRange: note('range'),
  }),
  spark: new Sparkline(host('spark', 'Sparkline'), { label: 'Course of visits' }),
  heat: new HeatMap(host('heat', 'When visits begin'), { ...common('Visits by hour'), unit: 'visits' }),
  flow: new Sankey(host('flow', 'Ways through the site'), {
    ...common('Ways through the site'),
    columns: ['Entry page', 'Next page', 'Then'],
    unit: 'visits',
    onPick: note('flow'),
  }),
  inspector: new PageInspector(host('inspector', 'One page'), {
    ...common('One page'),
    onPick: note('inspector'),
  }),
  world: new WorldMap(host('world', 'Countries'), {
    ...common('Visits by country'),
    unit: 'visits',
    name: (code) => {
      try {
        return regions.of(code) ?? code;
      } catch {
        return code;
      }
    },
    onPick: note('world'),
  }),
  bars: new BarList(host('bars', 'Answers'), { ...common('Answers'), onPick: note('bars') }),
  ai: new AiBalance(host('ai', 'AI: taken and sent'), common('AI: taken and sent')),
};

function show(name: string): void {
  const sample = (SAMPLES[name] as () => Sample)();
  for (const [key, chart] of Object.entries(charts)) {
    (chart as { update(data: unknown): void }).update(sample[key as keyof Sample]);
  }
}

function destroy(): void {
  for (const chart of Object.values(charts)) chart.destroy();
}

show(asked.get('data') ?? 'month');
Object.assign(window, { harness: { called, show, destroy, names: Object.keys(SAMPLES) } });
