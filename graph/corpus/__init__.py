"""Corpora: a graph of all the documents of a folder, of which only what is new is read again.

A folder that :func:`~hongtu.graph.corpus.build.build_corpus` wrote holds a *part* for each document
(``plans/…nq.gz``, its quads, whose first line tells what they were read from) and a store of all parts. Parts are
written whole or not at all, and the store's list (``loaded.json``) names only what is surely in it; so a build can be
killed at any point, and the next one goes on from there.
"""
