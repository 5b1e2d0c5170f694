"""Measures how fast plans are read: from a file to N-Quads, in one process on one core.

::

    python benchmarks/speed_extraction.py CORPUS.tar.xz
    python benchmarks/speed_extraction.py CORPUS.tar.xz --reports 100 --plan plan.txt

Prints CPU time by stage for the reports of the corpus, evenly picked; the time of one plan in a new process, with the
start of Python and the loading of the models; and the most memory that processes took which read 10, 100 and all
reports one after the other.
"""

import argparse
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

# One core: numpy's products of matrices would take all.
os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")

from gold import read_corpus

from hongtu.loaders import documents, triples
from hongtu.loaders.extraction import reader, tagger

STAGES: dict[str, tuple[tuple[Any, str], ...]] = {
    "file": ((documents, "read_document"),),
    "normalised view": ((reader, "normalise"),),
    "outline": ((reader, "read_outline"),),
    "title, place, years": ((reader, "find_title"), (reader, "find_scope"), (reader, "find_horizon")),
    "signals": ((tagger, "read_signals"),),
    "network": ((tagger.Tagger, "scores"),),
    "best labels": ((tagger, "decode"),),
    "further places": ((reader, "with_places"), (reader, "with_repeats")),
    "things": ((reader, "gather"),),
    "relations": ((reader, "find_relations"),),
    "figures": ((reader, "read_figures"),),
    "records": ((reader, "extract"),),
    "N-Quads": ((triples, "write_nquads"),),
}
"""The functions of each stage; the time of one within another counts for the inner one only."""

_MEMORY = (
    "import sys; sys.path.insert(0, sys.argv[1]); import speed_extraction as s; s.print_peak(sys.argv[2:])"
)
_COLD = "import sys; sys.path.insert(0, sys.argv[1]); import speed_extraction as s; s.convert(s.Path(sys.argv[2]))"


class Stopwatch:
    """CPU seconds by stage."""

    def __init__(self) -> None:
        """Begin to measure: put a watch around every function of :data:`STAGES`."""
        self.seconds: dict[str, float] = defaultdict(float)
        self._inner: list[float] = []
        for stage, functions in STAGES.items():
            for owner, name in functions:
                setattr(owner, name, self._watched(stage, getattr(owner, name)))

    def _watched(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*arguments: Any, **options: Any) -> Any:
            self._inner.append(0.0)
            start = time.process_time()
            result = function(*arguments, **options)
            taken = time.process_time() - start
            self.seconds[stage] += taken - self._inner.pop()
            if self._inner:
                self._inner[-1] += taken
            return result

        return watched


def convert(file: Path) -> int:
    """Read a plan and write its N-Quads into nothing; return how many characters it has."""
    text = documents.read_document(file)
    with open(os.devnull, "wb") as output:
        triples.write_nquads(reader.extract(text, file.stem), output, text=text)
    return len(text.text)


def print_peak(files: Iterable[str]) -> None:
    """Convert files and print the most memory that this process took, in MB."""
    for file in files:
        convert(Path(file))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def measure_stages(files: list[Path]) -> None:
    """Print the CPU time of every stage per character; what is loaded once is loaded before."""
    convert(files[0])
    watch = Stopwatch()
    start = time.process_time()
    characters = sum(convert(file) for file in files)
    total = time.process_time() - start
    print(f"\n{len(files)} reports, {characters} characters: {characters / total / 1e6:.2f} M characters/s")
    print("\n| stage | CPU µs per character | share |\n|---|---|---|")
    for stage in STAGES:
        taken = watch.seconds[stage]
        print(f"| {stage} | {taken / characters * 1e6:.2f} | {taken / total:.0%} |")
    print(f"| all | {total / characters * 1e6:.2f} | 100% |")


def measure_start(plan: Path) -> None:
    """Print how long a new process takes to convert one plan."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    _run(_COLD, plan)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"\n{plan.name} in a new process: {wall:.2f} s, of which {cpu:.2f} s CPU time")


def measure_memory(files: list[Path]) -> None:
    """Print the peak of memory by the number of reports that one process reads."""
    print("\n| reports | peak memory, MB |\n|---|---|")
    for count in sorted({min(count, len(files)) for count in (10, 100, len(files))}):
        # The longest report first: what it takes is not to be mistaken for growth.
        some = sorted(files, key=lambda file: -file.stat().st_size)[:1] + files[: count - 1]
        print(f"| {count} | {float(_run(_MEMORY, *some)):.0f} |")


def _run(program: str, *files: Path) -> str:
    command = [sys.executable, "-c", program, str(Path(__file__).parent), *map(str, files)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path, help="archive of the reports")
    parser.add_argument("--reports", type=int, help="how many reports the stages are measured with; all")
    parser.add_argument("--plan", type=Path, help="the plan of the cold start; the longest report")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for name, text in read_corpus(arguments.corpus).items():
            files.append(Path(folder, f"{name}.txt"))
            files[-1].write_text(text, encoding="utf-8", newline="")
        longest = max(files, key=lambda file: file.stat().st_size)
        step = max(1, len(files) // (arguments.reports or len(files)))
        print(f"Python {platform.python_version()}, numpy {version('numpy')}, {platform.platform()}")
        measure_stages(files[::step][: arguments.reports])
        measure_start(arguments.plan or longest)
        measure_memory(files)


if __name__ == "__main__":
    main()
