/** The length of visits, read off fixed buckets (report/durations.c, aggregate/tables.c). */

/** Least seconds of each bucket; the last has no end. */
const FROM = [0, 10, 20, 30, 45, 60, 90, 120, 180, 240, 300, 420, 600, 900, 1200, 1800,
  2700, 3600, 5400, 7200];
export const DURATION_LABELS: readonly string[] = ['0-10 s', '10-20 s', '20-30 s', '30-45 s',
  '45-60 s', '1-1.5 min', '1.5-2 min', '2-3 min', '3-4 min', '4-5 min', '5-7 min',
  '7-10 min', '10-15 min', '15-20 min', '20-30 min', '30-45 min', '45-60 min', '1-1.5 h',
  '1.5-2 h', '2 h +'];
export const DEPTH_LABELS: readonly string[] = ['1', '2', '3', '4', '5', '6', '7', '8', '9',
  '10+'];
export const RESPONSE_LABELS: readonly string[] = ['0-5 ms', '5-10 ms', '10-25 ms',
  '25-50 ms', '50-100 ms', '100-250 ms', '250-500 ms', '500-1000 ms', '1-2.5 s',
  '2.5-5 s', '5-10 s', '10 s +'];

interface Bucket {
  key: readonly string[];
  values: readonly number[];
}

/** The visit in the middle, visits taken as spread evenly in a bucket; null of none. */
export function medianSeconds(rows: readonly Bucket[]): number | null {
  const visits = FROM.map(() => 0);
  for (const row of rows) {
    const bucket = DURATION_LABELS.indexOf(row.key[0]!);
    if (bucket >= 0) visits[bucket]! += row.values[0]!;
  }
  const sum = visits.reduce((a, b) => a + b, 0);
  let before = 0;
  for (let i = 0; i < FROM.length; i++) {
    const here = visits[i]!;
    if (here > 0 && before + here >= sum / 2) {
      const width = i + 1 < FROM.length ? FROM[i + 1]! - FROM[i]! : 0;
      return Math.floor(FROM[i]! + (width * (sum / 2 - before)) / here + 0.5);
    }
    before += here;
  }
  return null;
}
