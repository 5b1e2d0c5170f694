/** Back and forward: the states that the reader has seen, and the present one in the address where there is one. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { fromAddress, toAddress } from "./address.ts";
import type { Graph } from "./data.ts";
import { openingState, type State } from "./state.ts";

export interface Trail {
  state: State;
  go(change: Partial<State>): void;
  back: (() => void) | null;
  forward: (() => void) | null;
}

// In a notebook's frame the address is not ours, and the history is the notebook's.
export const own = window.top === window && location.protocol !== "about:";

export function useTrail(graph: Graph): Trail {
  const start = useMemo(
    () => ({ states: [own && location.hash ? fromAddress(graph, location.hash) : openingState(graph)], at: 0 }),
    [graph],
  );
  const [{ states, at }, setTrail] = useState(start);
  const state = states[at]!;

  const go = (change: Partial<State>) =>
    setTrail((trail) => {
      const present = trail.states[trail.at]!;
      // To be asked for what is there is no step.
      if (Object.entries(change).every(([name, value]) => present[name as keyof State] === value)) return trail;
      return { states: [...trail.states.slice(0, trail.at + 1), { ...present, ...change }], at: trail.at + 1 };
    });
  const turn = (steps: number) => () => setTrail((trail) => ({ ...trail, at: trail.at + steps }));

  useEffect(() => {
    if (own) history.replaceState(null, "", `#${toAddress(graph, state)}`);
  }, [graph, state]);
  useEffect(() => {
    // A link that was pasted into the address of the open page.
    const follow = () => go(fromAddress(graph, location.hash));
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, [graph]);
  return { state, go, back: at ? turn(-1) : null, forward: at < states.length - 1 ? turn(1) : null };
}
