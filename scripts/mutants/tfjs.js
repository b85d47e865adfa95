// @ts-check
/** Our kernels among those of TensorFlow.js. */
import { mutantsOf } from "./mutantsOf.js";

/** @type {readonly (readonly import("./mutantsOf.js").Mutant[])[]} */
export const OF_TFJS = [
  mutantsOf("src/tfjs/hosts/webgpu.ts", ["test/tfjs/gpu.test.ts"], {
    "numbers of any type are taken for floats": ['dtype === "float32" && isBuffer(resource)', "isBuffer(resource)"],
    "buffers are destroyed under commands": ["one.encoder && one.encoder === encoder", "false"],
    "outputs belong to no commands": ["backend.commandQueueOwnedIds.add(dataId)", "void dataId"],
    "commands are never submitted": ["backend.dispatchCountInPass >= (flag(BATCH_SIZE) as number)", "false"],
    "kernels are recorded while they are timed": ["if (backend.activeTimers)", "if (false)"],
  }),
  mutantsOf("src/tfjs/kernels/boundSteps.ts", ["test/tfjs/gpu.test.ts"], {
    "steps of other outputs": ["for (const buffer of buffers)", "for (const buffer of buffers.slice(0, -1))"],
  }),
  mutantsOf("src/tfjs/kernels/slots.ts", ["test/tfjs/memory.test.ts", "test/tfjs/gpu.test.ts"], {
    "kernels whose filters are gone stay": ["!dataIds.every(isAlive)", "dataIds === undefined"],
    "any filters will do": ["dataId === tensors[i]?.dataId", "true"],
  }),
  mutantsOf("src/tfjs/graph/detours.ts", ["test/tfjs/models.test.ts"], {
    "a transposed convolution is padded, not cropped": ["sign * (p0 - c0)", "p0 - c0"],
  }),
  mutantsOf("src/tfjs/rules/window.ts", ["test/tfjs/kernels.test.ts"], {
    "padding is as long at both ends": ["return [before, after];", "return [before, before];"],
  }),
];
