// @ts-check
/** The page that compares projects, out of site/data/comparison.json: every claim has the page that states it. */
import { readFileSync } from "node:fs";
import { frontMatter, pageOf, table } from "./drawing.js";

/**
 * @typedef {{ readonly says: string, readonly source?: string }} Claim `source` is an address, or a page of this site
 * @typedef {object} Comparison
 * @property {string} date when the sources were read
 * @property {readonly { readonly name: string, readonly url: string, readonly is: Claim }[]} projects
 * @property {readonly { readonly feature: string, readonly claims: Readonly<Record<string, Claim>> }[]} rows
 */

/** @type {Comparison} */
const COMPARISON = JSON.parse(readFileSync(new URL("../data/comparison.json", import.meta.url), "utf8"));

/** @returns {readonly import("./directives.js").Page[]} */
export const comparisonPages = () => [
  {
    path: "comparison.md",
    text: pageOf(
      frontMatter("Comparison", "What other compilers and runtimes say of themselves, with the page that says it."),
      "# Comparison",
      `What each project says of itself, read in ${COMPARISON.date}. Every cell leads to the page that it was ` +
        "read on. A dash means that we found no page that " +
        "says it, not that the project cannot do it. Who knows better may send a source.",
      "## What they are",
      table(
        ["project", "what its pages say"],
        COMPARISON.projects.map(({ name, url, is }) => [`[${name}](${url})`, cited(is)]),
      ),
      ...COMPARISON.rows.flatMap(({ feature, claims }) => [
        `## ${feature}`,
        table(
          ["project", "what its pages say"],
          COMPARISON.projects.map(({ name }) => [name, claims[name] === undefined ? "–" : cited(claims[name])]),
        ),
      ]),
      "How fast they are beside each other is a question for [measurements](./measured/), and only those of " +
        "one run on one machine count.",
    ),
  },
];

/** @param {Claim} claim */
const cited = ({ says, source }) => (source === undefined ? says : `${says} ([source](${source}))`);
