export type { Depth, Form } from "./architecture.ts";
export { type Cost, costOf } from "./flops.ts";
export { modelFromTopology } from "./from-topology.ts";
export { happyModel } from "./happy-model.ts";
export { MODEL_NAMES } from "./model-names.ts";
export { type BuildModel, checkNetwork, type NetworkFacts, networkNamed } from "./network.ts";
export type { NetworkOptions } from "./network-options.ts";
export {
  type BasicBlockOptions,
  type BlockOptions,
  basicBlock,
  convolutionalBlock,
  identityBlock,
} from "./residual-block.ts";
export { type ResNetOptions, resnet } from "./resnet.ts";
export { type ResNet50Options, resnet50 } from "./resnet50.ts";
export { summary } from "./summary.ts";
export { type TutorialResNetOptions, tutorialResNet } from "./tutorial-resnet.ts";
