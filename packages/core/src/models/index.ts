export { type BlockOptions, convolutionalBlock, identityBlock } from "./residual-block.ts";
export { type ResNet50Options, resnet50 } from "./resnet50.ts";
export { summary } from "./summary.ts";
