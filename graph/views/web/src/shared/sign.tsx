/** The shapes of kinds: as paths in a square of 16, the same in the legend and in the picture. */
import type { Style } from "../data.ts";

export const SHAPES: Record<string, string> = {
  dot: "M8 2a6 6 0 1 1-.01 0z",
  square: "M3 3h10v10H3z",
  diamond: "M8 1l6 7-6 7-6-7z",
  triangle: "M8 2l7 12H1z",
  triangleDown: "M8 14L1 2h14z",
  star: "M8 0l2.4 5.3 5.6.6-4.2 3.9 1.2 5.8L8 12.7 3 15.6l1.2-5.8L0 5.9l5.6-.6z",
};
export const PLAIN: Style = { color: "#6b7280", shape: "dot" };

export function Sign({ style = PLAIN }: { style?: Style | undefined }) {
  return (
    <svg viewBox="0 0 16 16" class="sign" aria-hidden="true">
      <path d={SHAPES[style.shape] ?? SHAPES.dot} fill={style.color} />
    </svg>
  );
}
