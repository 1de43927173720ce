export * from "./api.ts";
export { readArtifacts } from "./platform/browser/read-artifacts.ts";
export { writeArtifacts } from "./platform/browser/write-artifacts.ts";
