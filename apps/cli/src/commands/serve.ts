import { once } from "node:events";
import { command } from "../command/command.ts";
import { integer, textOr, texts } from "../command/option.ts";
import { modelFile } from "../model/model-file.ts";

export const serve = command({
  arguments: [],
  options: {
    model: texts("name=file", "an .onnx file or run folder, and the name in its address"),
    port: integer(8000, "0 takes any free port", { least: 0, most: 65_535 }),
    host: textOr("127.0.0.1", "address", "0.0.0.0 lets other machines in"),
  },
  examples: ["serve --model signs=runs/mine", "serve --model a=a.onnx b=b.onnx --port 9000"],
  async run({ options, io, signal, at }) {
    const { startServer } = await import("@resonnx/server");
    const models = await Promise.all(options.model.map((given) => withFile(given, at)));
    const server = await startServer({ models, port: options.port, host: options.host, log: (line) => io.err(line) });
    io.err(`listening on ${server.url}`);
    if (!signal.aborted) await once(signal, "abort");
    io.err("finishing the requests in progress");
    await server.close();
    return "done"; // a server has no other end than Ctrl-C
  },
});

/** `name=file` with the file's absolute path; what isn't of that form is left for the server to refuse. */
async function withFile(given: string, at: (path: string) => string): Promise<string> {
  const [, name, file] = /^([^=]*)=(.+)$/.exec(given) ?? [];
  return name === undefined || file === undefined ? given : `${name}=${await modelFile(at(file), "onnx")}`;
}
