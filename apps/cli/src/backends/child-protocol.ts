import type { WireError } from "@resonnx/base";
import type { Provider, WireTensors } from "@resonnx/runtime-node";

/** What the parent sends to `child-main.ts`, one at a time. */
export type ChildCommand =
  | { readonly do: "open"; readonly model: Uint8Array; readonly provider: Provider }
  | { readonly do: "run"; readonly inputs: WireTensors }
  | { readonly do: "close" };

/** What comes back, one reply a command; `close` is answered by the end of the process. */
export type ChildReply =
  | { readonly is: "opened" }
  | { readonly is: "ran"; readonly outputs: WireTensors }
  | { readonly is: "failed"; readonly error: WireError };
