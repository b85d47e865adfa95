/** What a page's measurer is asked beside what any is: whether it can run code of a language at all, where it is. */
import type { Language, WebgpuFeatures } from "../../codegen/target.js";
import type { Reply, Request } from "../messages.js";

export type PageRequest = Request | { readonly do: "look"; readonly language: Language };

/** What is known of a page's GPU. */
export interface Gpu {
  /** Empty where the browser does not tell. */
  readonly name: string;
  /** What the model's pick depends on. */
  readonly features: Omit<WebgpuFeatures, "storage">;
}

/** `gpu`: where the language is for one. */
export type Ability = { readonly can: true; readonly gpu?: Gpu } | { readonly can: false; readonly why: string };

export type PageReply = Reply | { readonly did: "look"; readonly ability: Ability };
