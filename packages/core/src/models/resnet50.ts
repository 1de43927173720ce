import type * as tf from "@tensorflow/tfjs";
import { type TutorialResNetOptions, tutorialResNet } from "./tutorial-resnet.ts";

/** What can be changed about the network; the defaults are the tutorial's. */
export type ResNet50Options = Omit<TutorialResNetOptions, "depth">;

/**
 * The tutorial's ResNet50, not compiled: input `input_1` [n, height, width, channels], output `fc{classes}` [n, classes] softmax.
 * For 64x64x3 and 6 classes it has 23,600,006 parameters, 23,546,886 of them trainable. Throws `bad-input`.
 */
export const resnet50 = (options: ResNet50Options = {}): tf.LayersModel => tutorialResNet({ ...options, depth: 50 });
