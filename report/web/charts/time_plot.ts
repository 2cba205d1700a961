/** TimeChart's picture: uPlot's options, from the data and the style sheet's colours. */
import uPlot from 'uplot';
import { axisTicks } from './scales';
import { gaps, isolated, timeTicks, type TimeTick } from './time_ticks';
import type { TimeData, TimeOptions } from './types';

const STEP = { hour: 3600, day: 86400, week: 7 * 86400, month: 30.4 * 86400 };
/** Up to as many points, each is marked. */
const MARKED = 45;
const NARROW = 520;
const EDGE = 12;

/** A colour of charts.css as it is where `host` stands. */
function colourReader(host: Element): (name: string) => string {
  const computed = getComputedStyle(host);
  return (name) => computed.getPropertyValue(`--chart-${name}`).trim();
}

export function timePlotOptions(
  host: HTMLElement,
  data: TimeData,
  options: TimeOptions,
  width: number,
  scale: number,
): uPlot.Options {
  const colour = colourReader(host);
  const step = STEP[data.grain];
  const first = data.x[0] as number;
  const last = data.x[data.x.length - 1] as number;
  const pad = data.x.length > MARKED ? 0 : step / 2;
  const isNarrow = width < NARROW;
  const ticks = timeTicks(first, last, data.grain, Math.max(2, Math.floor(width / 78)));
  const edge = roomBehind(ticks[ticks.length - 1], last + pad, (width - 60) / (last - first || 1), options);
  const values = axisTicks(largest(data), isNarrow ? 3 : 4, !data.write);
  const top = values[values.length - 1] as number;
  const font = `${12 * scale}px ${getComputedStyle(host).fontFamily}`;
  const axis = { stroke: colour('soft'), font, ticks: { show: false } };
  const grid = { stroke: colour('grid'), width: scale };
  return {
    width: width * scale,
    height: (isNarrow ? 220 : 280) * scale,
    padding: [10 * scale, edge * scale, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false },
      bind: { dblclick: () => null },
      points: { size: 8, width: 2, stroke: (_u, i) => colour(ink(data, i)), fill: colour('card') },
    },
    scales: {
      x: { time: false, range: () => [first - pad, last + pad] },
      y: { range: () => [0, top] },
    },
    axes: [
      {
        ...axis,
        size: 30 * scale,
        gap: 6 * scale,
        grid: { show: false },
        ticks: { show: true, stroke: colour('grid'), width: scale, size: 5 * scale },
        splits: () => ticks.map((tick) => tick.at),
        values: () => ticks.map((tick) => tickLabel(tick, options)),
      },
      {
        ...axis,
        gap: 8 * scale,
        size: (_u, labels) => axisWidth(labels, scale),
        grid,
        splits: () => values,
        values: () => values.map((n) => (data.write ?? options.fmt.compact)(n)),
      },
    ],
    series: [{}, ...lines(data, colour, scale)],
    hooks: { drawClear: [(u) => drawGaps(u, data, colour, scale, options.t('chart.withheld'))] },
  };
}

/** Room on the right, so that a label close to the end is whole. */
function roomBehind(
  tick: TimeTick | undefined,
  end: number,
  pixelsPerSecond: number,
  options: TimeOptions,
): number {
  if (!tick) return EDGE;
  const half = (tickLabel(tick, options).length * 7.5) / 2;
  return Math.max(EDGE, half - (end - tick.at) * pixelsPerSecond);
}

function largest(data: TimeData): number {
  let max = 0;
  for (const row of [...data.series.map((s) => s.values), data.compare ?? []]) {
    for (const n of row) if (n !== null && n > max) max = n;
  }
  return max;
}

/** The colour's name of uPlot's series i, which counts from 1 and ends in the compared. */
function ink(data: TimeData, i: number): string {
  return i > data.series.length ? 'compare' : String(i);
}

function axisWidth(labels: string[] | null, scale: number): number {
  const longest = (labels ?? []).reduce((most, label) => Math.max(most, label.length), 1);
  return (16 + 7 * longest) * scale;
}

function tickLabel(tick: TimeTick, options: TimeOptions): string {
  const { fmt } = options;
  if (tick.kind === 'hour') return fmt.hour(Math.floor(tick.at / 3600) % 24);
  if (tick.kind === 'day') return fmt.date(tick.at, 'day', 'short');
  return fmt.date(tick.at, 'month', tick.kind === 'year' ? 'long' : 'short');
}

function lines(
  data: TimeData,
  colour: (name: string) => string,
  scale: number,
): uPlot.Series[] {
  const marks = (values: readonly (number | null)[]): uPlot.Series.Points => ({
    show: true,
    size: (data.x.length < 3 ? 9 : data.x.length <= MARKED ? 5 : 4) * scale,
    filter: () => (data.x.length <= MARKED ? null : isolated(values)),
  });
  const solid = data.series.map((series, i): uPlot.Series => {
    const stroke = colour(String(i + 1));
    return {
      stroke,
      width: 2 * scale,
      fill: i === 0 ? colour('fill') : undefined,
      points: { ...marks(series.values), fill: stroke },
    };
  });
  if (!data.compare) return solid;
  const dashed: uPlot.Series = {
    stroke: colour('compare'),
    width: 1.75 * scale,
    dash: [5 * scale, 4 * scale],
    points: { ...marks(data.compare), filter: () => isolated(data.compare ?? []) },
  };
  return [...solid, dashed];
}

/** Withheld points: hatched from half a step before to half a step behind, with the word
 * where it fits. */
function drawGaps(
  plot: uPlot,
  data: TimeData,
  colour: (name: string) => string,
  scale: number,
  word: string,
): void {
  const step = STEP[data.grain];
  const { ctx, bbox } = plot;
  const ratio = scale * uPlot.pxRatio;
  ctx.save();
  for (const [from, to] of gaps(data.series[0]?.values ?? [])) {
    const at = (i: number, by: number) =>
      plot.valToPos((data.x[i] as number) + by * step, 'x', true);
    const left = Math.max(bbox.left, at(from, -0.5));
    const right = Math.min(bbox.left + bbox.width, at(to, 0.5));
    hatch(ctx, left, bbox.top, right - left, bbox.height, colour('void'), ratio);
    ctx.font = `${11 * ratio}px ${getComputedStyle(plot.root).fontFamily}`;
    ctx.textAlign = 'center';
    ctx.fillStyle = colour('soft');
    if (ctx.measureText(word).width + 8 * ratio < right - left) {
      ctx.fillText(word, (left + right) / 2, bbox.top + 16 * ratio);
    }
  }
  ctx.restore();
}

function hatch(
  ctx: CanvasRenderingContext2D,
  left: number,
  top: number,
  width: number,
  height: number,
  stroke: string,
  ratio: number,
): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  ctx.beginPath();
  ctx.strokeStyle = stroke;
  ctx.lineWidth = ratio;
  // Lines at fixed places of the canvas, so that neighbours join.
  const gap = 6 * ratio;
  for (let x = Math.floor((left - height) / gap) * gap; x < left + width; x += gap) {
    ctx.moveTo(x, top + height);
    ctx.lineTo(x + height, top);
  }
  ctx.stroke();
  ctx.restore();
}
