// @ts-check
/** Where the site's build reads and writes. */
import { fileURLToPath } from "node:url";

/** @param {string} path */
const folder = (path) => fileURLToPath(new URL(path, import.meta.url));

export const REPOSITORY = folder("..");
export const SITE = folder(".");
/** What people have written. */
export const WRITTEN = folder("pages");
/** What VitePress reads: the written pages, and those that are made of the project's own data. */
export const PAGES = folder(".pages");
/** The site itself, to be served as it is. */
export const OUT = folder("dist");
