/** Entry: reads the data, draws the page, and looks for a newer one where there may be. */
import type { PageData } from './data';
import { blockOf, decode, load, unpack } from './data';
import { html } from './charts/dom';
import { wordsOf } from './i18n';
import { Page } from './page';

const words = wordsOf('');
const element = document.getElementById('data')!;
const root = html('div', { id: 'page' }, html('p', { class: 'loading' }, words.t('loading')));
document.body.append(root);

function fail(error: unknown): void {
  const why = typeof DecompressionStream === 'undefined' ? words.t('failed.browser')
    : words.t('failed', { why: error instanceof Error ? error.message : String(error) });
  root.replaceChildren(html('p', { class: 'note', role: 'alert' }, why));
}

/** What the file or the server has now; null: nothing newer. */
async function newer(seen: { block: string }): Promise<PageData | null> {
  if (element.dataset.url !== undefined) return load(element);
  const answer = await fetch(location.pathname + location.search, { cache: 'no-store' });
  const block = answer.ok ? blockOf(await answer.text()) : null;
  if (block === null || block === seen.block) return null;
  seen.block = block;
  return decode(await unpack(block));
}

/** A file cannot ask for itself: it is opened anew, at the same place. */
function watch(page: Page, seconds: number): void {
  const seen = { block: element.textContent ?? '' };
  setInterval(() => {
    if (document.hidden) return;
    if (location.protocol === 'file:') {
      location.reload();
      return;
    }
    newer(seen).then((data) => {
      if (data) page.renew(data);
    }, () => {
      // The server may be restarting: the next look will tell.
    });
  }, seconds * 1000);
}

load(element).then((data) => {
  const page = new Page(root, data);
  if (data.liveSeconds) watch(page, data.liveSeconds);
}).catch(fail);
