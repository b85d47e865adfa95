/** Makes functions from JavaScript text, if the page's policy allows it. */
import { failInternally } from "../../ir/errors.js";
import type { JsModule } from "../../ir/module.js";
import type { JsFunctions } from "./js.js";

/** The part of Trusted Types that is used here: browsers have it, Node does not. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScript: (text: string) => string },
  ): {
    createScript(text: string): string;
  };
}

/** The one policy this library creates, for pages that say `trusted-types tilewright`. */
const POLICY = "tilewright";

let evaluate: ((body: string) => unknown) | undefined;
let probed = false;

/** True if code may be made from text here; the first call finds out by trying. */
export function canRunText(): boolean {
  if (!probed) {
    probed = true;
    evaluate = [viaTrustedTypes, viaFunction].find((make) => works(make))?.();
  }
  return evaluate !== undefined;
}

function works(make: () => (body: string) => unknown): boolean {
  try {
    return make()("return 7;") === 7;
  } catch {
    return false; // a policy forbids it: that is the answer, not an error
  }
}

function viaFunction(): (body: string) => unknown {
  return (body) => new Function(body)();
}

let trusted: ReturnType<TrustedTypes["createPolicy"]> | undefined;

function viaTrustedTypes(): (body: string) => unknown {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  if (!trustedTypes) throw new Error("no Trusted Types here");
  trusted ??= trustedTypes.createPolicy(POLICY, { createScript: (text) => text });
  const { createScript } = trusted;
  // biome-ignore lint/security/noGlobalEval: only eval takes a TrustedScript; indirect, so it sees no local names
  const evalGlobally = globalThis.eval;
  return (body) => evalGlobally(createScript.call(trusted, `(() => {\n${body}\n})()`));
}

/**
 * The functions of a module. Its code is run as it is: this library's emitter wrote it, or whoever calls `loadKernel`
 * vouches for it.
 */
export function functionsOf({ code }: JsModule): JsFunctions {
  if (!canRunText() || evaluate === undefined) return failInternally("text is run where it may not be");
  return evaluate(code) as JsFunctions;
}
