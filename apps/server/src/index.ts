export { createServer, LOG_LEVELS, type LogLevel, type ServerOptions } from "./create-server.ts";
export { type StartOptions, startServer } from "./start-server.ts";
