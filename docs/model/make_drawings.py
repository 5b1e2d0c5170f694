"""Draw the pictures of ``docs/model.md``, each in Chinese and English.

    python docs/model/make_drawings.py [FOLDER]

What they say comes from where it is so: classes, relations and fields from ``hongtu.ttl``, the ways between the parts
of a plan from ``shapes.ttl``, the example from the packaged sample. The same input gives the same bytes.
"""

import sys
from pathlib import Path

from data_pictures import draw_example, draw_graphs
from vocabulary_pictures import draw_evidence, draw_relations


def main() -> None:
    """Write the pictures."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    for draw in (draw_example, draw_relations, draw_evidence, draw_graphs):
        for language in ("zh", "en"):
            drawing = draw(language)
            (folder / f"{drawing.name}.svg").write_text(drawing.svg(), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
