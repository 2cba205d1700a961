/** AI companies: what their crawlers took, and the visits that their assistants sent. */
import { truncateMiddle } from './charts/labels';
import type { AiRow } from './charts/types';
import type { Span } from './model';

/** Who runs an assistant that refers (ingest/data/referrers.tsv), where its name does not
 * say so, as the list of crawlers calls them (ingest/data/ai_agents.tsv). */
const COMPANIES: Record<string, string> = {
  'ChatGPT': 'OpenAI', 'Claude': 'Anthropic', 'Copilot': 'Microsoft',
  'GitHub Copilot': 'Microsoft', 'Gemini': 'Google', 'NotebookLM': 'Google', 'Grok': 'xAI',
  'Meta AI': 'Meta', 'Le Chat': 'Mistral AI', 'Doubao': 'ByteDance', 'Duck.ai': 'DuckDuckGo',
  'Kagi Assistant': 'Kagi', 'You': 'You.com', 'Alice AI': 'Yandex', 'Baidu AI': 'Baidu',
  'Qwen': 'Alibaba', 'Kimi': 'Moonshot AI', 'Manus': 'Butterfly Effect',
  'ChatGLM': 'Zhipu AI', 'Lumo': 'Proton', 'Yuanbao': 'Tencent',
};

export function companyOf(assistant: string): string {
  return COMPANIES[assistant] ?? assistant;
}

/** Names are from closed lists; a rollup of other hands may say anything. */
const NAME = 40;

/** Companies by what they took and sent; a purpose that nobody says counts as training. */
export function aiRows(span: Span): AiRow[] {
  const rows = new Map<string, AiRow>();
  const row = (company: string): AiRow => {
    // "OpenAI" and "openai" are one.
    const id = company.toLowerCase();
    let one = rows.get(id);
    if (!one) {
      one = { company: truncateMiddle(company, NAME), crawled: 0, byPurpose: { training: 0, search: 0, assistant: 0 }, visits: 0 };
      rows.set(id, one);
    }
    return one;
  };
  for (const { key: [, operator, purpose], values } of span.table('ai_crawlers').rows) {
    const one = row(operator!);
    const pages = values[1]!;
    one.crawled += pages;
    one.byPurpose[purpose === 'search' || purpose === 'assistant' ? purpose : 'training'] += pages;
  }
  for (const { key: [channel, name], values } of span.table('sources').rows) {
    if (channel === 'ai assistant') row(companyOf(name!)).visits += values[0]!;
  }
  return [...rows.values()].filter(({ crawled, visits }) => crawled || visits)
    .sort((a, b) => b.crawled + b.visits - a.crawled - a.visits);
}
