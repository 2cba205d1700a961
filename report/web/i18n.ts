/**
 * Words, numbers and dates in the reader's language. A language is a catalogue under
 * i18n/ and a line here; figures and dates are Intl's. Direction is the language's own,
 * and the style sheet knows no left and right.
 */
import { chartWordsDe, chartWordsEn } from './charts/words';
import type { Formats } from './charts/types';
import { DAY_SECONDS } from './days';
import { de } from './i18n/de';
import { en } from './i18n/en';
import type { Catalogue, Message } from './i18n/en';

interface Language {
  name: string;
  dir: 'ltr' | 'rtl';
  words: Catalogue & Record<string, Message>;
}

const LANGUAGES: Record<string, Language> = {
  en: { name: 'English', dir: 'ltr', words: { ...chartWordsEn, ...en } },
  de: { name: 'Deutsch', dir: 'ltr', words: { ...chartWordsDe, ...de } },
};

export const languages: readonly [string, string][] = Object.entries(LANGUAGES).map(
  ([code, language]) => [code, language.name],
);

export type Params = Record<string, string | number>;

export interface Words extends Formats {
  /** Of the catalogue: "en". */
  lang: string;
  /** Of numbers and dates: "en-GB". */
  locale: string;
  dir: 'ltr' | 'rtl';
  /** `n` picks the plural. A key that no catalogue has is itself. */
  t(key: string, params?: Params): string;
  has(key: string): boolean;
  /** With its sign. */
  change(share: number): string;
  difference(n: number): string;
  decimal(n: number): string;
  bytes(n: number): string;
  seconds(n: number): string;
  /** "2 to 8 March 2026", by days; the last one included. */
  days(from: number, last: number): string;
  list(items: string[]): string;
  country(code: string): string;
  language(code: string): string;
}

function fill(message: string, params: Params, number: (n: number) => string): string {
  return message.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    return value === undefined ? whole : typeof value === 'number' ? number(value) : value;
  });
}

/** The best of the reader's languages that there is a catalogue for. */
function choose(asked: string): [string, string] {
  const wishes = [asked, ...(globalThis.navigator?.languages ?? [])];
  for (const wish of wishes) {
    const code = wish.toLowerCase().split('-')[0]!;
    if (LANGUAGES[code]) {
      const locale = wishes.find((other) => other.toLowerCase().startsWith(`${code}-`));
      return [code, wish === asked && locale === undefined ? code : (locale ?? code)];
    }
  }
  return ['en', 'en-GB'];
}

/** A formatter that is made when it is first asked for, and kept: they are costly. */
function keep<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>();
  return (key) => {
    let one = made.get(key);
    if (one === undefined) made.set(key, (one = make(key)));
    return one;
  };
}

const DATES: Record<string, Intl.DateTimeFormatOptions> = {
  'hour-short': { hour: '2-digit', minute: '2-digit' },
  'hour-long': { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit',
    minute: '2-digit' },
  'day-short': { day: 'numeric', month: 'short' },
  'day-long': { weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' },
  'week-short': { day: 'numeric', month: 'short' },
  'week-long': { day: 'numeric', month: 'long', year: 'numeric' },
  'month-short': { month: 'short' },
  'month-long': { month: 'long', year: 'numeric' },
  range: { day: 'numeric', month: 'long', year: 'numeric' },
};

export function wordsOf(asked: string): Words {
  const [lang, locale] = choose(asked);
  const language = LANGUAGES[lang]!;
  const plural = new Intl.PluralRules(locale);
  const plain = new Intl.NumberFormat(locale);
  const compact = new Intl.NumberFormat(locale, { notation: 'compact',
    maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(locale, { style: 'percent',
    minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const whole = new Intl.NumberFormat(locale, { style: 'percent',
    maximumFractionDigits: 0 });
  const signed = new Intl.NumberFormat(locale, { style: 'percent',
    minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: 'exceptZero' });
  const signedWhole = new Intl.NumberFormat(locale, { style: 'percent',
    maximumFractionDigits: 0, signDisplay: 'exceptZero' });
  const differences = new Intl.NumberFormat(locale, { signDisplay: 'exceptZero' });
  const decimals = new Intl.NumberFormat(locale, { minimumFractionDigits: 2,
    maximumFractionDigits: 2 });
  const units = keep((unit) => new Intl.NumberFormat(locale, { style: 'unit', unit,
    unitDisplay: 'short', maximumFractionDigits: 1 }));
  const dates = keep((form) => new Intl.DateTimeFormat(locale, { timeZone: 'UTC',
    ...DATES[form] }));
  const regions = new Intl.DisplayNames([locale], { type: 'region' });
  const tongues = new Intl.DisplayNames([locale], { type: 'language' });
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' });
  const time = (seconds: number): Date => new Date(seconds * 1000);

  const t = (key: string, params: Params = {}): string => {
    const message: Message | undefined = language.words[key] ??
      (LANGUAGES.en!.words as Record<string, Message>)[key];
    if (message === undefined) return key;
    if (typeof message === 'string') return fill(message, params, plain.format);
    const form = plural.select(Number(params.n ?? 0));
    return fill(form === 'one' ? message.one : message.other, params, plain.format);
  };

  const bytes = (n: number): string => {
    const names = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'];
    let unit = 0;
    while (n >= 1000 && unit + 1 < names.length) {
      n /= 1000;
      unit++;
    }
    return units(names[unit]!).format(n);
  };

  const seconds = (n: number): string => {
    const hours = Math.floor(n / 3600);
    const minutes = Math.floor((n % 3600) / 60);
    if (hours) return `${t('unit.h', { n: hours })} ${t('unit.min', { n: minutes })}`;
    const rest = t('unit.s', { n: Math.round(n % 60) });
    return minutes ? `${t('unit.min', { n: minutes })} ${rest}` : rest;
  };

  return {
    lang,
    locale,
    dir: language.dir,
    t,
    has: (key) => key in language.words,
    number: (n) => plain.format(n),
    compact: (n) => (Math.abs(n) < 10000 ? plain.format(n) : compact.format(n)),
    percent: (share) => (share >= 0.9995 || share === 0 ? whole : percent).format(share),
    change: (share) => (Math.abs(share) >= 0.995 ? signedWhole : signed).format(share),
    difference: (n) => differences.format(n),
    decimal: (n) => decimals.format(n),
    bytes,
    seconds,
    date: (at, grain, length = 'long') => dates(`${grain}-${length}`).format(time(at)),
    hour: (hour) => dates('hour-short').format(time(hour * 3600)),
    // Day 4 of 1970 was a Monday.
    weekday: (day, length = 'long') => new Intl.DateTimeFormat(locale, { timeZone: 'UTC',
      weekday: length }).format(time((4 + day) * DAY_SECONDS)),
    days: (from, last) => dates('range').formatRange(time(from * DAY_SECONDS),
      time(last * DAY_SECONDS)),
    list: (items) => lists.format(items),
    country: (code) => (/^[A-Z]{2}$/.test(code) ? (regions.of(code) ?? code) : code),
    language: (code) => (/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/i.test(code)
      ? (tongues.of(code) ?? code) : code),
  };
}
