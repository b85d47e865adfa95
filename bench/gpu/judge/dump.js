// @ts-check
/** A process of its own, as Dawn prints to the console: makes a pipeline of the WGSL on its standard input, so that Dawn prints the SPIR-V. */
import { text } from "node:stream/consumers";
import { create } from "webgpu";

// Dawn lives as long as this object is referenced.
const gpu = create(["backend=vulkan", "enable-dawn-features=dump_shaders"]);
const adapter = await gpu.requestAdapter();
if (!adapter) {
  console.error("no Vulkan device, not even SwiftShader; VK_DRIVER_FILES may name a driver");
  process.exit(1);
}
const device = await adapter.requestDevice({
  requiredFeatures: adapter.features.has("shader-f16") ? ["shader-f16"] : [],
});
const module = device.createShaderModule({ code: await text(process.stdin) });
await device.createComputePipelineAsync({ layout: "auto", compute: { module } });
process.exit();
