import type { BackendSession } from "@resonnx/parity";
import { startChromium } from "@resonnx/runtime-web/chromium";

/** A model in a Chromium of its own. */
export async function webSession(model: Uint8Array, provider: "wasm" | "webgpu"): Promise<BackendSession> {
  const chromium = await startChromium();
  try {
    const { info, adapter, run } = await chromium.openModel(model, provider);
    const described = adapter === null ? info.provider : `${info.provider} (${adapter})`;
    return { provider: `${described} in Chromium ${chromium.version}`, run, close: () => chromium.close() };
  } catch (error) {
    await chromium.close();
    throw error;
  }
}
