"""The errors that Hongtu raises, by who must act.

::

    HongtuError
    ├── InputError      a file or row that was given is wrong: mend the file
    ├── UsageError      an option, a name or a query is wrong: mend the call
    └── StoreError      the store, the disk or an endpoint does not serve: mend the place

Every message says what was found, what was expected and what to do now.
"""


class HongtuError(Exception):
    """Base of all errors that are meant for the user."""


class InputError(HongtuError):
    """A file that was given cannot be read as what it should be."""


class UsageError(HongtuError):
    """A call, an option or a query is wrong."""


class StoreError(HongtuError):
    """The store, the disk or a remote endpoint does not serve."""
