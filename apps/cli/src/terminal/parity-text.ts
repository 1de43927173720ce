import type { ParityResult } from "@resonnx/parity";
import { table } from "./table.ts";

/** A parity check for people: a row a backend, and the verdict. */
export function parityText({ ok, reference, referenceProvider, backends }: ParityResult): string {
  const rows = backends.map(({ name, status, maxAbs, argmaxAgree, provider, reason }) => [
    name,
    status,
    maxAbs === null ? "" : maxAbs.toExponential(1),
    argmaxAgree === null ? "" : argmaxAgree ? "yes" : "no",
    reason ?? provider ?? "",
  ]);
  const partings = backends.flatMap(({ name, firstDifference }) =>
    firstDifference ? [`${name} ${firstDifference.text}`] : [],
  );
  const compared = backends.filter(({ status }) => status !== "skipped").length;
  const verdict = ok ? "all agree" : compared === 0 ? "none could run" : "not all agree";
  return [
    table(["Backend", "Status", "max |diff|", "Same arg-max", "Ran on, or why not"], rows),
    ...partings,
    `${compared} of ${backends.length} backends ran, ${verdict} with ${reference} (${referenceProvider ?? "reference"})`,
  ].join("\n\n");
}
