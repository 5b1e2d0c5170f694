import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongtu.graph.queries import query_names, read_query
from hongtu.graph.sparql.tokens import closing, may_overflow, tokens, variables


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


def test_depth_counts_the_brackets_around() -> None:
    assert [(token.text, token.depth) for token in tokens('a ( { "(" } [ ] ) ) b')] == [
        ("a", 0),
        ("(", 0),
        ("{", 1),
        ('"("', 2),
        ("}", 1),
        ("[", 1),
        ("]", 1),
        (")", 0),
        (")", 0),
        ("b", 0),
    ]


@pytest.mark.parametrize(
    "name", ["ht:阿里木·买买提", "ht:a\u0300b", "?हिन्दी", "?שָׁלוֹם", "ht:𠮷村", "ht:a\u200cb"]
)
def test_name_in_any_script_is_one_token(name: str) -> None:
    assert [token.text for token in tokens(f"ASK {{ {name} ?p 3. }}")] == [
        "ASK",
        "{",
        name,
        "?p",
        "3",
        ".",
        "}",
    ]


def test_name_ends_at_the_full_stop_of_chinese() -> None:
    assert [token.text for token in tokens("?甘亭；ht:甘亭。")] == ["?甘亭", "；", "ht:甘亭", "。"]


def test_words_and_dots_are_read_in_linear_time() -> None:
    assert len(tokens("a." * 100_000)) == 200_000


def test_variables_in_order() -> None:
    assert variables(tokens("SELECT ?b $a { ?b ?c '?d' } # ?e")) == ["b", "a", "c"]


def test_only_deep_texts_may_overflow() -> None:
    assert may_overflow("ASK " + "{" * 500 + "}" * 500)
    assert may_overflow(f"ASK {{ {'OPTIONAL { ?a ?b ?c }' * 500} }}")
    assert not any(may_overflow(read_query(name).sparql) for name in query_names())
    assert not may_overflow(f"ASK {{ VALUES ?a {{ {'<http://a.b/c>' * 5000} }} }}")
