import type { Graph, TensorType, Value } from "@resonnx/onnx";

/** One array that a stateful layer carries from run to run. */
export interface CarriedState {
  /** The graph input that it is read from. */
  readonly input: string;
  /** The graph output that holds it for the next run. */
  readonly output: string;
  readonly type: TensorType;
}

/** The states of stateful layers. A layer that is called again goes on from what its call before left. */
export class States {
  private readonly graph: Graph;
  private readonly asInputs: boolean;
  private readonly now = new Map<string, Value>();

  constructor(graph: Graph, source: "zeros" | "inputs") {
    this.graph = graph;
    this.asInputs = source === "inputs";
  }

  read(name: string, type: TensorType): Value | undefined {
    const known = this.now.get(name);
    if (known || !this.asInputs) return known;
    return this.graph.input(name, type);
  }

  write(name: string, value: Value): void {
    this.now.set(name, value);
  }

  /** Makes the graph's outputs of the last values. Call it when the model's own outputs are there. */
  outputs(): CarriedState[] {
    if (!this.asInputs) return [];
    return [...this.now].map(([input, value]) => {
      const output = `next/${input}`;
      this.graph.output(output, value);
      return { input, output, type: value.type };
    });
  }
}
