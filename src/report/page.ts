/** The frame of a page: one file that loads nothing, and whose policy allows nothing but what is in it. */
import { createHash } from "node:crypto";
import { html, type Markup, printMarkup, trusted } from "./html.js";
import { STYLE } from "./style.js";

/** The whole page. Its policy allows its one stylesheet and, if there is one, its script, which runs at the end. */
export function pageOf(title: string, body: Markup, script?: string): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyFor(script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
${body}
${script === undefined ? undefined : html`<script>${trusted(script)}</script>\n`}</body>
</html>
`;
  return printMarkup(page);
}

function policyFor(script: string | undefined): string {
  const scripts = script === undefined ? "" : `script-src ${hashOf(script)}; `;
  return `default-src 'none'; ${scripts}style-src ${hashOf(STYLE)}; base-uri 'none'; form-action 'none'`;
}

const hashOf = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
