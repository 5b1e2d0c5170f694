"""The notebooks, installed so that ``hongtu notebook`` can lay them beside a graph."""
