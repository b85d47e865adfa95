// @ts-check
/** WebGPU in Node, by Dawn, where browsers have it. */
import { create, globals } from "webgpu";

/** Afterwards `navigator.gpu` and the classes of WebGPU are there. */
export function installDawn() {
  // Timers as fine as the driver's. Dawn lives as long as this object is referenced.
  const gpu = create(["backend=vulkan", "disable-dawn-features=timestamp_quantization"]);
  Object.assign(globalThis, globals);
  const navigator = { gpu, userAgent: "node", language: "en", hardwareConcurrency: 1 };
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
}
