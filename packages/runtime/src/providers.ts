import { ResonnxError, reasonOf } from "@resonnx/base";

/** An execution provider that was asked for and isn't used, and why. */
export interface SkippedProvider {
  readonly provider: string;
  readonly reason: string;
}

export interface ProviderReport {
  /** The execution provider that really runs the model. */
  readonly provider: string;
  /** Those before it in the order, each with its reason. */
  readonly skipped: readonly SkippedProvider[];
}

/**
 * Opens a session on the first provider that can, each tried alone, so that none falls back silently. `open` throws the reason
 * why one can't. When all fail: `bad-input` if one that runs every model (`universal`) refused this one, else `unavailable`.
 */
export async function openFirst<Name extends string, Session>(
  order: readonly Name[],
  universal: Name,
  open: (provider: Name) => Promise<Session>,
): Promise<{ session: Session; report: ProviderReport }> {
  const skipped: SkippedProvider[] = [];
  for (const provider of order) {
    try {
      return { session: await open(provider), report: { provider, skipped } };
    } catch (error) {
      if (error instanceof ResonnxError && error.code === "aborted") throw error;
      skipped.push({ provider, reason: reasonFor(error) });
    }
  }
  const refusal = skipped.find(({ provider }) => provider === universal);
  if (refusal) {
    const what = "onnxruntime can't load the model";
    throw new ResonnxError("bad-input", {
      where: "model",
      what,
      got: refusal.reason,
      hint: "check the file with `resonnx inspect`",
    });
  }
  throw new ResonnxError("unavailable", {
    where: "providers",
    what: "none of them works here",
    got: skipped.map(({ provider, reason }) => `${provider}: ${reason}`).join("; ") || "an empty list",
    hint: `add ${universal}, which runs everywhere`,
  });
}

/** The reason in words; onnxruntime puts a source line and the C++ condition in front of some. */
function reasonFor(error: unknown): string {
  const reason = error instanceof ResonnxError ? error.facts.what : reasonOf(error);
  return reason.replace(/^\/onnxruntime_src\S+ .*? was false\. /s, "").trim();
}

/** The providers asked for, checked: known and each once. Throws `bad-input`. */
export function checkProviders<Name extends string>(asked: readonly string[], known: readonly Name[]): Name[] {
  return asked.map((name, i) => {
    const found = known.find((candidate) => candidate === name);
    if (found !== undefined && asked.indexOf(name) === i) return found;
    const what = found === undefined ? "unknown execution provider" : "named twice";
    throw new ResonnxError("bad-input", { where: "providers", what, got: name, wanted: known.join(", ") });
  });
}
