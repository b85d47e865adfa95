/** Messages of a page's measurer: those of any measurer, and the request for its abilities. */
import type { Language, WebgpuFeatures } from "../../codegen/target.js";
import type { Reply, Request } from "../messages.js";

export type PageRequest = Request | { readonly do: "look"; readonly language: Language };

/** The facts that are known about a page's GPU. */
export interface Gpu {
  /** Empty if the browser does not tell it. */
  readonly name: string;
  /** The features that the model's pick depends on. */
  readonly features: Omit<WebgpuFeatures, "storage">;
}

/** `gpu` is present if the language runs on a GPU. */
export type Ability = { readonly can: true; readonly gpu?: Gpu } | { readonly can: false; readonly why: string };

export type PageReply = Reply | { readonly did: "look"; readonly ability: Ability };
