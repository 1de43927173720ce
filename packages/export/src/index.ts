export * from "./api.ts";
export { readArtifacts } from "./platform/node/read-artifacts.ts";
export { writeArtifacts } from "./platform/node/write-artifacts.ts";
export { writeAtomic } from "./platform/node/write-atomic.ts";
