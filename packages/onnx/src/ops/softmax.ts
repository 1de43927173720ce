import { axisOf, like, operand } from "../infer/rules.ts";
import { op } from "./op.ts";

const normalizing = () =>
  op({
    attrs: { axis: "int" },
    arity: [1, 1],
    infer(inputs, attrs) {
      const x = operand(inputs, 0);
      axisOf(attrs.axis, x.rank);
      return [like(x)];
    },
  });

export const Softmax = normalizing();
export const LogSoftmax = normalizing();
