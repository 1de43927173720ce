export { type Alike, type DataReport, dataReport, type Member, type SplitGroup, type Survey } from "./data-report.ts";
export { findings } from "./findings.ts";
export { renderDataReport } from "./render-data-report.ts";
export type { SizeSummary } from "./summaries.ts";
export type { Look, PictureFacts, SurveyedPicture } from "./surveyed-picture.ts";
