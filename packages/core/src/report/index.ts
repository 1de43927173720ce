export { contactSheet, type Sheet } from "./contact-sheet.ts";
export type { DataSummary, ReportDetails, ShownMistake } from "./details.ts";
export { formatHistory, type HistoryRow, parseHistory } from "./history.ts";
export { renderPlot } from "./plot/render-plot.ts";
export { type RunReport, renderReport } from "./render-report.ts";
export type { Facts } from "./tables.ts";
