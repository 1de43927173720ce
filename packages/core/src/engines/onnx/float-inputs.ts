import { type Graph, Value } from "@resonnx/onnx";

/**
 * Makes every input of the graph a float32 one, cast inside to what it was: batches and masks travel as float32, which
 * holds whole numbers up to 2^24 exactly. The inputs then.
 */
export const floatInputs = (graph: Graph, inputs: readonly Value[]): Value[] =>
  inputs.map((input) => {
    const { dtype, shape } = input.type;
    if (dtype === "float32") return input;
    const made = new Value({ dtype: "float32", shape }, { name: input.name });
    graph.replaceAllUses(input, graph.op("Cast", [made], { to: dtype }));
    graph.inputs[graph.inputs.indexOf(input)] = made;
    return made;
  });
