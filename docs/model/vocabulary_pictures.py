"""Pictures of the vocabulary: what may be related to what, and how evidence is held.

Only where things stand is decided here. A relation of the ontology that has no place, or a way that the shapes do not
ask for, stops the script.
"""

from functools import cache

from drawing import (
    PLAIN,
    Drawing,
    color,
    domains,
    fields,
    is_only_inferred,
    label,
    local,
    named,
    ontology,
    own,
    relations,
    short,
)
from rdflib import OWL, RDF, RDFS, SH, Graph, URIRef
from rdflib.collection import Collection

from hongtu.ontology.namespace import HT, read_turtle

# Things and how they are related

PLACES = {
    "Strategy": (500, 30),
    "Plan": (220, 195),
    "Target": (500, 195),
    "Measure": (780, 195),
    "Project": (105, 420),
    "Industry": (895, 420),
    "Location": (500, 560),
    "Organization": (500, 745),
}
"""Middle and top of the boxes."""

ROUTES = {
    "Project implements Strategy": ("M50 420 V81 Q50 61 70 61 H408", 220, 57, "middle"),
    "Strategy promotes Industry": ("M590 61 H930 Q950 61 950 81 V418", 780, 57, "middle"),
    "Measure implements Strategy": ("M745 195 C745 140 640 150 572 94", 738, 128, "start"),
    "Measure promotes Industry": ("M812 257 C812 330 870 340 870 418", 858, 322, "start"),
    "Strategy hasTarget Target": ("M500 92 V193", 508, 143, "start"),
    "Plan hasTarget Target": ("M310 226 H408", 358, 222, "middle"),
    "Measure hasTarget Target": ("M690 226 H592", 642, 222, "middle"),
    "Project hasTarget Target": ("M150 420 C150 345 450 390 450 299", 285, 362, "middle"),
    "Industry hasTarget Target": ("M845 420 C845 345 550 390 550 299", 712, 362, "middle"),
    "Project inIndustry Industry": ("M195 451 H803", 500, 447, "middle"),
    "Project locatedIn Location": ("M150 482 C150 560 290 578 408 578", 228, 552, "middle"),
    "Industry locatedIn Location": ("M850 482 C850 560 710 578 592 578", 772, 552, "middle"),
    "Organization locatedIn Location": ("M470 745 V624", 462, 690, "end"),
    "Organization partnersWith Location": ("M530 745 V624", 538, 690, "start"),
    "Location within Location": ("M432 622 C425 672 350 650 408 608", 368, 652, "end"),
    "Location partnersWith Location": ("M568 622 C575 672 650 650 592 608", 632, 652, "start"),
    "Organization undertakes Project": ("M410 784 H70 Q50 784 50 764 V484", 220, 780, "middle"),
    "Organization operatesIn Industry": ("M590 784 H930 Q950 784 950 764 V484", 780, 780, "middle"),
    "Organization partnersWith Organization": ("M590 820 C655 815 655 880 592 850", 645, 852, "start"),
}
"""Line and place of the label of every relation between two classes of this picture."""


def draw_relations(language: str) -> Drawing:
    """Return classes, their fields and what may be related to what."""
    title = {"zh": "对象及其关系", "en": "Things and how they are related"}[language]
    drawing = Drawing(f"relations-{language}", title, 1000, 920)
    for subject, relation, object_ in relations():
        if object_ not in PLACES:
            # Passages and schemes have pictures of their own, and so a KeyError there if they are new.
            continue
        path, x, y, anchor = ROUTES[f"{subject} {relation} {object_}"]
        term: URIRef = HT[relation]
        drawing.way(path, both=(term, RDF.type, OWL.SymmetricProperty) in ontology())
        lines = [(label(term, language), "label")] if language == "zh" else []
        lines.append((relation, "label term"))
        y += 0 if language == "zh" else 8
        for number, (text, kind) in enumerate(lines):
            drawing.text(x, y + 17 * number, text, kind, anchor)
    for kind, (middle, top) in PLACES.items():
        draw_class(drawing, kind, middle, top, language)
    draw_inverses(drawing, 15, 828, language)
    return drawing


def draw_inverses(drawing: Drawing, x: float, y: float, language: str) -> None:
    """Write which relations are others read backwards, in columns of four."""
    told = {"zh": "反过来读（只在推断图里）", "en": "read backwards (in the inferred graph only)"}[language]
    drawing.text(x, y, told, "quiet")
    for number, term in enumerate(one for one in own(OWL.ObjectProperty) if is_only_inferred(one)):
        column, line = divmod(number, 4)
        back = short(ontology().value(term, OWL.inverseOf)).removeprefix("ht:")
        drawing.text(x + 205 * column, y + 21 + 18 * line, f"{local(term)} ← {back}", "term quiet")


def draw_class(drawing: Drawing, kind: str, middle: float, top: float, language: str) -> None:
    """Draw a class with its fields, and its subclasses within it."""
    own_fields = wrapped(fields(HT[kind]), 23)
    below = [local(one) for one in own(OWL.Class) if (one, RDFS.subClassOf, HT[kind]) in ontology()]
    height = 38 + 16 * len(own_fields) + 34 * len(below) + (8 if below else 0)
    drawing.box(middle - 90, top, 180, max(height, 62), color(kind))
    drawing.text(middle, top + 22, named(kind, language), "name", "middle")
    for number, line in enumerate(own_fields):
        drawing.text(middle, top + 42 + 16 * number, line, "term quiet", "middle")
    for number, one in enumerate(below):
        y = top + 40 + 16 * len(own_fields) + 34 * number
        drawing.box(middle - 78, y, 156, 30, color(one))
        drawing.text(middle, y + 20, named(one, language), "name", "middle")


def wrapped(words: list[str], width: int) -> list[str]:
    """Return words as lines of so many characters."""
    lines: list[str] = []
    for word in words:
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


# How a plan holds evidence

PARTS = {
    "Passage": (500, 200),
    "Claim": (140, 330),
    "Section": (800, 30),
    "Plan": (800, 330),
}
"""Middle and top of the boxes; all that a plan speaks of is one box more, top left, and how it was read, below."""

EVIDENCE_ROUTES = {
    "Thing ht:mentionedIn Passage": ("M250 105 C320 105 330 222 408 222", 329, 164),
    "Claim prov:wasDerivedFrom Passage": ("M230 355 C310 355 320 250 408 250", 322, 306),
    "Claim rdf:subject Thing": ("M95 330 V132", 95, 235),
    "Claim rdf:object Thing": ("M190 330 V132", 190, 235),
    "Passage ht:section Section": ("M590 222 C670 222 640 78 708 78", 652, 150),
    "Passage dcterms:isPartOf Plan": ("M590 250 C670 250 640 360 708 360", 650, 309),
    "Section dcterms:isPartOf Plan": ("M800 92 V328", 800, 235),
    "Section dcterms:isPartOf Section": ("M860 92 C860 150 945 150 892 75", 912, 150),
    "Measure dcterms:isPartOf Section": ("M250 48 H708", 480, 52),
    "Claim prov:wasGeneratedBy prov:Activity": ("M230 378 C300 378 340 405 408 405", 322, 428),
}
"""Line and place of the label of the ways between the parts of a plan."""


@cache
def shape_ways() -> set[str]:
    """Return the ways that the shapes ask for, as ``class path class``; of ``rdf:subject`` and such without class."""
    shapes = Graph().parse(data=read_turtle("shapes"), format="turtle")
    ways: set[str] = set()
    for shape, path in shapes.subject_objects(SH.path):
        ends = [short(end) for end in shapes.objects(shape, SH["class"])]
        for either in shapes.objects(shape, SH["or"]):
            ends += [short(shapes.value(one, SH["class"])) for one in Collection(shapes, either)]
        for kind in shapes.objects(shape, SH.targetClass):
            ways.update(f"{short(kind)} {short(path)} {end}" for end in ends or ["Thing"])
    return ways


def draw_evidence(language: str) -> Drawing:
    """Return how things, claims and passages lead to the characters of a plan."""
    title = {"zh": "依据：从关系到原文", "en": "Evidence: from an edge to the text"}[language]
    drawing = Drawing(f"evidence-{language}", title, 1000, 460)
    for way, (path, x, y) in EVIDENCE_ROUTES.items():
        subject, name, _ = way.split()
        assert subject == "Thing" or way in shape_ways(), f"shapes.ttl does not ask for {way}"
        drawing.way(path)
        lines = [name.removeprefix("ht:")]
        if name.startswith("ht:") and language == "zh":
            lines.insert(0, label(HT[lines[0]], "zh"))
        if subject == "Measure":
            lines = [f"Measure {name}"]
        for number, text in enumerate(lines):
            kind = "label" if len(lines) > 1 and not number else "label term"
            drawing.text(x, y + 17 * number, text, kind, "middle")
    for kind, (middle, top) in PARTS.items():
        draw_class(drawing, kind, middle, top, language)
    drawing.box(30, 30, 220, 100, PLAIN)
    name = {"zh": "规划所说的对象", "en": "what a plan speaks of"}[language]
    drawing.text(140, 52, name, "name", "middle")
    kinds = [local(kind) for kind in domains(HT.mentionedIn)]
    for number, line in enumerate(wrapped(kinds, 27)):
        drawing.text(140, 72 + 16 * number, line, "term quiet", "middle")
    drawing.box(410, 375, 180, 62, PLAIN)
    drawing.text(500, 397, {"zh": "如何读出", "en": "how it was read"}[language], "name", "middle")
    drawing.text(500, 417, "prov:Activity", "term quiet", "middle")
    return drawing
