from hypothesis import given
from hypothesis import strategies as st

from hongtu.graph.queries import query_names, read_query
from hongtu.graph.sparql.tokens import closing, tokens


@given(st.text(alphabet="?a:<>\"'#{}()[].;,@^ \n\t甘｛“\\1e", max_size=60))
def test_tokens_and_blanks_are_the_whole_text(text: str) -> None:
    rest = list(text)
    for token in tokens(text):
        assert text[token.start : token.end] == token.text
        rest[token.start : token.end] = [""] * len(token.text)
    left = "".join(rest)
    assert not left.strip(" \t\r\n") or "#" in left


def test_library_has_no_token_of_unknown_kind() -> None:
    for name in query_names():
        for token in tokens(read_query(name).sparql):
            assert token.kind != "open"
            assert token.kind != "mark" or token.text in "{}()[].;,*/|+^!=<>?&-|||&&!=<=>="


def test_kinds() -> None:
    text = """<urn:a> "x"@zh-CN '''y\n"z"''' ?v $w ht:甘亭镇.x a:b. 3.5e-2 SELECT != "open"""
    assert [(token.text, token.kind) for token in tokens(text)] == [
        ("<urn:a>", "iri"),
        ('"x"@zh-CN', "string"),
        ("'''y\n\"z\"'''", "string"),
        ("?v", "variable"),
        ("$w", "variable"),
        ("ht:甘亭镇.x", "name"),
        ("a:b", "name"),
        (".", "mark"),
        ("3.5e-2", "number"),
        ("SELECT", "word"),
        ("!=", "mark"),
        ('"open', "open"),
    ]


def test_closing_bracket() -> None:
    found = tokens('{ ( "}" { } ) } }')
    assert closing(found, 0) == 6
    assert closing(tokens("{ ( }"), 1) == 3
