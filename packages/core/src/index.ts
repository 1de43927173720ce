export * from "./augment/index.ts";
export * from "./checkpoint/index.ts";
export * from "./data/index.ts";
export * from "./initializers/index.ts";
export * from "./metrics/index.ts";
export * from "./models/index.ts";
export * from "./platform/node/index.ts";
export * from "./random/index.ts";
