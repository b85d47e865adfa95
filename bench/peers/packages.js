// @ts-check
/** The peers' packages, which are installed beside this file and nowhere else. */
import { existsSync, readFileSync } from "node:fs";

const modules = new URL("node_modules/", import.meta.url);

export const areInstalled = () => existsSync(modules);

/** @param {string} name */
export const folderOf = (name) => new URL(`${name}/`, modules);

/** @param {string} name @returns {string} */
export const versionOf = (name) => JSON.parse(readFileSync(new URL("package.json", folderOf(name)), "utf8")).version;
