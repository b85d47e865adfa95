/** What the plugin would declare, for a page that looks at no kernel in particular. */
declare module "~tilewright" {
  import type { KernelDefinition } from "tilewright/runtime";

  const kernels: Readonly<Record<string, KernelDefinition>>;
  export = kernels;
}
