export { type Chromium, type ChromiumModel, startChromium } from "./chromium.ts";
export { type ChromiumFiles, installChromium } from "./install.ts";
