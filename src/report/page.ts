/** The frame of a page: one file that loads nothing, runs no script, and says so in its policy. */
import { createHash } from "node:crypto";
import { html, type Markup, printMarkup, trusted } from "./html.js";
import { STYLE } from "./style.js";

/** The whole page. Its policy allows nothing but its one stylesheet. */
export function pageOf(title: string, body: Markup): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
${body}
</body>
</html>
`;
  return printMarkup(page);
}

function policy(): string {
  const hash = createHash("sha256").update(STYLE).digest("base64");
  return `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
}
