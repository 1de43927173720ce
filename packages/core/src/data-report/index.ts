export type { Alike, Member } from "../data/alike.ts";
export { type DataReport, dataReport, type SplitGroup, type Survey } from "./data-report.ts";
export { findings } from "./findings.ts";
export type { Leak } from "./leaks.ts";
export { renderDataReport } from "./render-data-report.ts";
export type { SizeSummary } from "./summaries.ts";
export type { Look, PictureFacts, SurveyedPicture } from "./surveyed-picture.ts";
