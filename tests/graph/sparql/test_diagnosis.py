import re

import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hongtu.graph.queries import query_names, read_query
from hongtu.graph.sparql import mending
from hongtu.graph.sparql.breaks import Break, find_break
from hongtu.graph.sparql.diagnosis import explain_syntax, unknown_terms
from hongtu.graph.sparql.mending import find_mends
from hongtu.graph.sparql.tokens import tokens
from hongtu.ontology.namespace import PREFIXES

LIBRARY = [read_query(name).sparql for name in query_names()]


def explained(sparql: str) -> str:
    with pytest.raises(SyntaxError) as caught:
        ox.Store().query(sparql, prefixes=PREFIXES)
    return explain_syntax(sparql, caught.value)


@pytest.mark.parametrize(
    ("sparql", "reason", "mended"),
    [
        ("SELCT ?a { ?a ?p ?b }", "SELCT is no word of SPARQL", "SELECT ?a { ?a ?p ?b }"),
        ("SELECT ?a WHRE { ?a ?p ?b }", "WHRE is no word", "SELECT ?a WHERE { ?a ?p ?b }"),
        ("SELECT ?a { ?a ?p ?b OPTIONL { ?b ?q ?c } }", "OPTIONL is no word", "?b OPTIONAL { ?b"),
        ("SELECT ?a { ?a ?p ?b FILTER(CONTAIN(?b, 'x')) }", "CONTAIN is no word", "CONTAINS(?b, 'x')"),
        ("SELECT ?a { ?a ?p ?b } LIMT 3", "LIMT is no word", "LIMIT 3"),
        # Prefixes
        ("SELECT ?a { ?a skso:prefLabel ?b }", "prefix skso: is not declared", "?a skos:prefLabel ?b"),
        ("SELECT ?a { ?a hongtu:undertakes ?b }", "prefix hongtu: is not", "?a ht:undertakes ?b"),
        (
            "ASK { ?a foaf:name ?b }",
            "prefix foaf: is not declared",
            "PREFIX foaf: <http://xmlns.com/foaf/0.1/>",
        ),
        ("PREFIX my: <urn:m> ASK { ?a mi:p ?b }", "prefix mi: is not declared", "?a my:p ?b"),
        ("SELECT ?a { ?a ht.within ?b }", "a prefix is followed by a colon", "?a ht:within ?b"),
        # What a Chinese input method types
        ("SELECT ?a ｛ ?a ?p ?b ｝", "full-width punctuation: ｛ ｝", "SELECT ?a { ?a ?p ?b }"),
        ("SELECT ？a { ？a ht：within ？b }", "full-width punctuation: ？ ：", "{ ?a ht:within ?b }"),
        ("ASK { ?a ?p ?b； ?q ?c，?d。 ?d ?p ?e }", "full-width punctuation: ； ， 。", "?b; ?q ?c,?d. ?d"),
        ("ASK { ?a ?p “甘亭” }", "full-width punctuation: “ ”", '?a ?p "甘亭" }'),
        ("ASK { ?a ?p ‘甘亭’@zh }", "full-width punctuation: ‘ ’", "?a ?p '甘亭'@zh }"),
        ("ASK { ?a ?p ?b FILTER（?b > 3） }", "full-width punctuation: （ ）", "FILTER(?b > 3)"),
        ("ASK {　?a ?p ?b }", "full-width punctuation", "ASK { ?a ?p ?b }"),
        ('ASK { ?a ?p "甘亭” }', "one of the two quotation marks is Chinese", '?a ?p "甘亭" }'),
        # Quotation marks
        ('ASK { ?a ?p "甘亭 }', "closing quotation mark is missing", '?a ?p "甘亭" }'),
        ('ASK { ?a ?p "甘亭 . ?a ?q ?b }', "closing quotation mark is missing", '?a ?p "甘亭" . ?a ?q ?b }'),
        ("ASK { ?a ?p 'x\ny' }", "three quotation marks", "?p '''x"),
        # Between patterns
        ("ASK { ?a ?p ?b\n ?c ?q ?d }", "line 1, column 15: a dot is missing", "ASK { ?a ?p ?b ."),
        ("ASK { ?a ht:within ?b ht:status ?c }", "a semicolon is missing", "?b ; ht:status ?c"),
        ("ASK { ?a ?p ?b , }", "one , too many", "ASK { ?a ?p ?b"),
        # Brackets
        ("ASK { ?a ?p ?b", "closing bracket missing: }", "ASK { ?a ?p ?b }"),
        ("SELECT ?a { ?a ?p ?b LIMIT 3", "closing bracket missing: }", "?b } LIMIT 3"),
        ("ASK { OPTIONAL { ?a ?p ?b }", "closing bracket missing: }", "?b } }"),
        ("ASK { ?a ?p ?b FILTER(STRLEN(?b) > 3 }", "closing bracket missing: )", "> 3) }"),
        ("ASK { ?a ?p ?b ) }", "one ) too many", "ASK { ?a ?p ?b  }"),
        ("ASK { ?a ?p ?b } }", "one } too many", "ASK { ?a ?p ?b }"),
        ("SELECT ?a WHERE ?a ?p ?b LIMIT 3", "the pattern stands in braces", "{ ?a ?p ?b  } LIMIT 3"),
        (
            "ASK { ?a ?p ?b FILTER ?b > 3 && ?b < 5 . ?b ?q ?c }",
            "FILTER needs brackets",
            "(?b > 3 && ?b < 5) .",
        ),
        ("ASK { BIND ?x AS ?b ?a ?p ?b }", "BIND needs brackets", "BIND (?x AS ?b) ?a"),
        ("SELECT ?a { ?a ?p ?b } ORDER BY DESC ?a", "DESC needs brackets", "ORDER BY DESC (?a)"),
        ("ASK { BIND(CONCAT ('x') AS ?x) }", "no blank may stand between CONCAT and", "BIND(CONCAT('x') AS"),
        ("SELECT ?a { ?a ?p ?b } ORDER ?a", "ORDER is followed by BY", "ORDER BY ?a"),
        # Variables and terms
        ("ASK { a ?p ?b }", "a variable begins with a question mark: ?a", "ASK { ?a ?p ?b }"),
        ("SELECT who { ?who ?p ?b }", "question mark: ?who", "SELECT ?who {"),
        ("ASK { ?a A ht:Project }", "is written small", "?a a ht:Project"),
        ("ASK { ?a ht:甘 亭 ?b }", "a name cannot have a blank in it", "?a ht:甘亭 ?b"),
        ("ASK { ?a ?p <urn:a b> }", "an IRI cannot have a blank in it", "<urn:a%20b>"),
        # Signs of other languages
        ("ASK { ?a ?p ?b FILTER(?b == 3) }", "SPARQL writes =, not ==", "FILTER(?b = 3)"),
        ("ASK { ?a ?p ?b FILTER(?b <> ?a) }", "SPARQL writes !=, not <>", "FILTER(?b != ?a)"),
        ("ASK { ?a ?p ?b FILTER(?b ≥ 3) }", "SPARQL writes >=, not ≥", "FILTER(?b >= 3)"),
        ("ASK { ?a ?p ?b FILTER(?b > 3 AND ?b < 5) }", "SPARQL writes &&, not AND", "?b > 3 && ?b < 5"),
        ("ASK { ?a ?p ?b FILTER(?b LIKE '%甘%') }", "SPARQL has no LIKE", "FILTER(CONTAINS(?b, '甘'))"),
        ("ASK { ?a ht:year = 2025 }", "a pattern has no equals sign", "?a ht:year 2025"),
        ("ASK { ?a ?p ?b . ?a = ?b }", "a pattern has no equals sign", "FILTER(?a = ?b)"),
        # SELECT and what follows the pattern
        ("SELECT ?a, ?b, ?p { ?a ?p ?b }", "separated by blanks, not commas", "SELECT ?a ?b ?p {"),
        ("SELECT { ?a ?p ?b }", "SELECT is followed by variables, or *", "SELECT * {"),
        ("?a ht:within ?b", "a query begins with SELECT", "SELECT * WHERE { ?a ht:within ?b }"),
        ("SELECT COUNT(?b) { ?a ?p ?b }", "needs brackets and a name", "(COUNT(?b) AS ?number)"),
        ("SELECT COUNT(?b) AS ?n { ?a ?p ?b }", "needs brackets and a name", "SELECT (COUNT(?b) AS ?n) {"),
        ("SELECT (COUNT(?b)) { ?a ?p ?b }", "needs brackets and a name", "(COUNT(?b) AS ?number)"),
        ("SELECT ?a (COUNT(?b) AS ?n) { ?a ?p ?b }", "must stand in GROUP BY: ?a", "} GROUP BY ?a"),
        (
            "SELECT ?a ?p (COUNT(?b) AS ?n) { ?a ?p ?b } GROUP BY ?a LIMIT 2",
            "must stand in GROUP BY: ?p",
            "GROUP BY ?a ?p LIMIT 2",
        ),
        ("SELECT * { ?a ?p ?b } GROUP BY ?a", "SELECT * cannot stand with GROUP BY", "SELECT ?a {"),
        ("SELECT ?a { ?a ?p ?b } LIMIT 3 ORDER BY ?a", "the order is GROUP BY", "ORDER BY ?a LIMIT 3"),
        ("SELECT (?a AS ?a) { ?a ?p ?b }", "?a is taken, AS needs a new name", "(?a AS ?a2)"),
        # Several at once
        (
            "SELECT ?a ｛ ?a ht:within ?b ?b ht:within ?c ｝ LIMT 5",
            "full-width punctuation: ｛ ｝; a dot is missing between two patterns; LIMT is no word of SPARQL",
            "SELECT ?a { ?a ht:within ?b . ?b ht:within ?c } LIMIT 5",
        ),
    ],
)
def test_mistake_is_told_with_its_mend(sparql: str, reason: str, mended: str) -> None:
    message = explained(sparql)
    told, _, meant = message.partition("\ndid you mean:\n")
    assert reason in told
    assert mended in meant


@pytest.mark.parametrize(
    ("sparql", "hint"),
    [
        ("", "the query is empty"),
        ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", "this place only asks"),
        ("ASK { ?a zzzz:b ?c }", "known are ht gbt"),
        ("ASK { ?a ?p <甘亭> }", "angle brackets hold a whole IRI"),
        ("ASK { ?a ht:within . }", "takes a subject, a predicate and an object"),
        ("SELECT", "the query is not finished"),
        (" \n", "the query is empty"),
        ("SELECT ?a ?a { ?a ?p ?b }", "a variable stands twice in SELECT"),
        ("ASK { VALUES (?a ?b) { (1) } }", "as many values as there are variables"),
        ("ASK { ?a ?p ?b } tail", "“tail” cannot stand here"),
    ],
)
def test_without_mend_the_place_is_told(sparql: str, hint: str) -> None:
    message = explained(sparql)
    assert hint in message
    assert "did you mean" not in message


@pytest.mark.parametrize(
    "sparql", ["ASK { ?a ht:甘亭镇 ?b }", "ASK { ?a a ht:X FILTER(?a != 3 && ?a < 5) }", "ask{?a?p?b}"]
)
def test_right_queries_have_no_break(sparql: str) -> None:
    assert find_break(sparql) is None


def test_caret_stands_under_the_place() -> None:
    lines = explained("ASK {\n  ?a skos:prefLabel '甘亭镇' ?b }").splitlines()
    assert lines[0].startswith("the query is broken at line 2, column 26")
    # Three characters take two cells each.
    assert lines[1:3] == ["      ?a skos:prefLabel '甘亭镇' ?b }", "    " + " " * (25 + 3) + "^"]


def test_long_query_shows_only_the_lines_that_change() -> None:
    lines = [f"  ?a{number} ?p ?b{number} ." for number in range(9)]
    sparql = "\n".join(["SELECT * {", *lines[:4], "  ?c ?p ?d", *lines[4:], "}"])
    assert explained(sparql).partition("did you mean:\n")[2] == "      ?c ?p ?d ."


def test_message_speaks_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HONGTU_LANG", "zh")
    assert explained("SELECT ?a, ?b { ?a ?p ?b }") == (
        "查询第 1 行第 10 列写错了：SELECT 的变量之间用空格，不用逗号\n"
        "    SELECT ?a, ?b { ?a ?p ?b }\n"
        "             ^\n"
        "是不是要写：\n"
        "    SELECT ?a ?b { ?a ?p ?b }"
    )


def test_signs_that_cannot_be_seen_are_named() -> None:
    assert "there is one U+FEFF too many" in explained("\ufeffASK { ?a ?p ?b }")
    assert "full-width punctuation: U+00A0" in explained("ASK\xa0{ ?a ?p ?b }")


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT * { " + "?a ht:within ?b . " * 1200 + "?a ?p ?b ?c ?d ?e }",
        "SELECT * { " + "?a ht:within ?b ?c ht:within ?d " * 700 + "}",
        "SELECT * { " + "?a ht:within ?b . " * 1200 + "FILTER ?a > 3 && " + "?a ht:within ?b . " * 10 + "}",
        "ASK { " + " ".join(f"VALUES ?v{i} {{ {'1 ' * 1000} }}" for i in range(9)) + " FILTER(false) } tail",
    ],
)
def test_a_long_query_is_not_mended_at_any_price(sparql: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = []

    def find_break_counted(text: str) -> Break | None:
        parsed.append(len(text))
        return find_break(text)

    monkeypatch.setattr(mending, "find_break", find_break_counted)
    assert "line 1" in explain_syntax(sparql, SyntaxError("x"))
    # Some half a second of parsing.
    assert sum(parsed) < 1_500_000


def test_what_is_too_deep_to_be_parsed_here_is_left_alone() -> None:
    assert explain_syntax("ASK " + "{ " * 100_000, SyntaxError("x")) == "the query is broken: x"


def test_service_is_never_called() -> None:
    assert find_break("ASK { SERVICE SILENT <http://127.0.0.1:9/> { ?a ?b ?c } }") is None
    assert "a dot is missing" in explained("SELECT * { SERVICE <http://127.0.0.1:9/> { ?a ?b ?c ?a ?b ?c } }")


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80) | st.text(alphabet="SELECT?a{}()<>\"'｛“.;,:=@^#\n \\甘", max_size=80))
@example("\ud800")
@example("\U00018d09·")
@example('SELECT ?a { ?a ht:x "a\\')
def test_any_text_is_explained(text: str) -> None:
    assert isinstance(explain_syntax(text, SyntaxError("x")), str)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(LIBRARY), st.data())
def test_mended_queries_parse(sparql: str, data: st.DataObject) -> None:
    """Tokens are left out, doubled or swapped; what is told as meant is a query."""
    found = tokens(sparql)
    token = data.draw(st.sampled_from(found))
    other = data.draw(st.sampled_from(found))
    text = sparql[: token.start] + data.draw(st.sampled_from(["", other.text])) + sparql[token.end :]
    broken = find_break(text)
    if broken is None:
        return
    assert isinstance(explain_syntax(text, SyntaxError("x")), str)
    for mend in find_mends(broken) or []:
        text = mend.on(text)
    if find_mends(broken):
        assert find_break(text) is None


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(LIBRARY), st.data())
def test_missing_brace_of_the_library_is_always_mended(sparql: str, data: st.DataObject) -> None:
    braces = [match.end() for match in re.finditer(r"\}", sparql)]
    at = data.draw(st.sampled_from(braces))
    broken = find_break(sparql[: at - 1] + sparql[at:])
    assert broken is None or find_mends(broken) is not None


@pytest.mark.parametrize(
    ("sparql", "told"),
    [
        (
            "ASK { ?a ht:undertake ?b }",
            "column 10: there is no term ht:undertake, the nearest are ht:undertakes",
        ),
        (
            "ASK {\n ?a skos:preflabel ?b }",
            "line 2, column 5: there is no term skos:preflabel, the nearest are skos:prefLabel",
        ),
        ("ASK { ?a a <https://w3id.org/hongtu/ontology#Projekt> }", "the nearest are ht:Project"),
        ("ASK { ?a <ht:within> ?b }", "there is no term <ht:within>, the nearest are ht:within"),
        ("PREFIX h: <https://w3id.org/hongtu/ontology#> ASK { ?a h:locatdIn ?b }", "ht:locatedIn"),
        ("ASK { ?a ht:zzzz ?b }", "there is no term ht:zzzz"),
    ],
)
def test_unknown_terms(sparql: str, told: str) -> None:
    [unknown] = unknown_terms(sparql)
    assert told in str(unknown)


@pytest.mark.parametrize("sparql", LIBRARY)
def test_library_has_no_unknown_terms(sparql: str) -> None:
    assert unknown_terms(sparql) == []


def test_open_vocabularies_have_no_unknown_terms() -> None:
    assert unknown_terms("ASK { ?a gbt:C25 ?b ; rdf:_7 ?c ; my:x 'ht:undertake' } # ht:undertake") == []
