export type { GradCamRequest, HeatMaps } from "./grad-cam.ts";
export { layOver } from "./lay-over.ts";
