export { formatHistory, type HistoryRow, parseHistory } from "./history.ts";
export { type Facts, type RunReport, renderReport } from "./render-report.ts";
