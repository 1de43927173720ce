export * from "./initializers/index.ts";
export * from "./models/index.ts";
