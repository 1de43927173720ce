import type { Draw, RandomInput } from "@resonnx/export";
import { type Graph, STEP, UPDATE, type Value } from "@resonnx/onnx";
import type { Device } from "../engine.ts";

interface StepFacts {
  readonly files: SavedStepFiles;
  readonly model: string;
  readonly batchSize: number;
  readonly device: Device;
  readonly gradients: Graph;
  readonly update: Graph;
  readonly randoms: readonly RandomInput[];
  /** Names of the weights and the optimizer's arrays. */
  readonly state: ReadonlySet<string>;
}

/** What the files of a saved step are called. */
export interface SavedStepFiles {
  readonly gradients: string;
  readonly update: string;
  readonly start: string;
  readonly readme: string;
}

export const savedStepFiles = (name: string): SavedStepFiles => ({
  gradients: `${name}.gradients.onnx`,
  update: `${name}.update.onnx`,
  start: `${name}.start.onnx`,
  readme: `${name}.README.md`,
});

/** JSON's strings are Python's. */
const pythonTuple = ({ start, gradients, update }: SavedStepFiles): string =>
  `(${[start, gradients, update].map((name) => JSON.stringify(name)).join(", ")})`;

/** How to train with the files of a saved step, for someone who knows onnxruntime but not this package. */
export const stepReadme = (facts: StepFacts): string => `\
# Training "${facts.model}" in any onnxruntime

Three plain ONNX files, made by Resonnx for batches of exactly ${facts.batchSize}, in the forms that run well on ${facts.device}:

- \`${facts.files.start}\`: no inputs; gives the weights and the optimizer's arrays before the first step.
- \`${facts.files.gradients}\`: one batch in; loss, predictions and gradients out.
- \`${facts.files.update}\`: gradients in; new weights and optimizer arrays out.

What a graph gives as \`next/x\` is \`x\` from then on; all other arrays stay. Gradients of several batches or machines may
be averaged before one update.

\`\`\`python
import numpy as np, onnxruntime as ort
start, gradients, update = map(ort.InferenceSession, ${pythonTuple(facts.files)})

def run(session, given):
    wanted = {i.name for i in session.get_inputs()}
    outputs = [o.name for o in session.get_outputs()]
    return dict(zip(outputs, session.run(outputs, {k: v for k, v in given.items() if k in wanted})))

def renew(state, result):
    state.update({k.removeprefix("next/"): v for k, v in result.items() if k.startswith("next/")})

state = run(start, {})
for step, batch in enumerate(batches, 1):  # batch: {${[...batchInputs(facts), ...facts.randoms]
  .map(({ name }) => `"${name}": ...`)
  .join(", ")}}
    result = run(gradients, state | batch)
    scalars = {"${UPDATE.learningRate}": np.array(0.001, np.float32), "${UPDATE.step}": np.array(step)}
    changed = run(update, state | result | scalars)
    renew(state, result)   # moving averages of batch normalization, if any
    renew(state, changed)
    print(step, result["${STEP.loss}"])
\`\`\`

## gradients

${inputTable(batchInputs(facts))}

${facts.randoms.length > 0 ? `${randomTable(facts.randoms)}\n\n` : ""}Besides these, the arrays that \`start\` gives. Outputs: \`${STEP.loss}\` (a scalar, mean over the batch), predictions in
training mode, \`gradient/{weight}\` and \`next/{array}\`.

${outputTable(facts.gradients)}

## update

\`${UPDATE.learningRate}\` (float32 scalar), \`${UPDATE.step}\` (int64 scalar, 1 at the first update), every \`gradient/{weight}\`, and arrays of \`start\`:

${inputTable(facts.update.inputs.filter(({ name }) => facts.state.has(name!)))}
`;

/** What a batch brings. */
const batchInputs = ({ gradients, state, randoms }: StepFacts): Value[] => {
  const others = new Set([...state, ...randoms.map(({ name }) => name)]);
  return gradients.inputs.filter(({ name }) => !others.has(name!));
};

type Named = readonly [name: string, value: Value];
const table = (head: string, values: readonly Named[]): string =>
  [`| ${head} | Type | Shape |`, "|---|---|---|"]
    .concat(values.map(([name, { type }]) => `| \`${name}\` | ${type.dtype} | [${type.shape.join(", ")}] |`))
    .join("\n");

const inputTable = (values: readonly Value[]): string =>
  table(
    "Input",
    values.map((value) => [value.name!, value]),
  );

const outputTable = ({ outputs }: Graph): string =>
  table(
    "Output",
    outputs.map(({ name, value }) => [name, value]),
  );

const drawText = (draw: Draw): string =>
  draw.from === "keep" ? `0 with probability ${draw.rate}, else ${draw.value}` : "normal, mean 0, standard deviation 1";

const randomTable = (randoms: readonly RandomInput[]): string =>
  ["New random numbers at every step:", "", "| Input | Shape | Each number |", "|---|---|---|"]
    .concat(randoms.map(({ name, dims, draw }) => `| \`${name}\` | [${dims.join(", ")}] | ${drawText(draw)} |`))
    .join("\n");
