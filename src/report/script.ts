/**
 * The one script of the report: tables sort by a click on a heading, and a field finds shapes. It makes its own
 * controls, so a page whose script does not run has none that do nothing.
 */

const SORTING = `
const textOf = (row, column) => row.cells[column].firstChild?.textContent.trim() ?? "";
const numberOf = (text) => Number.parseFloat(text.replace(/[,<\\s]/g, ""));
function compare(a, b, isNumber, sign) {
  if (!isNumber) return sign * a.localeCompare(b, "en", { numeric: true });
  const [x, y] = [numberOf(a), numberOf(b)];
  // What has no number comes last either way.
  return Number.isNaN(x) || Number.isNaN(y) ? Number.isNaN(x) - Number.isNaN(y) : sign * (x - y);
}
function sortBy(head) {
  const isNumber = head.classList.contains("number");
  const before = head.getAttribute("aria-sort");
  const descends = before === null ? isNumber : before === "ascending";
  for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", descends ? "descending" : "ascending");
  const [body] = head.closest("table").tBodies;
  const sign = descends ? -1 : 1;
  const key = (row) => textOf(row, head.cellIndex);
  body.append(...[...body.rows].sort((a, b) => compare(key(a), key(b), isNumber, sign)));
}
for (const head of document.querySelectorAll("thead th")) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...head.childNodes);
  button.addEventListener("click", () => sortBy(head));
  head.append(button);
}
`;

const SEARCH = `
const shapes = [...document.querySelectorAll("section.shape")];
function showOnly(wanted) {
  for (const shape of shapes) {
    const text = shape.querySelector(".lead").textContent.toLowerCase();
    const isHidden = !wanted.every((word) => text.includes(word));
    shape.hidden = isHidden;
    const links = document.querySelectorAll('a[href="#' + shape.id + '"]');
    for (const link of links) link.closest("li, tr").hidden = isHidden;
  }
}
if (shapes.length > 1) {
  const field = document.createElement("input");
  field.type = "search";
  field.placeholder = "Find shapes";
  field.setAttribute("aria-label", "Find shapes by name, spec, target or machine");
  field.addEventListener("input", () => showOnly(field.value.toLowerCase().split(/\\s+/)));
  document.querySelector("nav").prepend(field);
}
`;

export const SCRIPT = `"use strict";${SORTING}${SEARCH}`;
