/** Steps of axes and colours. Pure, so that it is tested without a browser. */

/** The next of 1, 2, 2.5, 5, 10, 20 ... that is not below n, for n > 0. */
export function niceAbove(n: number): number {
  const power = 10 ** Math.floor(Math.log10(n));
  for (const step of [1, 2, 2.5, 5, 10]) {
    if (step * power >= n * (1 - 1e-9)) return step * power;
  }
  return 10 * power;
}

/** Round numbers from 0 to at least `max`, `count` steps at most, for a value axis; whole
 * ones for counts. */
export function axisTicks(max: number, count: number, isWhole = true): number[] {
  const even = niceAbove((max > 0 ? max : 1) / count);
  const step = isWhole ? Math.max(1, Math.ceil(even)) : even;
  const ticks: number[] = [0];
  while ((ticks[ticks.length - 1] as number) < max || ticks.length < 2) {
    ticks.push(ticks.length * step);
  }
  return ticks;
}

/** The one of 1, 2, 5, 10, 20 ... that n is nearest to, by its ratio. */
function niceNear(n: number): number {
  const power = 10 ** Math.floor(Math.log10(n));
  const ratio = (step: number) => Math.abs(Math.log((step * power) / n));
  return [1, 2, 5, 10].reduce((best, step) => (ratio(step) < ratio(best) ? step : best)) * power;
}

/**
 * Upper bounds of up to `steps` colour classes for positive counts, each a round
 * number, the last at least the maximum. Countries differ by powers of ten, so the
 * classes grow by a factor: from the least to the most in equal ratios.
 */
export function colourBounds(values: readonly number[], steps: number): number[] {
  const counts = values.filter((n) => n > 0);
  if (counts.length === 0) return [];
  const most = counts.reduce((a, b) => Math.max(a, b));
  const least = counts.reduce((a, b) => Math.min(a, b));
  const bounds: number[] = [];
  for (let i = 1; i <= steps; i++) {
    const bound = i === steps ? most : least * (most / least) ** (i / steps);
    const round = Math.max(1, i === steps ? niceAbove(bound) : niceNear(bound));
    if (round >= least && round > (bounds[bounds.length - 1] ?? 0)) bounds.push(round);
    if (round >= most) break;
  }
  return bounds;
}

/** The class of `value` among bounds (0 is the first); -1 for nothing. */
export function classOf(value: number, bounds: readonly number[]): number {
  if (!(value > 0)) return -1;
  const found = bounds.findIndex((bound) => value <= bound);
  return found < 0 ? bounds.length - 1 : found;
}

/** The class of a share of the largest, 1 to `steps`; 0 is for zero only. */
export function evenClass(value: number, max: number, steps: number): number {
  if (!(value > 0) || !(max > 0)) return 0;
  return Math.max(1, Math.min(steps, Math.ceil((value / max) * steps)));
}
