/**
 * Countries by colour, on an equal-area projection, since the eye adds areas up.
 *
 * Shapes are made once; update() only colours them. One stop for the keyboard, whose
 * arrows go through the countries from most to fewest: that is the order of interest,
 * and it reaches the small ones that no neighbour leads to.
 */
import { geoEqualEarth, geoPath } from 'd3-geo';
import { Drawing, emptyNote, html, newId, svg } from './dom';
import { classOf, colourBounds } from './scales';
import { countryDots, countryShapes } from './topology';
import { Tooltip } from './tooltip';
import type { WorldData, WorldOptions } from './types';

/** The drawing's units; the style sheet scales it. */
const WIDTH = 1000;
/** Room around the shapes, for the outline of the one in focus. */
const EDGE = 4;
const STEPS = 5;
/** Radius of a country that is a point, in pixels of the screen. */
const DOT = 4;
const CODE = /^[A-Z]{2}$/;

interface Place {
  element: SVGElement;
  x: number;
  y: number;
}

export class WorldMap extends Drawing<WorldData, WorldOptions> {
  private readonly places = new Map<string, Place>();
  private readonly dots: SVGCircleElement[] = [];
  private readonly picture = svg('svg', { role: 'group' });
  /** The outline of the country in focus, above all others. */
  private readonly outline = svg('g', { class: 'world-outline', 'aria-hidden': 'true' });
  private readonly stage = html('div', { class: 'chart-stage' });
  private readonly legend = html('ul', { class: 'chart-legend' });
  private readonly note = html('div', { class: 'chart-note-slot' });
  private readonly tooltip: Tooltip;
  /** Codes on the map that have a figure, from most to fewest. */
  private order: string[] = [];
  private current = '';

  constructor(host: HTMLElement, options: WorldOptions) {
    super(host, options, 'chart-world');
    const help = html('p', { class: 'chart-help', id: newId() }, options.t('chart.mapHelp'));
    this.picture.setAttribute('aria-describedby', help.id);
    this.makeShapes();
    this.stage.append(this.picture);
    this.tooltip = new Tooltip(this.stage);
    host.append(this.stage, help, this.legend, this.note);
    this.picture.addEventListener('pointerover', (event) => this.onPoint(event));
    this.picture.addEventListener('pointerleave', () => this.leave());
    this.picture.addEventListener('focusin', (event) => this.onPoint(event));
    this.picture.addEventListener('focusout', () => this.leave());
    this.picture.addEventListener('keydown', (event) => this.onKey(event));
    this.picture.addEventListener('click', (event) => this.onClick(event));
  }

  protected override resize(): void {
    const radius = (DOT * WIDTH) / Math.max(this.width, 320);
    for (const dot of this.dots) dot.setAttribute('r', radius.toFixed(1));
  }

  protected draw(data: WorldData): void {
    this.resize();
    const known = [...data].filter(([, n]) => n > 0).sort((a, b) => b[1] - a[1]);
    const drawn = known.filter(([code]) => this.places.has(code));
    const bounds = colourBounds(drawn.map(([, n]) => n), STEPS);
    this.order = drawn.map(([code]) => code);
    if (!this.order.includes(this.current)) this.current = this.order[0] ?? '';
    for (const [code, place] of this.places) this.colour(code, place, data.get(code) ?? 0, bounds);
    this.picture.setAttribute('aria-label', this.summary(drawn));
    this.picture.setAttribute('role', drawn.length > 0 ? 'group' : 'img');
    this.legend.replaceChildren(...(drawn.length > 0 ? this.legendItems(bounds) : []));
    this.note.replaceChildren(...this.notes(known));
  }

  private makeShapes(): void {
    const shapes = countryShapes();
    // Turned so that the cut is in the Bering Strait and Russia is in one piece.
    const projection = geoEqualEarth().rotate([-11, 0]);
    const all = { type: 'FeatureCollection' as const, features: shapes };
    projection.fitWidth(WIDTH - 2 * EDGE, all);
    const [x0, y0] = projection.translate();
    projection.translate([x0 + EDGE, y0 + EDGE]);
    const path = geoPath(projection).digits(1);
    const height = Math.ceil(path.bounds(all)[1][1]) + EDGE;
    this.picture.setAttribute('viewBox', `0 0 ${WIDTH} ${height}`);
    const lines = new Map<string, string>();
    for (const shape of shapes) {
      const code = String(shape.id);
      lines.set(code, (lines.get(code) ?? '') + (path(shape) ?? ''));
      const [x, y] = path.centroid(shape);
      if (!this.places.has(code)) this.places.set(code, { element: svg('path'), x, y });
    }
    for (const [code, d] of lines) this.place(code).element.setAttribute('d', d);
    for (const [code, longitude, latitude] of countryDots()) {
      const [x, y] = projection([longitude, latitude]) ?? [0, 0];
      const dot = svg('circle', { cx: x.toFixed(1), cy: y.toFixed(1), r: DOT });
      this.dots.push(dot);
      this.places.set(code, { element: dot, x, y });
    }
    for (const [code, { element }] of this.places) {
      element.setAttribute('data-code', code);
      this.picture.append(element);
    }
    this.picture.append(this.outline);
  }

  private place(code: string): Place {
    return this.places.get(code) as Place;
  }

  private colour(code: string, { element }: Place, n: number, bounds: readonly number[]): void {
    const step = classOf(n, bounds);
    element.setAttribute('class', step < 0 ? 'world-none' : `world-${depth(step, bounds.length)}`);
    if (step < 0) {
      for (const name of ['tabindex', 'role', 'aria-label']) element.removeAttribute(name);
      element.setAttribute('aria-hidden', 'true');
      return;
    }
    element.removeAttribute('aria-hidden');
    element.setAttribute('tabindex', code === this.current ? '0' : '-1');
    element.setAttribute('role', this.options.onPick ? 'button' : 'img');
    element.setAttribute('aria-label', this.sentence(code, n));
  }

  private sentence(code: string, n: number): string {
    const { fmt, name, unit } = this.options;
    return `${name(code)}: ${fmt.number(n)} ${unit}`;
  }

  private summary(drawn: readonly (readonly [string, number])[]): string {
    const { fmt, t, label } = this.options;
    if (drawn.length === 0) return `${label}: ${t('chart.empty')}`;
    const top = drawn.slice(0, 3).map(([code, n]) => this.sentence(code, n));
    return t('chart.mapSummary', { label, n: fmt.number(drawn.length), top: top.join(', ') });
  }

  private legendItems(bounds: readonly number[]): HTMLElement[] {
    const { fmt, t } = this.options;
    const item = (swatch: string, text: string) =>
      html('li', {}, html('i', { class: `chart-swatch ${swatch}` }), text);
    const steps = bounds.map((bound, i) => {
      const to = fmt.compact(bound);
      const below = bounds[i - 1];
      const from = below === undefined ? '' : fmt.compact(below + 1);
      const isLast = i === bounds.length - 1;
      const text =
        below === undefined
          ? t('chart.upTo', { n: to })
          : isLast
            ? t('chart.over', { n: fmt.compact(below) })
            : t('chart.range', { from, to });
      return item(`world-${depth(i, bounds.length)}`, text);
    });
    return [item('world-none', t('chart.mapNone')), ...steps];
  }

  /** What the map cannot show, in words. */
  private notes(known: readonly (readonly [string, number])[]): HTMLElement[] {
    const { fmt, t, name } = this.options;
    if (known.length === 0) return [emptyNote(this.options)];
    const off = known.filter(([code]) => !this.places.has(code));
    const named = off.filter(([code]) => CODE.test(code)).map(([code]) => name(code));
    const unknown = off.filter(([code]) => !CODE.test(code)).reduce((sum, [, n]) => sum + n, 0);
    const notes: string[] = [];
    if (named.length > 0) notes.push(t('chart.mapUndrawn', { names: named.join(', ') }));
    if (unknown > 0) notes.push(t('chart.mapUnknown', { n: fmt.number(unknown) }));
    return notes.length > 0 ? [html('p', { class: 'chart-note' }, notes.join(' · '))] : [];
  }

  private codeOf(event: Event): string | undefined {
    const code = (event.target as Element).getAttribute('data-code');
    return code !== null && this.order.includes(code) ? code : undefined;
  }

  private onPoint(event: Event): void {
    const code = this.codeOf(event);
    if (code === undefined || !this.data) {
      this.leave();
      return;
    }
    if (event.type === 'focusin') this.moveStop(code);
    const { element, x, y } = this.place(code);
    const outline = element.cloneNode() as SVGElement;
    for (const name of ['tabindex', 'role', 'aria-label', 'data-code', 'class']) {
      outline.removeAttribute(name);
    }
    this.outline.replaceChildren(outline);
    const scale = this.picture.clientWidth / WIDTH;
    const { fmt, name, unit } = this.options;
    const value = fmt.number(this.data.get(code) ?? 0);
    this.tooltip.show(name(code), [{ label: unit, value }], x * scale, y * scale);
  }

  private leave(): void {
    this.tooltip.hide();
    this.outline.replaceChildren();
  }

  private moveStop(code: string): void {
    if (code === this.current) return;
    this.places.get(this.current)?.element.setAttribute('tabindex', '-1');
    this.current = code;
    this.place(code).element.setAttribute('tabindex', '0');
  }

  private onClick(event: Event): void {
    const code = this.codeOf(event);
    if (code !== undefined) this.options.onPick?.(code);
  }

  private onKey(event: KeyboardEvent): void {
    const at = this.order.indexOf(this.current);
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const last = this.order.length - 1;
    const targets: Record<string, number> = {
      ArrowRight: at + 1,
      ArrowDown: at + 1,
      ArrowLeft: at - 1,
      ArrowUp: at - 1,
      Home: 0,
      End: last,
    };
    const target = targets[event.key];
    if (target !== undefined) {
      const code = this.order[Math.max(0, Math.min(last, target))] as string;
      this.place(code).element.focus();
    } else if ((event.key === 'Enter' || event.key === ' ') && this.options.onPick) {
      this.options.onPick(this.current);
    } else {
      return;
    }
    event.preventDefault();
  }
}

/** Of five colours, those that `n` classes use: the darkest is always the most. */
function depth(step: number, n: number): number {
  return STEPS - n + step;
}
