/** A line the height of a word: the course of a figure, without axes. */
import { html, style, svg } from './dom';
import type { Chart, SparklineOptions } from './types';

const WIDTH = 120;
const HEIGHT = 32;
const EDGE = 3;

type Point = readonly [x: number, y: number];

/** The points of each unbroken run, in the drawing's units; 0 is the lower edge. */
export function sparkRuns(values: readonly (number | null)[]): Point[][] {
  const max = values.reduce<number>((most, n) => Math.max(most, n ?? 0), 0);
  const runs: Point[][] = [];
  let run: Point[] | null = null;
  values.forEach((value, i) => {
    if (value === null) {
      run = null;
      return;
    }
    const across = values.length < 2 ? 0.5 : i / (values.length - 1);
    const up = max > 0 ? value / max : 0;
    const point: Point = [
      EDGE + across * (WIDTH - 2 * EDGE),
      HEIGHT - EDGE - up * (HEIGHT - 2 * EDGE),
    ];
    if (run) run.push(point);
    else runs.push((run = [point]));
  });
  return runs;
}

function write(points: readonly Point[]): string {
  return points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L');
}

export class Sparkline implements Chart<readonly (number | null)[]> {
  constructor(
    private readonly host: HTMLElement,
    private readonly options: SparklineOptions = {},
  ) {
    host.classList.add('chart', 'chart-spark');
  }

  update(values: readonly (number | null)[]): void {
    const { label } = this.options;
    const picture = svg('svg', {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: 'none',
      role: label ? 'img' : undefined,
      'aria-label': label,
      'aria-hidden': label ? undefined : 'true',
    });
    const runs = sparkRuns(values);
    for (const run of runs) {
      const [first, last] = [run[0] as Point, run[run.length - 1] as Point];
      const line = run.length > 1 ? write(run) : `${write(run)}h.01`;
      const floor = HEIGHT - EDGE;
      picture.append(
        svg('path', {
          class: 'spark-area',
          d: `M${line}L${last[0].toFixed(1)} ${floor}H${first[0].toFixed(1)}Z`,
        }),
        svg('path', { class: run.length > 1 ? 'spark-line' : 'spark-dot', d: `M${line}` }),
      );
    }
    this.host.replaceChildren(picture);
    const end = values.length > 0 && values[values.length - 1] !== null;
    const last = runs[runs.length - 1];
    if (end && last) this.host.append(endDot(last[last.length - 1] as Point));
  }

  destroy(): void {
    this.host.replaceChildren();
    this.host.classList.remove('chart', 'chart-spark');
  }
}

/** The last point, outside the drawing, which is stretched and would flatten it. */
function endDot([x, y]: Point): HTMLElement {
  const dot = html('i', { class: 'spark-end', 'aria-hidden': 'true' });
  style(dot, { left: `${(x / WIDTH) * 100}%`, top: `${(y / HEIGHT) * 100}%` });
  return dot;
}
