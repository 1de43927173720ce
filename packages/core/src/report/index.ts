export { contactSheet, type Sheet } from "./contact-sheet.ts";
export type { DataSummary, HeatMapSource, ReportDetails, ShownMistake } from "./details.ts";
export { formatHistory, type HistoryRow, parseHistory } from "./history.ts";
export { LIVE_START, type LiveEnd, type LiveState, nextLiveState } from "./live/live-state.ts";
export { LIVE, liveCurves, liveNow, livePage } from "./live/render-live.ts";
export { renderPlot } from "./plot/render-plot.ts";
export { rateChart } from "./rate-chart.ts";
export { type RunReport, renderReport } from "./render-report.ts";
export type { Facts } from "./tables.ts";
