import { useMemo } from "preact/hooks";
import { type Selection, selectionOf } from "../scene.ts";
import { useExplorer } from "../state.ts";

/** The selection of the present state; it stays the same while the reader only chooses. */
export function useSelection(): Selection {
  const { graph, state } = useExplorer();
  const { open, focus, path, expanded, collapsed, hiddenKinds, hiddenRelations } = state;
  return useMemo(
    () => selectionOf(graph, state),
    [graph, open, focus, path, expanded, collapsed, hiddenKinds, hiddenRelations],
  );
}
