/** What every chart of the page is made with. */
import type { ChartOptions } from './charts/types';
import type { Context } from './context';

export function chartOptions({ words }: Context, label: string): ChartOptions {
  return { fmt: words, t: words.t, label };
}

/** Charts keep the words that they were made with: another language is another chart. */
export class Made<T extends { destroy(): void }> {
  private made: T | null = null;
  private lang = '';

  get({ words }: Context, key: string, make: () => T): T {
    const wanted = `${words.lang} ${key}`;
    if (this.made && this.lang === wanted) return this.made;
    this.made?.destroy();
    this.lang = wanted;
    return (this.made = make());
  }
}
