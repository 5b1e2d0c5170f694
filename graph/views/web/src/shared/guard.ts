/** Cells for spreadsheets, by the rules of hongtu.loaders.values.guard_cell. */

// A spreadsheet takes a cell for a formula, …
const FORMULA = /^[=+\-@＝＋－＠\t\r]/;
// … or for a number, ratio, date, time or percentage, …
const NUMERIC = /^(?=.*\d)(-?[\d,]*\.?\d*%?|\d+(\.\d*)?[eE][+-]?\d+|\d+(:\d+){1,2}|\d+([/-]\d+){1,2})$/;
// … and what it gives back unchanged: a number without zeros to drop, of no more digits than it shows.
const PLAIN_NUMBER = /^-?(0|[1-9]\d{0,9})(\.\d{0,5}[1-9])?$/;

/** The cell that a spreadsheet leaves alone: an apostrophe before what it would compute or rewrite. */
export function guard(cell: string): string {
  const bare = cell.replace(/^'+/, "");
  return (FORMULA.test(bare) || NUMERIC.test(bare)) && !PLAIN_NUMBER.test(bare) ? `'${cell}` : cell;
}
