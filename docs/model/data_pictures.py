"""Pictures of data: one sentence of the sample on its way into the graph, and the graphs of a store."""

from functools import cache
from typing import Any

from drawing import Drawing, color, label, named, short

from hongtu.graph import KnowledgeGraph
from hongtu.ontology.namespace import GBT, GBT2260, HT, ID, INFERRED, SEI, STATUS, UNIT

# One sentence of the sample

SENTENCE = "云岭茶业集团在青石镇建成万亩有机茶园，茶叶年产量达到1.6万吨；"
BOXES = {"Enterprise": 150, "Location": 320, "Project": 490, "Industry": 660, "Target": 855}
"""The things that the sentence names, by their class and in its order, and the middles of their boxes."""

ARCS = {
    "Project locatedIn Location": (460, 320, 345),
    "Project inIndustry Industry": (520, 640, 345),
    "Enterprise undertakes Project": (170, 490, 400),
    "Enterprise operatesIn Industry": (130, 670, 455),
}
"""Where an edge leaves, where it arrives, and how low it runs."""

THINGS_OF = """SELECT ?kind ?name ?more ?start ?end WHERE {
  ?sentence ht:quote ?quote ; ht:start ?from ; ht:end ?to . ?thing a ?kind ; ht:mentionedIn ?mention .
  ?mention ht:start ?start ; ht:end ?end FILTER(?from <= ?start && ?end <= ?to)
  OPTIONAL { ?thing skos:prefLabel ?label } OPTIONAL { ?thing ht:indicatorLabel ?indicator }
  OPTIONAL { ?thing ht:status ?status } OPTIONAL { ?thing skos:altLabel ?other . ?mention ht:quote ?words
    FILTER(STR(?other) = STR(?words)) }
  OPTIONAL { ?thing ht:verbatim ?figure ; ht:year ?year ; ht:role ?role }
  BIND(COALESCE(?label, ?indicator) AS ?name)
  BIND(COALESCE(?status, CONCAT(?figure, " ", STR(?year), " ", ?role), CONCAT("altLabel ", ?other)) AS ?more) } ORDER BY ?start ?end"""
CLAIMS_OF = """SELECT ?from ?predicate ?to ?subject ?object ?confidence ?how ?passage ?section ?line WHERE {
  ?claim rdf:subject ?s ; rdf:predicate ?predicate ; rdf:object ?o ; ht:confidence ?confidence ;
    prov:wasDerivedFrom ?passage ; prov:wasGeneratedBy/rdfs:label ?how .
  ?passage ht:quote ?quote ; ht:section/skos:prefLabel ?section ; ht:line ?line . ?s a ?from . ?o a ?to .
  ?s skos:prefLabel ?subject . ?o skos:prefLabel ?object FILTER(LANG(?how) = ?language) } ORDER BY ?s ?predicate"""


@cache
def sample() -> KnowledgeGraph:
    """Return the packaged sample with its text."""
    return KnowledgeGraph.packaged("sample")


def draw_example(language: str) -> Drawing:
    """Return the way of one sentence into the graph: mentions, things, edges, a claim and its passage."""
    title = {"zh": "一句话怎样进入图谱", "en": "How one sentence becomes graph"}[language]
    drawing = Drawing(f"example-{language}", title, 1000, 690)
    things = [
        {**row, "kind": short(row["kind_iri"])}
        for row in sample().query(THINGS_OF, quote=SENTENCE).with_iris().to_dict("records")
    ]
    claims = sample().query(CLAIMS_OF, quote=SENTENCE, language=language).with_iris().to_dict("records")
    first = min(thing["start"] for thing in things)
    places = draw_sentence(drawing, things, first)
    for thing in things:
        draw_thing(drawing, thing, places[thing["kind"]], language)
    draw_edges(drawing, claims, language)
    chosen = next(claim for claim in claims if short(claim["predicate_iri"]) == "ht:undertakes")
    draw_claim(drawing, chosen, first, language)
    steps = {
        "zh": ("规划原文", "提及", "对象", "关系", "依据"),
        "en": ("text", "mentions", "things", "edges", "evidence"),
    }[language]
    for number, (step, y) in enumerate(zip(steps, (40, 130, 170, 345, 500), strict=True), 1):
        drawing.text(14, y, f"{number} {step}", "step")
    return drawing


def draw_sentence(drawing: Drawing, things: list[dict[str, Any]], first: int) -> dict[str, float]:
    """Write the sentence with its mentions marked; return the middle of each mention by the class of its thing."""
    starts = [150.0]
    for character in SENTENCE:
        starts.append(starts[-1] + (13 if character.isascii() else 25.5))
    drawing.box(140, 52, starts[-1] - 130, 44, kind="ground")
    middles = {}
    for thing in things:
        left, right = starts[thing["start"] - first], starts[thing["end"] - first]
        middles[thing["kind"]] = (left + right) / 2
        # A figure stands over a name: it gets a line below instead of a mark.
        if thing["kind"] == "Target":
            drawing.line(left, 99, right, color("Target"))
            middles["Target"] = right - 80
        else:
            drawing.box(left, 58, right - left, 32, color(thing["kind"]), "mark")
    # Each character has its place, so that marks fit whatever the font.
    drawing.text(" ".join(f"{x:g}" for x in starts[:-1]), 82, SENTENCE, "sentence")
    return middles


def draw_thing(drawing: Drawing, thing: dict[str, Any], mention: float, language: str) -> None:
    """Draw a thing below its mention, with the characters that mention it."""
    kind = thing["kind"]
    middle = BOXES[kind]
    drawing.text(mention, 118, f"{thing['start']}–{thing['end']}", "term quiet label", "middle")
    drawing.way(f"M{middle:g} 178 C{middle:g} 150 {mention:g} 160 {mention:g} 124")
    half = 90 if kind == "Target" else 78
    drawing.box(middle - half, 178, 2 * half, 78, color(kind))
    drawing.text(middle, 201, thing["name"], "name", "middle")
    drawing.text(middle, 221, named(kind, language), "quiet", "middle")
    if isinstance(thing["more"], str):
        drawing.text(middle, 243, thing["more"], "term quiet", "middle")


def draw_edges(drawing: Drawing, claims: list[dict[str, Any]], language: str) -> None:
    """Draw the edges between the things of the sentence, and the plan that has the figure."""
    for claim in sorted(claims, key=lambda claim: -arc(claim)[2]):
        left, right, low = arc(claim)
        turn = 12 if right > left else -12
        drawing.way(
            f"M{left} 256 V{low - 12} Q{left} {low} {left + turn} {low} H{right - turn} Q{right} {low} {right} "
            f"{low - 12} V258"
        )
        term = short(claim["predicate_iri"]).removeprefix("ht:")
        edge_label(drawing, (left + right) / 2, low, term, language)
    drawing.box(777, 345, 156, 50, color("Plan"))
    drawing.text(855, 375, named("Plan", language), "name", "middle")
    drawing.way("M855 345 V258")
    edge_label(drawing, 855, 302, "hasTarget", language)


def arc(claim: dict[str, Any]) -> tuple[int, int, int]:
    """Return the place of a claim's edge."""
    predicate = short(claim["predicate_iri"]).removeprefix("ht:")
    return ARCS[f"{short(claim['from_iri'])} {predicate} {short(claim['to_iri'])}"]


def edge_label(drawing: Drawing, x: float, y: float, term: str, language: str) -> None:
    """Write the name of a relation over its line."""
    if language == "zh":
        drawing.text(x, y - 5, label(HT[term], "zh"), "label", "middle")
    drawing.text(x, y + (13 if language == "zh" else 4), term, "label term", "middle")


def draw_claim(drawing: Drawing, claim: dict[str, Any], first: int, language: str) -> None:
    """Draw a claim with its parts, its passage, and the way back to the sentence."""
    drawing.way("M328 416 V488", dashed=True)
    rows = {
        "rdf:subject": claim["subject"],
        "rdf:predicate": short(claim["predicate_iri"]),
        "rdf:object": claim["object"],
        "ht:confidence": f"{claim['confidence']:g}",
        "prov:wasGeneratedBy": claim["how"],
        "prov:wasDerivedFrom": "",
    }
    drawing.record(140, 490, 340, named("Claim", language), rows)
    drawing.way("M480 638 C510 638 510 520 548 520")
    rows = {
        "ht:start": str(first),
        "ht:end": str(first + len(SENTENCE)),
        "ht:line": str(claim["line"]),
        "ht:section": claim["section"],
        "ht:quote": f"{SENTENCE[:9]}…",
    }
    drawing.record(550, 490, 340, named("Passage", language), rows)
    drawing.way("M890 560 H952 Q964 560 964 548 V86 Q964 74 952 74 H936", dashed=True)


# The graphs of a store

VOCABULARIES = {
    HT: (30, {"zh": "本体", "en": "ontology"}),
    GBT: (120, {"zh": "国民经济行业 GB/T 4754", "en": "industries, GB/T 4754"}),
    SEI: (210, {"zh": "战略性新兴产业", "en": "emerging industries"}),
    GBT2260: (300, {"zh": "行政区划 GB/T 2260", "en": "divisions, GB/T 2260"}),
    UNIT: (390, {"zh": "单位", "en": "units"}),
    STATUS: (480, {"zh": "状态", "en": "statuses"}),
}
"""Top and name of the graphs that come with Hongtu; each is called as its namespace, without the last character."""

LINKS = {
    "Industry": (157, "skos:broader", ""),
    "Location": (337, "ht:division", ""),
    "Target": (427, "= skos:notation", 'ht:unit "万亩"'),
    "Project": (517, "= skos:notation", 'ht:status "planned"'),
}
"""Height of a thing of a plan, what leads from it to a vocabulary, and what it says of itself."""


def draw_graphs(language: str) -> Drawing:
    """Return the named graphs of a store and what leads from one to another."""
    title = {"zh": "一个存储里的命名图", "en": "The named graphs of a store"}[language]
    drawing = Drawing(f"graphs-{language}", title, 1000, 700)
    plan, inferred = {
        "zh": ("规划：每份一个图", "推断出的：hongtu infer 之后才有"),
        "en": ("plans, each in its graph", "inferred, only after hongtu infer"),
    }[language]
    for shift in (20, 10, 0):
        drawing.box(30 + shift, 50 - shift, 400, 504, color("Plan"))
    drawing.text(52, 82, plan, "name")
    drawing.text(52, 104, f"{ID}澜溪县十四五规划", "term quiet")
    for kind, (y, link, said) in LINKS.items():
        drawing.way(f"M202 {y} H608", dashed=bool(said))
        drawing.text(530, y + 4, link, "label term", "middle")
        drawing.text(215, y + 4, said, "label term")
        drawing.box(52, y - 24, 150, 48, color(kind))
        drawing.text(127, y + 5, named(kind, language), "name", "middle")
    for namespace, (top, called) in VOCABULARIES.items():
        drawing.box(610, top, 360, 74, color("Industry" if namespace in (GBT, SEI) else "Plan"))
        drawing.text(630, top + 30, called[language], "name")
        drawing.text(630, top + 54, str(namespace)[:-1], "term quiet")
    drawing.text(952, 240, "skos:relatedMatch ↑", "term", "end")
    drawing.way("M230 554 V610", dashed=True)
    drawing.way("M790 554 V610", dashed=True)
    drawing.box(30, 612, 940, 70, color("Plan"), "card dashed")
    drawing.text(500, 642, inferred, "name", "middle")
    drawing.text(500, 665, str(INFERRED), "term quiet", "middle")
    return drawing
