import { arch, cpus, platform, release, totalmem } from "node:os";
import { command } from "../command/command.ts";
import { json, result } from "../command/json.ts";
import { type Check, checkBackends, checkEngines } from "../doctor/checks.ts";
import { packageVersions } from "../doctor/packages.ts";
import { table } from "../terminal/table.ts";

/** What `--json` prints. */
interface Diagnosis {
  readonly node: string;
  readonly platform: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly packages: Readonly<Record<string, string | null>>;
  readonly backends: readonly Check[];
  readonly engines: readonly Check[];
}

export const doctor = command({
  arguments: [],
  options: { json },
  examples: ["doctor", "doctor --json"],
  async run({ options, io, signal }) {
    const diagnosis: Diagnosis = {
      node: process.versions.node,
      platform: `${platform()} ${arch()} ${release()}`,
      cpu: cpus()[0]?.model ?? "unknown",
      cores: cpus().length,
      memoryGiB: Number((totalmem() / 2 ** 30).toFixed(1)),
      packages: await packageVersions(),
      backends: await checkBackends(io, signal),
      engines: await checkEngines(),
    };
    io.out(result(options.json, diagnosis, () => diagnosisText(diagnosis)));
    return "done";
  },
});

function diagnosisText({
  node,
  platform: system,
  cpu,
  cores,
  memoryGiB,
  packages,
  backends,
  engines,
}: Diagnosis): string {
  const rows = (checks: readonly Check[]) =>
    checks.map(({ name, works, detail }) => [name, works ? "works" : "no", detail]);
  return [
    `Node ${node} on ${system}\n${cpu}, ${cores} cores, ${memoryGiB} GiB of memory`,
    table(
      ["Package", "Version"],
      Object.entries(packages).map(([name, version]) => [name, version ?? "not installed"]),
    ),
    table(["Backend", "", "Ran on, or why not"], rows(backends)),
    table(["Training engine", "", "Why"], rows(engines)),
  ].join("\n\n");
}
