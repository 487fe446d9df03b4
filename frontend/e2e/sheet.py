"""Prints the first sheet of an XLSX file as JSON rows of raw values.

It reads the file's own XML with the standard library only, so that the walk
checks the sheet with another reader than the library that wrote it.
"""
import json
import re
import sys
import zipfile
from xml.etree import ElementTree

NS = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def column(reference):
    n = 0
    for letter in re.match("[A-Z]+", reference).group():
        n = n * 26 + ord(letter) - 64
    return n - 1


def rows(path):
    with zipfile.ZipFile(path) as archive:
        strings = []
        if "xl/sharedStrings.xml" in archive.namelist():
            for item in ElementTree.fromstring(archive.read("xl/sharedStrings.xml")).findall("x:si", NS):
                strings.append("".join(t.text or "" for t in item.iter("{%s}t" % NS["x"])))
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
        for row in sheet.find("x:sheetData", NS):
            cells = []
            for cell in row:
                at = column(cell.get("r"))
                cells += [None] * (at - len(cells))
                value = cell.find("x:v", NS)
                if cell.get("t") == "s":
                    cells.append(strings[int(value.text)])
                elif cell.get("t") in ("inlineStr", "str"):
                    cells.append("".join(t.text or "" for t in cell.iter() if t.tag.endswith("}t") or t.tag.endswith("}v")))
                else:
                    cells.append(None if value is None else float(value.text))
            yield cells


json.dump(list(rows(sys.argv[1])), sys.stdout)
