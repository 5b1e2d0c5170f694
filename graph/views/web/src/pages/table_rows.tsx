/** The rows of an answer, each with its sources below when the reader opens them. */
import { Fragment } from "preact";
import { Hint, Passages } from "../shared/passages.tsx";
import { useWords } from "../words.ts";
import type { Answer } from "./answer.ts";

const WORDS = { zh: { open: "看出处" }, en: { open: "Source" } };

interface RowsProps {
  answer: Answer;
  /** The numbers of the rows. */
  shown: readonly number[];
  withIris: boolean;
  opened: ReadonlySet<number>;
  toggle(row: number): void;
}

export function Rows({ answer, shown, withIris, opened, toggle }: RowsProps) {
  return (
    <tbody>
      {shown.map((row) => (
        <Fragment key={row}>
          <tr class="row">
            {answer.data.evidence && (
              <Opener count={answer.passages(row).length} isOpen={opened.has(row)} toggle={() => toggle(row)} />
            )}
            <Cells answer={answer} row={row} withIris={withIris} />
          </tr>
          {opened.has(row) && <Sources answer={answer} row={row} />}
        </Fragment>
      ))}
    </tbody>
  );
}

function Cells({ answer, row, withIris }: { answer: Answer; row: number; withIris: boolean }) {
  return answer.columns.map(({ width, heading, name }, place) => {
    const value = answer.data.rows[row]![place]!;
    const [text, iri] = [answer.text(value), answer.iri(value)];
    return (
      <td key={name} class={value === null ? `${width} empty` : width} title={iri} data-heading={heading}>
        {withIris && iri ? (
          <div>
            {text}
            <small>{iri}</small>
          </div>
        ) : (
          text
        )}
      </td>
    );
  });
}

function Sources({ answer, row }: { answer: Answer; row: number }) {
  const items = answer.passages(row);
  if (!items.length) return null;
  return (
    <tr class="source">
      <td colSpan={answer.columns.length + 1}>
        <Passages items={items} plans={answer.plans.length} />
        <Hint items={items} />
      </td>
    </tr>
  );
}

function Opener({ count, isOpen, toggle }: { count: number; isOpen: boolean; toggle: () => void }) {
  const words = useWords(WORDS);
  if (!count) return <td class="open empty" />;
  const caption = count > 1 ? `${words.open} (${count})` : words.open;
  return (
    <td class="open">
      <button type="button" aria-expanded={isOpen} aria-label={caption} title={caption} onClick={toggle}>
        {isOpen ? "▾" : "▸"}
        <span> {caption}</span>
      </button>
    </td>
  );
}
