/** The kernels for each backend of TensorFlow.js, loaded where they are installed. */
import { OnDemand } from "../runtime/onDemand.js";
import type { TfBackendName } from "./gain.js";
import type { FoundHost } from "./hosts/host.js";
import type { PlanKernels } from "./kernels/planKernels.js";
import type { TfModule } from "./tf.js";

export interface KernelSettings {
  readonly tf: TfModule;
  readonly accuracy: "exact" | "fast";
}

/** Kernels for a backend, or the name of a field that it does not have as TensorFlow.js 4.22 has it. */
export type FindKernels = (backend: object, settings: KernelSettings) => PlanKernels | string;

async function onCpu(host: Promise<(backend: object) => FoundHost>): Promise<FindKernels> {
  const [hostOf, { CpuKernels }] = await Promise.all([host, import("./kernels/onCpu.js")]);
  return (backend, { accuracy }) => {
    const found = hostOf(backend);
    return typeof found === "string" ? found : new CpuKernels(found, accuracy);
  };
}

async function onGpu(): Promise<FindKernels> {
  const [{ webgpuHost }, { GpuKernels }] = await Promise.all([
    import("./hosts/webgpu.js"),
    import("./kernels/onGpu.js"),
  ]);
  return (backend, { tf, accuracy }) => {
    const found = webgpuHost(backend, tf);
    return typeof found === "string" ? found : new GpuKernels(found, accuracy);
  };
}

export const BACKENDS: Readonly<Record<TfBackendName, OnDemand<FindKernels>>> = {
  wasm: new OnDemand(() => onCpu(import("./hosts/wasm.js").then(({ wasmHost }) => wasmHost))),
  cpu: new OnDemand(() => onCpu(import("./hosts/cpu.js").then(({ cpuHost }) => cpuHost))),
  webgpu: new OnDemand(onGpu),
};

export const BACKEND_NAMES = Object.keys(BACKENDS) as readonly TfBackendName[];
