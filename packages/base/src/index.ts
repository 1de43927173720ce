export * from "./errors/error.ts";
