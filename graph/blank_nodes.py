"""The process in which :mod:`hongtu.graph.canonical` has blank nodes named: N-Quads in, N-Quads out.

Naming takes exponential time with some graphs (RDFC-1.0, section 7.1), and pyoxigraph cannot be interrupted; a process
can be killed. It is started by this file's path, so that nothing but pyoxigraph is imported.
"""

import sys

if __name__ == "__main__":
    # The process runs without site, which takes longer than all the rest.
    sys.path.append(sys.argv[1])

import pyoxigraph as ox


def main() -> None:
    """Give the blank nodes of the standard input their canonical names."""
    quads = ox.Dataset(ox.parse(sys.stdin.buffer, format=ox.RdfFormat.N_QUADS, lenient=True))
    quads.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    ox.serialize(quads, sys.stdout.buffer, ox.RdfFormat.N_QUADS)


if __name__ == "__main__":
    main()
