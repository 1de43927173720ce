import type { io, LayersModel } from "@tensorflow/tfjs";

/** What an export starts from: a model in memory, or what a file or tfjs' own handlers gave. */
export type ModelSource = LayersModel | io.ModelArtifacts;

/** The artifacts of a source; a live model gives its own through `model.save`, weights included. */
export async function artifactsOf(source: ModelSource): Promise<io.ModelArtifacts> {
  if (!("save" in source)) return source;
  const captured: io.ModelArtifacts[] = [];
  await source.save({
    save: async (artifacts) => {
      captured.push(artifacts);
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" } };
    },
  });
  return captured[0]!;
}
