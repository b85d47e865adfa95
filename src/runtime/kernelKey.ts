/** Keys of cached code: everything that can change it, as text. */
import { canonicalKey } from "../ir/key.js";
import type { OpSpec } from "../ir/ops/spec.js";
import { VERSION } from "../ir/version.js";
import type { CodeOptions } from "./jit.js";
import { requestKey } from "./requestKey.js";
import { tuningRevision } from "./tuned.js";

/** `target` is any text that tells targets apart. The tuning revision is a part, as tuned schedules can change. */
export function kernelKey(target: string, spec: OpSpec, { schedule, ...wanted }: CodeOptions): string {
  const parts = [
    target,
    VERSION,
    requestKey(spec, wanted),
    schedule ? canonicalKey(schedule) : tuningRevision() || undefined,
  ];
  return parts.filter((part) => part !== undefined).join(" ");
}
