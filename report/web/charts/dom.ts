/**
 * Elements, and what all charts have in common. Data gets into the document only by
 * textContent and setAttribute here, and styles by properties of style objects, which
 * a strict content security policy allows where it forbids style attributes.
 */
import { headAndTail } from './labels';
import type { Chart, ChartOptions } from './types';

export type Attributes = Record<string, string | number | boolean | undefined>;
type Child = Node | string | null | undefined;

const SVG = 'http://www.w3.org/2000/svg';

function fill(element: Element, attributes: Attributes, children: Child[]): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children) if (child != null) element.append(child);
}

export function html<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  fill(element, attributes, children);
  return element;
}

export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS(SVG, tag);
  fill(element, attributes, children);
  return element;
}

/** A label out of the data: its direction stays its own. */
export function bdi(label: string, className?: string): HTMLElement {
  return html('bdi', { class: className }, label);
}

/** A label that loses its middle where there is no room: its end stays to be seen. */
export function bdiWithEnd(label: string, className = ''): HTMLElement {
  const [head, tail] = headAndTail(label);
  const box = bdi('', `with-end ${className}`);
  box.append(html('span', { class: 'label-head' }, head), html('span', { class: 'label-tail' }, tail));
  return box;
}

/** Sets custom properties and the like; see above why not as an attribute. */
export function style(element: HTMLElement | SVGElement, rules: Record<string, string>): void {
  for (const [name, value] of Object.entries(rules)) element.style.setProperty(name, value);
}

export function isRtl(element: Element): boolean {
  return getComputedStyle(element).direction === 'rtl';
}

let ids = 0;
export function newId(): string {
  return `chart-${++ids}`;
}

/**
 * Draws when there is data and room for it: at update() and when the host's width
 * changes, at most once a frame. A host of no width (hidden) is drawn when it gets one.
 */
export abstract class Drawing<Data, Options = ChartOptions> implements Chart<Data> {
  protected data: Data | undefined;
  protected width = 0;
  private frame = 0;
  private readonly observer: ResizeObserver;
  private readonly life = new AbortController();
  /** For listeners on what outlives the chart: they end with it. */
  protected readonly whileAlive: AddEventListenerOptions = { signal: this.life.signal };

  constructor(
    protected readonly host: HTMLElement,
    protected readonly options: Options,
    private readonly className: string,
  ) {
    host.classList.add('chart', className);
    this.observer = new ResizeObserver(() => this.measure());
    this.observer.observe(host);
    window.addEventListener('beforeprint', () => this.fit(), this.whileAlive);
  }

  update(data: Data): void {
    this.data = data;
    this.width = Math.floor(this.host.clientWidth);
    if (this.width > 0) this.draw(data);
  }

  destroy(): void {
    this.life.abort();
    this.observer.disconnect();
    cancelAnimationFrame(this.frame);
    this.host.replaceChildren();
    this.host.classList.remove('chart', this.className, 'is-narrow', 'is-turned');
  }

  /** Fills the host anew for this.width. */
  protected abstract draw(data: Data): void;

  /** What changes with the width, when that is less than all. */
  protected resize(data: Data): void {
    this.draw(data);
  }

  private measure(): void {
    const width = Math.floor(this.host.clientWidth);
    if (width === this.width || width === 0 || this.data === undefined) return;
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.fit());
  }

  /** At once: what is printed has no other frame. */
  private fit(): void {
    const width = Math.floor(this.host.clientWidth);
    const before = this.width;
    if (width === before || width === 0 || this.data === undefined) return;
    this.width = width;
    if (before === 0) this.draw(this.data);
    else this.resize(this.data);
  }
}

/** The sentence in place of a chart of nothing. */
export function emptyNote(options: ChartOptions): HTMLElement {
  return html('p', { class: 'chart-empty' }, options.t('chart.empty'));
}
