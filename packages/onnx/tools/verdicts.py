"""Writes src/check/verdicts.json: small good and broken models with onnx.checker's verdict (full_check). Needs `pip install onnx`.

    python packages/onnx/tools/verdicts.py > packages/onnx/src/check/verdicts.json
"""
import base64
import json

import numpy as np
import onnx
from onnx import TensorProto, checker, helper, numpy_helper

F = TensorProto.FLOAT


def value(name, shape, dtype=F):
    return helper.make_tensor_value_info(name, dtype, shape)


def weight(name, array):
    return numpy_helper.from_array(np.asarray(array), name)


def network(opset=17):
    """Conv -> Relu -> MaxPool -> Flatten -> Gemm -> Softmax, and a mean."""
    axes = [weight("axes", np.int64([2, 3]))] if opset >= 18 else []
    mean = helper.make_node("ReduceMean", ["c", "axes"], ["m"], "mean", keepdims=0) if opset >= 18 else helper.make_node("ReduceMean", ["c"], ["m"], "mean", axes=[2, 3], keepdims=0)
    nodes = [
        helper.make_node("Conv", ["x", "w", "b"], ["c"], "conv", kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["c"], ["r"], "relu"),
        helper.make_node("MaxPool", ["r"], ["p"], "pool", kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Flatten", ["p"], ["f"], "flat", axis=1),
        helper.make_node("Gemm", ["f", "k", "d"], ["g"], "dense"),
        helper.make_node("Softmax", ["g"], ["y"], "soft", axis=-1),
        mean,
    ]
    graph = helper.make_graph(
        nodes, "net", [value("x", ["n", 2, 4, 4])], [value("y", ["n", 3]), value("m", ["n", 4])],
        [weight("w", np.zeros((4, 2, 3, 3), np.float32)), weight("b", np.zeros(4, np.float32)),
         weight("k", np.zeros((16, 3), np.float32)), weight("d", np.zeros(3, np.float32)), *axes])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8 if opset < 21 else 10)


def node(model, name):
    return next(n for n in model.graph.node if n.name == name)


def attribute(model, name, attr):
    return next(a for a in node(model, name).attribute if a.name == attr)


def initializer(model, name):
    return next(i for i in model.graph.initializer if i.name == name)


def drop_attribute(model, name, attr):
    n = node(model, name)
    kept = [a for a in n.attribute if a.name != attr]
    del n.attribute[:]
    n.attribute.extend(kept)


def set_attr(model, name, **attrs):
    for key, val in attrs.items():
        drop_attribute(model, name, key)
        node(model, name).attribute.append(helper.make_attribute(key, val))


def swap(model, i, j):
    nodes = list(model.graph.node)
    nodes[i], nodes[j] = nodes[j], nodes[i]
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def replace_input(model, name, i, to):
    node(model, name).input[i] = to


def add_node(model, *args, **kwargs):
    model.graph.node.append(helper.make_node(*args, **kwargs))


def dim(model, output, i, size):
    model.graph.output[output].type.tensor_type.shape.dim[i].dim_value = size


def retensor(model, name, array):
    initializer(model, name).CopyFrom(weight(name, array))


BROKEN = {
    "no ir_version": lambda m: m.ClearField("ir_version"),
    "ir_version 0": lambda m: setattr(m, "ir_version", 0),
    "ir_version from the future": lambda m: setattr(m, "ir_version", 99),
    "no opset": lambda m: m.ClearField("opset_import"),
    "only another domain's opset": lambda m: setattr(m.opset_import[0], "domain", "ai.onnx.ml"),
    "no graph": lambda m: m.ClearField("graph"),
    "graph without a name": lambda m: m.graph.ClearField("name"),
    "graph without outputs": lambda m: m.graph.ClearField("output"),
    "graph without nodes": lambda m: m.graph.ClearField("node"),
    "two inputs of one name": lambda m: m.graph.input.append(value("x", [1])),
    "input without a name": lambda m: setattr(m.graph.input[0], "name", ""),
    "input without a type": lambda m: m.graph.input[0].ClearField("type"),
    "input without a shape": lambda m: m.graph.input[0].type.tensor_type.ClearField("shape"),
    "input of undefined element type": lambda m: setattr(m.graph.input[0].type.tensor_type, "elem_type", 0),
    "output without a type": lambda m: m.graph.output[0].ClearField("type"),
    "output without a shape": lambda m: m.graph.output[0].type.tensor_type.ClearField("shape"),
    "output that nothing gives": lambda m: setattr(m.graph.output[0], "name", "nothing"),
    "two outputs of one name": lambda m: m.graph.output.append(value("y", ["n", 3])),
    "two initializers of one name": lambda m: m.graph.initializer.append(weight("w", np.zeros(1, np.float32))),
    "initializer without a name": lambda m: setattr(initializer(m, "d"), "name", ""),
    "initializer without data": lambda m: initializer(m, "w").ClearField("raw_data"),
    "initializer with too little data": lambda m: setattr(initializer(m, "w"), "raw_data", b"\0" * 8),
    "initializer with too much data": lambda m: setattr(initializer(m, "d"), "raw_data", b"\0" * 16),
    "initializer of undefined type": lambda m: setattr(initializer(m, "w"), "data_type", 0),
    "initializer with two kinds of data": lambda m: initializer(m, "d").float_data.extend([1, 2, 3]),
    "initializer whose typed data has another type": lambda m: (initializer(m, "d").ClearField("raw_data"), initializer(m, "d").int64_data.extend([1, 2, 3])),
    "initializer of a negative size": lambda m: initializer(m, "w").dims.__setitem__(0, -4),
    "initializer named like a node's output": lambda m: m.graph.initializer.append(weight("r", np.zeros(1, np.float32))),
    "nodes out of order": lambda m: swap(m, 0, 1),
    "a cycle": lambda m: (replace_input(m, "conv", 0, "cyc"), add_node(m, "Identity", ["r"], ["cyc"])),
    "an input that nothing gives": lambda m: replace_input(m, "relu", 0, "ghost"),
    "a node that reads itself": lambda m: replace_input(m, "relu", 0, "r"),
    "two nodes that give one name": lambda m: add_node(m, "Relu", ["c"], ["r"]),
    "a node that gives an input's name": lambda m: add_node(m, "Relu", ["c"], ["x"]),
    "an operator that does not exist": lambda m: setattr(node(m, "relu"), "op_type", "Relo"),
    "an operator without a name": lambda m: setattr(node(m, "relu"), "op_type", ""),
    "an operator of a later opset": lambda m: setattr(node(m, "relu"), "op_type", "Gelu"),
    "an operator of an unknown domain": lambda m: setattr(node(m, "relu"), "domain", "com.example"),
    "a deprecated operator": lambda m: (add_node(m, "Upsample", ["c", "scales"], ["u"]), m.graph.initializer.append(weight("scales", np.float32([1, 1, 2, 2])))),
    "too few inputs": lambda m: node(m, "conv").input.__delitem__(slice(1, 3)),
    "too many inputs": lambda m: node(m, "relu").input.append("x"),
    "a required input left out": lambda m: replace_input(m, "conv", 1, ""),
    "an optional input left out": lambda m: replace_input(m, "conv", 2, ""),
    "too many outputs": lambda m: node(m, "relu").output.append("second"),
    "no outputs": lambda m: node(m, "mean").output.__delitem__(0),
    "an unknown attribute": lambda m: set_attr(m, "relu", alpha=0.5),
    "a missing attribute": lambda m: drop_attribute(m, "pool", "kernel_shape"),
    "an attribute of another kind": lambda m: set_attr(m, "conv", pads="same"),
    "an integer attribute given as a float": lambda m: set_attr(m, "flat", axis=1.0),
    "an attribute without a type": lambda m: attribute(m, "flat", "axis").ClearField("type"),
    "an attribute without a name": lambda m: setattr(attribute(m, "flat", "axis"), "name", ""),
    "an attribute whose type is not its value's": lambda m: setattr(attribute(m, "flat", "axis"), "type", onnx.AttributeProto.FLOAT),
    "an attribute given twice": lambda m: node(m, "flat").attribute.append(helper.make_attribute("axis", 1)),
    "axes as an attribute after opset 18": None,
    "an element type that the operator does not take": lambda m: setattr(m.graph.input[0].type.tensor_type, "elem_type", TensorProto.INT64),
    "weights of another element type": lambda m: retensor(m, "w", np.zeros((4, 2, 3, 3), np.float64)),
    "weights of another rank": lambda m: retensor(m, "w", np.zeros((4, 2, 3), np.float32)),
    "weights with other channels": lambda m: retensor(m, "w", np.zeros((4, 3, 3, 3), np.float32)),
    "a dense kernel of another size": lambda m: retensor(m, "k", np.zeros((15, 3), np.float32)),
    "a bias that does not broadcast": lambda m: retensor(m, "d", np.zeros(2, np.float32)),
    "a window larger than the picture": lambda m: set_attr(m, "pool", kernel_shape=[9, 9]),
    "pads of another length": lambda m: set_attr(m, "conv", pads=[1, 1]),
    "strides of another length": lambda m: set_attr(m, "pool", strides=[1]),
    "an axis out of range": lambda m: set_attr(m, "flat", axis=7),
    "a softmax axis out of range": lambda m: set_attr(m, "soft", axis=2),
    "a declared output of another size": lambda m: dim(m, 0, 1, 5),
    "a declared output of another rank": lambda m: m.graph.output[0].CopyFrom(value("y", ["n", 3, 1])),
    "a declared output of another element type": lambda m: m.graph.output[0].CopyFrom(value("y", ["n", 3], TensorProto.DOUBLE)),
    "a declared output of another symbol": lambda m: m.graph.output[0].CopyFrom(value("y", ["k", 3])),
    "a declared output of unknown sizes": lambda m: m.graph.output[0].CopyFrom(value("y", [None, None])),
    "a value declared with another size": lambda m: m.graph.value_info.append(value("g", ["n", 9])),
    "a value declared rightly": lambda m: m.graph.value_info.append(value("g", ["n", 3])),
    "sizes that do not broadcast": lambda m: (m.graph.initializer.append(weight("five", np.zeros(5, np.float32))), add_node(m, "Add", ["g", "five"], ["s"])),
    "a Concat of other ranks": lambda m: add_node(m, "Concat", ["g", "p"], ["s"], axis=1),
    "a Reshape to another size": lambda m: (m.graph.initializer.append(weight("five", np.int64([5]))), m.graph.initializer.append(weight("six", np.zeros(6, np.float32))), add_node(m, "Reshape", ["six", "five"], ["s"])),
    "a Transpose of another rank": lambda m: add_node(m, "Transpose", ["p"], ["s"], perm=[1, 0]),
    "a Cast to nothing": lambda m: add_node(m, "Cast", ["g"], ["s"], to=0),
    "a MatMul of other inner sizes": lambda m: (m.graph.initializer.append(weight("five", np.zeros((5, 2), np.float32))), add_node(m, "MatMul", ["g", "five"], ["s"])),
    "a Gather along no axis": lambda m: (m.graph.initializer.append(weight("at", np.int64([0]))), add_node(m, "Gather", ["g", "at"], ["s"], axis=4)),
    "a Where whose condition is a number": lambda m: add_node(m, "Where", ["g", "g", "g"], ["s"]),
    "an Add of two element types": lambda m: (m.graph.initializer.append(weight("one", np.int64([1]))), add_node(m, "Add", ["g", "one"], ["s"])),
}


def verdict(model):
    try:
        checker.check_model(onnx.load_from_string(model.SerializeToString()), full_check=True)
        return None
    except Exception as error:  # the verdict is the point
        return f"{type(error).__name__}: {str(error).strip().splitlines()[0][:160]}"


cases = []
for opset in (13, 17, 18, 21, 23):
    cases.append((f"good at opset {opset}", network(opset)))
for name, change in BROKEN.items():
    model = network(18 if change is None else 17)
    if change is None:
        set_attr(model, "mean", axes=[2, 3])
    else:
        change(model)
    cases.append((name, model))
print(json.dumps([{"name": name, "verdict": verdict(m), "model": base64.b64encode(m.SerializeToString()).decode()} for name, m in cases], indent=0))
