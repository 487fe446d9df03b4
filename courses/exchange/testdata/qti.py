"""Reads a QTI 2.2 package as another program would, with the standard library only.

It holds what the package says against the part of the specification that it uses,
and prints what given answers score: stdin is {"package": base64, "answers": [of each
item [an answer, ...]]}, stdout [of each item [a score, ...]]. An answer is the texts
that are chosen, pairs of texts, or the words of each field.
"""
import base64
import io
import json
import posixpath
import re
import sys
import zipfile
from xml.etree import ElementTree

QTI = "{http://www.imsglobal.org/xsd/imsqti_v2p2}"
CP = "{http://www.imsglobal.org/xsd/imscp_v1p1}"
LOM = "{http://ltsc.ieee.org/xsd/LOM}"
XML = "{http://www.w3.org/XML/1998/namespace}"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
TEMPLATES = "http://www.imsglobal.org/question/qti_v2p2/rptemplates/"
IDENTIFIER = re.compile(r"[A-Za-z_][\w.-]*")

# Of each element: the attributes that it needs, those that it may have, whether it
# holds text, and its children in their order.
WORDS = r"(br |span )*"
EXPRESSION = r"(variable |correct |baseValue |mapResponse |sum |equal |not |isNull )"
GRAMMAR = {
    "assessmentItem": ("identifier title adaptive timeDependent", "lang schemaLocation", False,
                       r"(responseDeclaration )*(outcomeDeclaration )*(itemBody )?(responseProcessing )?(modalFeedback )*"),
    "responseDeclaration": ("identifier cardinality", "baseType", False, r"(correctResponse )?(mapping )?"),
    "correctResponse": ("", "", False, r"(value )+"),
    "defaultValue": ("", "", False, r"(value )+"),
    "value": ("", "", True, ""),
    "mapping": ("", "lowerBound upperBound defaultValue", False, r"(mapEntry )+"),
    "mapEntry": ("mapKey mappedValue", "caseSensitive", False, ""),
    "outcomeDeclaration": ("identifier cardinality", "baseType normalMaximum externalScored", False, r"(defaultValue )?"),
    "itemBody": ("", "", False, r"(p |ul |rubricBlock |choiceInteraction |orderInteraction |matchInteraction |hotspotInteraction |extendedTextInteraction )+"),
    "p": ("", "class", True, r"(br |span |textEntryInteraction )*"),
    "ul": ("", "class", False, r"(li )+"),
    "li": ("", "class", True, WORDS),
    "br": ("", "", False, ""),
    "span": ("", "class", True, WORDS),
    "prompt": ("", "", True, WORDS),
    "rubricBlock": ("view", "class", False, r"(p |ul )+"),
    "choiceInteraction": ("responseIdentifier", "shuffle maxChoices", False, r"(prompt )?(simpleChoice )+"),
    "orderInteraction": ("responseIdentifier", "shuffle", False, r"(prompt )?(simpleChoice )+"),
    "simpleChoice": ("identifier", "", True, WORDS),
    "matchInteraction": ("responseIdentifier", "shuffle maxAssociations", False, r"(prompt )?(simpleMatchSet ){2}"),
    "simpleMatchSet": ("", "", False, r"(simpleAssociableChoice )*"),
    "simpleAssociableChoice": ("identifier matchMax", "", True, WORDS),
    "hotspotInteraction": ("responseIdentifier maxChoices", "", False, r"(prompt )?object (hotspotChoice )+"),
    "object": ("data type", "width height", True, ""),
    "hotspotChoice": ("identifier shape coords", "hotspotLabel", False, ""),
    "textEntryInteraction": ("responseIdentifier", "class", False, ""),
    "extendedTextInteraction": ("responseIdentifier", "format class", False, r"(prompt )?"),
    "responseProcessing": ("", "template", False, r"(responseCondition )*"),
    "responseCondition": ("", "", False, r"responseIf (responseElse )?"),
    "responseIf": ("", "", False, EXPRESSION + r"(setOutcomeValue )*"),
    "setOutcomeValue": ("identifier", "", False, EXPRESSION),
    "variable": ("identifier", "", False, ""),
    "correct": ("identifier", "", False, ""),
    "mapResponse": ("identifier", "", False, ""),
    "baseValue": ("baseType", "", True, ""),
    "sum": ("", "", False, EXPRESSION + "+"),
    "not": ("", "", False, EXPRESSION),
    "isNull": ("", "", False, EXPRESSION),
    "equal": ("toleranceMode", "tolerance", False, EXPRESSION + "{2}"),
    "modalFeedback": ("outcomeIdentifier identifier showHide", "", False, r"(p )+"),
}


def local(name):
    return name.split("}")[-1]


def check(element):
    assert element.tag.startswith(QTI), element.tag
    name = local(element.tag)
    needs, may, text, children = GRAMMAR[name]
    has = {local(a) for a in element.attrib}
    assert set(needs.split()) <= has <= set(needs.split()) | set(may.split()), (name, has)
    inside = "".join(local(c.tag) + " " for c in element)
    assert re.fullmatch(children, inside), (name, inside)
    if not text:
        assert not "".join([element.text or ""] + [c.tail or "" for c in element]).strip(), (name, "holds text")
    for attribute in ("identifier", "responseIdentifier", "outcomeIdentifier"):
        assert IDENTIFIER.fullmatch(element.get(attribute, "x")), (name, element.get(attribute))
    for child in element:
        check(child)


def said(element):
    return "".join(element.itertext())


def values(declaration):
    return [said(v) for v in declaration.iterfind(QTI + "correctResponse/" + QTI + "value")]


class Item:
    picture = None

    def __init__(self, root):
        check(root)
        self.root = root
        self.declared = {d.get("identifier"): d for d in root.iter(QTI + "responseDeclaration")}
        self.outcomes = {d.get("identifier") for d in root.iter(QTI + "outcomeDeclaration")}
        kinds = ("simpleChoice", "simpleAssociableChoice", "hotspotChoice")
        self.choices = {c.get("identifier"): c.get("hotspotLabel") or said(c) for c in root.iter() if local(c.tag) in kinds}
        count = sum(1 for c in root.iter() if local(c.tag) in kinds)
        assert count == len(self.choices), "an identifier stands twice"
        self.fields = [n for n in root.iter() if local(n.tag).endswith("Interaction")]
        assert sorted(f.get("responseIdentifier") for f in self.fields) == sorted(self.declared), "each answer has its declaration"
        for declaration in self.declared.values():
            self.declaration(declaration)
        for field in self.fields:
            if local(field.tag) == "choiceInteraction":
                single = self.declared[field.get("responseIdentifier")].get("cardinality") == "single"
                assert single == (field.get("maxChoices") == "1")
        for n in root.iter(QTI + "object"):
            self.picture = n.get("data")
            width, height = int(n.get("width")), int(n.get("height"))
            for c in root.iter(QTI + "hotspotChoice"):
                left, top, right, bottom = map(int, c.get("coords").split(","))
                assert c.get("shape") == "rect" and 0 <= left < right <= width and 0 <= top < bottom <= height, c.attrib
        for n in root.iter(QTI + "setOutcomeValue"):
            assert n.get("identifier") in self.outcomes
        for n in root.iter(QTI + "modalFeedback"):
            assert n.get("outcomeIdentifier") in self.outcomes

    def declaration(self, d):
        right, keys = values(d), [e.get("mapKey") for e in d.iter(QTI + "mapEntry")]
        assert len(right) <= 1 or d.get("cardinality") != "single"
        assert len(set(keys)) == len(keys), "a key stands twice"
        for value in right + keys:
            if d.get("baseType") == "float":
                float(value)
            if d.get("baseType") == "identifier":
                assert value in self.choices, value
            if d.get("baseType") == "directedPair":
                assert len(value.split()) == 2 and all(v in self.choices for v in value.split()), value

    def respond(self, answer):
        name = local(self.fields[0].tag)
        if name == "textEntryInteraction":
            return {f.get("responseIdentifier"): [words] if words else [] for f, words in zip(self.fields, answer)}
        of = {text: identifier for identifier, text in self.choices.items()}
        if name == "matchInteraction":
            return {"RESPONSE": [of[a] + " " + of[b] for a, b in answer]}
        return {"RESPONSE": [of[text] for text in answer]}

    def mapped(self, identifier):
        mapping = self.declared[identifier].find(QTI + "mapping")
        points = 0.0
        for given in self.response[identifier]:
            for e in mapping:
                same = e.get("mapKey") == given or e.get("caseSensitive") == "false" and e.get("mapKey").lower() == given.lower()
                if same:
                    points += float(e.get("mappedValue"))
                    break
            else:
                points += float(mapping.get("defaultValue", 0))
        return min(max(points, float(mapping.get("lowerBound"))), float(mapping.get("upperBound")))

    def value(self, e):
        name, identifier = local(e.tag), e.get("identifier")
        if name == "variable":
            return self.score if identifier == "SCORE" else (self.response[identifier] or [None])[0]
        if name == "correct":
            return values(self.declared[identifier])[0]
        if name == "baseValue":
            return float(said(e))
        if name == "mapResponse":
            return self.mapped(identifier)
        of = [self.value(c) for c in e]
        if name == "sum":
            return sum(of)
        if name == "isNull":
            return of[0] is None
        if name == "not":
            return not of[0]
        if name == "equal":
            if None in of:
                return None
            a, b = map(float, of)
            modes = {"exact": a == b, "absolute": abs(a - b) <= float(e.get("tolerance", 0))}
            return modes[e.get("toleranceMode")]
        raise ValueError(name)

    def scored(self, answer):
        self.response, self.score = self.respond(answer), 0.0
        processing = self.root.find(QTI + "responseProcessing")
        template = processing.get("template")
        if template == TEMPLATES + "match_correct":
            d = self.declared["RESPONSE"]
            order = list if d.get("cardinality") == "ordered" else sorted
            return float(order(self.response["RESPONSE"]) == order(values(d)))
        if template == TEMPLATES + "map_response":
            return self.mapped("RESPONSE") if self.response["RESPONSE"] else 0.0
        assert template is None, template
        for condition in processing:
            test, *rules = condition[0]
            if self.value(test):
                for rule in rules:
                    self.score = self.value(rule[0])
        return self.score


def items(package):
    archive = zipfile.ZipFile(io.BytesIO(package))
    assert archive.testzip() is None
    manifest = ElementTree.fromstring(archive.read("imsmanifest.xml"))
    assert manifest.tag == CP + "manifest" and [local(c.tag) for c in manifest] == ["metadata", "organizations", "resources"]
    assert [c.text for c in manifest[0]] == ["QTIv2.2 Package", "1.0.0"]
    assert all(e.tag.startswith((CP, LOM)) for e in manifest.iter())
    named, identifiers = ["imsmanifest.xml"], [manifest.get("identifier")]
    for resource in manifest[2]:
        files = resource[1:]
        assert resource.get("type") == "imsqti_item_xmlv2p2" and local(resource[0].tag) == "metadata" and files
        assert all(local(c.tag) == "file" for c in files)
        assert resource[1].get("href") == resource.get("href")
        parts = [local(c.tag) for c in resource[0][0]]
        assert parts == sorted(parts, key=["educational", "relation", "classification"].index), parts
        named += [c.get("href") for c in files]
        identifiers.append(resource.get("identifier"))
        root = ElementTree.fromstring(archive.read(resource.get("href")))
        assert root.get("identifier") == identifiers[-1]
        item = Item(root)
        if item.picture:
            assert posixpath.normpath(posixpath.join(posixpath.dirname(resource.get("href")), item.picture)) in named, item.picture
        yield item
    assert sorted(set(named)) == sorted(archive.namelist()), "every file is named, and every name is a file"
    assert len(set(identifiers)) == len(identifiers)


given = json.load(sys.stdin)
read = list(items(base64.b64decode(given["package"])))
assert len(read) == len(given["answers"]), "as many items as answers"
json.dump([[item.scored(answer) for answer in answers] for item, answers in zip(read, given["answers"])], sys.stdout)
