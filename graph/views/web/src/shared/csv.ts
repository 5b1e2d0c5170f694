/** Rows for spreadsheets: numbers as numbers, texts guarded against what a spreadsheet would compute or rewrite. */
import { guard } from "./guard.ts";

export type Sheet = (string | number)[][];

const cells = (rows: Sheet, quoted: (cell: string) => string, separator: string) =>
  rows.map((row) => row.map((cell) => quoted(typeof cell === "number" ? String(cell) : guard(cell))).join(separator));

/** A whole CSV file; Excel takes it for UTF-8 as it begins with the byte order mark. */
export function csvOf(rows: Sheet): string {
  const quoted = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return `\ufeff${cells(rows, quoted, ",").join("\r\n")}\r\n`;
}

/** Text to paste into a spreadsheet, which takes quotes around a cell away. */
export function tsvOf(rows: Sheet): string {
  const quoted = (cell: string) =>
    cell.replace(/[\t\r\n]+/g, " ").replace(/^".*$/, (whole) => `"${whole.replaceAll('"', '""')}"`);
  return cells(rows, quoted, "\t").join("\r\n");
}

/** Save a file on the reader's disk; what no file name may have becomes a hyphen. */
export function download(name: string, content: string | Blob, type = "text/csv;charset=utf-8") {
  const href = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = href;
  link.download = name.replace(/[\\/:*?"<>|\s]+/g, "-");
  link.click();
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}
