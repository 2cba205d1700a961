/** All charts; what they take is in types.ts. */
export { AiBalance } from './ai_balance';
export { BarList } from './bar_list';
export { HeatMap } from './heat_map';
export { PageInspector } from './page_inspector';
export { Sankey } from './sankey';
export { Sparkline } from './sparkline';
export { TimeChart } from './time_chart';
export { WorldMap } from './world_map';
export { chartWordsDe, chartWordsEn } from './words';
export type * from './types';
