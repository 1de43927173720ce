export type { GradCamRequest, HeatMaps } from "./grad-cam.ts";
