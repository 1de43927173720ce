// Brings dist up to date before the command runs: turbo, heard only when it takes long or fails.
import { spawn } from "node:child_process";

/** A build from turbo's cache takes less. */
const PATIENCE_MS = 3000;

const turbo = spawn("turbo run build --output-logs=errors-only", { shell: true, stdio: ["ignore", "pipe", "pipe"] });
const heard = [];
for (const stream of [turbo.stdout, turbo.stderr]) stream.on("data", (chunk) => heard.push(chunk));
const patience = setTimeout(() => console.error("building the packages, once ..."), PATIENCE_MS);
turbo.on("close", (code, signal) => {
  clearTimeout(patience);
  if (code === 0) return;
  process.stderr.write(Buffer.concat(heard));
  process.exitCode = code ?? (signal === "SIGINT" ? 130 : 1);
});
