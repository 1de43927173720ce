import { ResonnxError } from "@resonnx/base";
import { command } from "../command/command.ts";
import { group } from "../command/group.ts";
import { json, result } from "../command/json.ts";
import { text } from "../command/option.ts";
import { dataPath } from "../model/data-path.ts";
import { dataText } from "../terminal/data-text.ts";
import { progress } from "../terminal/progress.ts";

export const data = command({
  arguments: [
    { name: "action", about: "inspect" },
    { name: "folder", about: "labelled pictures: a folder, an archive, an .h5 or .npz file, or hand-signs" },
  ],
  options: {
    group,
    out: text("file.html", "also write a page with charts and the pictures that look alike"),
    json,
  },
  examples: [
    "data inspect pictures --out data.html",
    "data inspect pictures.zip --group '^([^_]+)_'",
    "data inspect hand-signs --json",
  ],
  async run({ args: [action = "", folder = ""], options, io, signal, at }) {
    if (action !== "inspect")
      throw new ResonnxError("bad-input", { where: "action", what: "unknown", got: action, wanted: "inspect" });
    if (options.out !== undefined && !/\.html?$/i.test(options.out)) throw notHtml(options.out);
    const { dataReport, findings, renderDataReport, surveyData } = await import("@resonnx/core");
    const survey = await surveyData(dataPath(folder, at), {
      ...{ signal, onProgress: progress(io, "pictures") },
      ...(options.group !== undefined && { group: options.group }),
    });
    const report = dataReport(survey);
    if (options.out !== undefined) {
      const { writeAtomic } = await import("@resonnx/export");
      await writeAtomic(at(options.out), await renderDataReport(report, survey.thumbnail));
      io.err(at(options.out));
    }
    io.out(result(options.json, report, () => dataText(report, findings(report))));
    return report.count > 0 ? "done" : "failed";
  },
});

const notHtml = (got: string): ResonnxError =>
  new ResonnxError("bad-input", {
    where: "--out",
    what: "the report is a page",
    got,
    wanted: "a file that ends in .html",
  });
