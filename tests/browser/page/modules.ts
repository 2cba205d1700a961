/** What units.test.mjs looks at. */
export { changeText, rateColumn } from '../../../report/web/columns';
export { csvText } from '../../../report/web/csv';
export { blockOf, decode, inert, unpack } from '../../../report/web/data';
export { dayOfIso, endOf, isoOf, monthAfter, previousOf, startOf, weekdayOf, yearBefore }
  from '../../../report/web/days';
export { medianSeconds } from '../../../report/web/durations';
export { flowData, inspectorData, pageOfNode } from '../../../report/web/flow';
export { wordsOf } from '../../../report/web/i18n';
export { de } from '../../../report/web/i18n/de';
export { en } from '../../../report/web/i18n/en';
export { changes, movers } from '../../../report/web/insights';
export { groupRows, labelOf, selectRows } from '../../../report/web/labels';
export { indexRows, isLeast, pageShares, seriesOf, sumSpan } from '../../../report/web/model';
export { openingState, presets, readState, wholePeriods, writeState }
  from '../../../report/web/state';
export { aiRows } from '../../../report/web/ai';
