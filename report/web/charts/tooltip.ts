/** The small card beside the pointer or the focus. It only repeats what the element's
 * name says to those who do not see it, so it is hidden from them. */
import { html, isRtl } from './dom';

export interface TooltipLine {
  /** A class of charts.css that paints the swatch. */
  swatch?: string;
  label: string;
  value: string;
}

export class Tooltip {
  private readonly card = html('div', { class: 'chart-tip', 'aria-hidden': 'true', hidden: true });

  /** `stage` is positioned (not static); the card stays inside it. */
  constructor(private readonly stage: HTMLElement) {
    stage.append(this.card);
  }

  /** x, y: the point meant, in pixels from the stage's left and top edge. */
  show(title: string, lines: readonly TooltipLine[], x: number, y: number): void {
    const rows = lines.map((line) =>
      html(
        'div',
        { class: 'chart-tip-line' },
        line.swatch ? html('i', { class: `chart-swatch ${line.swatch}` }) : null,
        html('bdi', {}, line.label),
        html('b', {}, line.value),
      ),
    );
    this.card.replaceChildren(html('bdi', { class: 'chart-tip-title' }, title), ...rows);
    this.card.hidden = false;
    this.place(x, y);
  }

  hide(): void {
    this.card.hidden = true;
  }

  private place(x: number, y: number): void {
    const gap = 14;
    const { offsetWidth: width, offsetHeight: height } = this.card;
    const room = this.stage.clientWidth;
    const ahead = isRtl(this.stage) ? x - gap - width : x + gap;
    const behind = isRtl(this.stage) ? x + gap : x - gap - width;
    const fits = ahead >= 0 && ahead + width <= room;
    const left = Math.max(0, Math.min(fits ? ahead : behind, room - width));
    const top = Math.max(0, Math.min(y - height / 2, this.stage.clientHeight - height));
    this.card.style.left = `${left}px`;
    this.card.style.top = `${top}px`;
  }
}
