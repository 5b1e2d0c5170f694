"""Text as XML can hold it."""

import re

# All but what XML 1.0, section 2.2 (Char), allows.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_xml_text(text: str) -> str:
    """Return a text in which a character that XML cannot hold is U+FFFD, the sign of one that is lost.

    >>> to_xml_text("a" + chr(0)) == "a" + chr(0xFFFD)
    True
    """
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
