"""Writes the typed half of the package from the engine's table of operations.

    cargo run --example operations --no-default-features | python bindings/python/generate.py

writes python/baddie/types.py and operations.py anew; with `--check` it says whether they are up to date, and changes
nothing.
"""

from __future__ import annotations

import json
import keyword
import re
import sys
import textwrap
from pathlib import Path
from typing import Any, Dict, List, Optional

Schema = Dict[str, Any]
HOME = Path(__file__).parent / "python" / "baddie"
MADE = "Made by generate.py from the table of operations: do not edit."
LINE = 118


class Types:
    """All types that requests and answers name."""

    def __init__(self) -> None:
        self.known: Dict[str, Schema] = {}
        self.names: Dict[str, str] = {}

    def learn(self, name: str, schema: Schema) -> None:
        """Takes a type in, and those it defines; two of one name must be one."""
        for inner, definition in schema.get("$defs", {}).items():
            self.learn(inner, definition)
        bare = {key: value for key, value in schema.items() if key not in ("$defs", "$schema", "title")}
        if self.known.setdefault(name, bare) != bare:
            raise SystemExit(f"two different types are called {name}")
        python = re.sub(r"\W", "_", name)
        clash = self.names.setdefault(python, name)
        if clash != name:
            raise SystemExit(f"{name} and {clash} would both be called {python}")

    def annotation(self, schema: Any, given: bool = False) -> str:
        """The Python type of a schema; of something that is given, lists may be any sequence."""
        if schema is True or not schema:
            return "Any"
        if "$ref" in schema:
            name = schema["$ref"].rsplit("/", 1)[1]
            target = self.known[name]
            if special := SPECIAL.get(name):
                return special
            if self.is_class(target) or self.is_alias(target):
                return re.sub(r"\W", "_", name)
            return self.annotation(target, given)
        if "allOf" in schema and len(schema["allOf"]) == 1:
            return self.annotation(schema["allOf"][0], given)
        for several in ("anyOf", "oneOf"):
            if several in schema:
                kinds = [self.annotation(one, given) for one in schema[several] if one != {"type": "null"}]
                optional = {"type": "null"} in schema[several]
                whole = kinds[0] if len(kinds) == 1 else f"Union[{', '.join(dict.fromkeys(kinds))}]"
                return f"Optional[{whole}]" if optional else whole
        if "const" in schema:
            return f"Literal[{schema['const']!r}]"
        if "enum" in schema:
            return f"Literal[{', '.join(repr(word) for word in schema['enum'])}]"
        kind = schema.get("type")
        if isinstance(kind, list):
            rest = [one for one in kind if one != "null"]
            whole = self.annotation({**schema, "type": rest[0]}, given) if len(rest) == 1 else "Any"
            return f"Optional[{whole}]" if "null" in kind and whole != "Any" else whole
        if kind == "array":
            if "prefixItems" in schema:
                return f"tuple[{', '.join(self.annotation(one, given) for one in schema['prefixItems'])}]"
            item = self.annotation(schema.get("items", True), given)
            return f"Sequence[{item}]" if given else f"list[{item}]"
        if kind == "object":
            item = self.annotation(schema.get("additionalProperties", True), given)
            return f"Mapping[str, {item}]" if given else f"dict[str, {item}]"
        formats = {"date-time": "dt.datetime", "date": "dt.date"}
        if kind == "string":
            return formats.get(schema.get("format", ""), "str")
        return {"integer": "int", "number": "float", "boolean": "bool"}.get(str(kind), "Any")

    def is_class(self, schema: Schema) -> bool:
        """Whether the type has fields of its own."""
        return schema.get("type") == "object" and "properties" in schema

    def is_alias(self, schema: Schema) -> bool:
        """Whether the type is a choice, and deserves a name."""
        return "oneOf" in schema or "enum" in schema


SPECIAL = {"Money": "Money", "Timestamp": "dt.datetime", "Date": "dt.date"}


def apart(name: str) -> str:
    """The name of a field in Python, kept apart from its words."""
    return name + "_" if keyword.iskeyword(name) else name


def prose(text: Optional[str], indent: str) -> str:
    """A documentation string."""
    words = " ".join((text or "").split()).replace("\\", "\\\\").replace('"""', "'''")
    room = LINE - len(indent) - 6
    return f'"""{words}"""' if len(words) <= room else '"""' + ("\n" + indent).join(
        textwrap.wrap(words, LINE - len(indent) - 3)
    ) + f'\n{indent}"""'


def fields(types: Types, schema: Schema, given: bool) -> List[Any]:
    """Name, annotation, description and whether it is needed; what is needed comes first."""
    needed = set(schema.get("required", []))
    rows = []
    for name, one in schema.get("properties", {}).items():
        annotation = types.annotation(one, given)
        must = name in needed
        if not must and not annotation.startswith("Optional[") and annotation != "Any":
            annotation = f"Optional[{annotation}]"
        about = one.get("description") if isinstance(one, dict) else None
        rows.append((apart(name), annotation, about, must, one))
    return sorted(rows, key=lambda row: not row[3])


def record(types: Types, name: str, schema: Schema) -> str:
    """A dataclass."""
    lines = ["@dataclass(frozen=True)", f"class {name}:", f"    {prose(schema.get('description'), '    ')}", ""]
    for field, annotation, about, must, one in fields(types, schema, given=False):
        word = one.get("const") if isinstance(one, dict) else None
        default = f" = {word!r}" if word is not None and not must else "" if must else " = None"
        lines.append(f"    {field}: {annotation}{default}")
        if about:
            lines.append(f"    {prose(about, '    ')}")
    return "\n".join(lines)


def types_file(types: Types) -> str:
    """types.py."""
    records, aliases = [], []
    for name in sorted(types.known):
        schema, python = types.known[name], re.sub(r"\W", "_", name)
        if name in SPECIAL:
            continue
        if types.is_class(schema):
            records.append((python, record(types, python, schema)))
        elif types.is_alias(schema):
            choices = schema.get("oneOf", [])
            if all("const" in one for one in choices) and choices:
                words = ", ".join(repr(one["const"]) for one in choices)
                body = f"Literal[{words}]"
            elif choices and all(types.is_class(one) for one in choices):
                kinds = []
                for one in choices:
                    tag = next((str(p["const"]) for p in one["properties"].values() if "const" in p), None)
                    inner = tag or next(iter(one["properties"]))
                    variant = python + "".join(part.title() for part in re.split(r"\W|_", inner))
                    records.append((variant, record(types, variant, one)))
                    kinds.append(variant)
                body = f"Union[{', '.join(kinds)}]"
            else:
                body = types.annotation(schema)
            about = " ".join(schema.get("description", "").split())
            text = f"{python} = {body}"
            if len(text) > LINE:
                text = f"{python} = {body.split('[')[0]}[\n    " + ",\n    ".join(body.split("[", 1)[1][:-1].split(", ")) + ",\n]"
            aliases.append((python, text + (f"\n{prose(about, '')}" if about else "")))
    names = sorted(name for name, _ in records + aliases)
    listed = textwrap.fill(", ".join(f'"{name}"' for name in names), LINE, initial_indent="    ", subsequent_indent="    ")
    head = [
        f'"""What operations take and answer. {MADE}"""', "", "from __future__ import annotations", "",
        "import datetime as dt", "from dataclasses import dataclass",
        "from typing import Any, Literal, Optional, Union", "", "from .money import Money", "",
        f"__all__ = [\n{listed},\n]", "",
    ]
    return "\n".join(head) + "\n\n" + "\n\n\n".join(text for _, text in records) + "\n\n\n" + "\n\n".join(
        text for _, text in aliases
    ) + "\n"


def method(types: Types, operation: Any, wait: bool) -> List[str]:
    """One operation as a method, and as a walk where it gives pages."""
    name, request = operation["name"], operation["request"]
    verb = apart(name.split(".")[1])
    answer = annotate_answer(types, operation)
    rows = fields(types, request, given=True)
    parameters = [f"{field}: {annotation}" + ("" if must else " = None") for field, annotation, _, must, _ in rows]
    keyed = operation["writes"]
    if keyed:
        parameters.append("idempotency_key: Optional[str] = None")
    said = ", ".join(f'"{field}": {field}' for field, *_ in rows)
    key = "idempotency_key" if keyed else "None"
    about = [operation["summary"], *(f":param {field}: {text}" for field, _, text, _, _ in rows if text)]
    lines = signature(("async " if wait else "") + f"def {verb}", parameters, answer)
    lines += documentation(about)
    call = f'self._call("{name}", {{{said}}}, {answer}, {key})'
    line = f"        found: {answer} = {'await ' if wait else ''}{call}"
    if len(line) > LINE:
        inner = textwrap.wrap(said, LINE - 12, initial_indent=" " * 12, subsequent_indent=" " * 12)
        lines += ["        said: Dict[str, Any] = {", *inner, "        }"]
        call = f'self._call("{name}", said, {answer}, {key})'
        line = f"        found: {answer} = {'await ' if wait else ''}{call}"
    lines.append(line)
    lines.append("        return found")
    wrapped = "\n".join(lines).split("\n")
    page = types.known.get(answer_name(operation), {}).get("properties", {})
    if {"next_cursor", "items"} <= page.keys() and any(field == "cursor" for field, *_ in rows):
        item = types.annotation(page["items"]["items"])
        walk = "each" if verb == "list" else f"each_{verb}"
        rest = [one for one in parameters if not one.startswith("cursor:")]
        iterator = "AsyncIterator" if wait else "Iterator"
        wrapped += [""] + signature(("async " if wait else "") + f"def {walk}", rest, f"{iterator}[{item}]")
        wrapped += documentation([operation["summary"] + " Goes through all pages."])
        arguments = ", ".join(f"{field}={field}" for field, *_ in rows)
        ask = [f"            page = {'await ' if wait else ''}self.{verb}({arguments})"]
        if len(ask[0]) > LINE:
            ask = [ask[0][: -len(arguments) - 1], " " * 16 + arguments, "            )"]
        wrapped += [
            "        cursor: Optional[str] = None",
            "        while True:",
            *ask,
            "            for one in page.items:",
            "                yield one",
            "            cursor = page.next_cursor",
            "            if cursor is None:",
            "                return",
        ]
    return wrapped


def signature(start: str, parameters: List[str], answer: str) -> List[str]:
    """The head of a method, in as many lines as it needs."""
    star = ["*", *parameters] if parameters else []
    line = f"    {start}({', '.join(['self', *star])}) -> {answer}:"
    if len(line) <= LINE:
        return [line]
    return [f"    {start}(", "        self,", *(f"        {one}," for one in star), f"    ) -> {answer}:"]


def documentation(paragraphs: List[str]) -> List[str]:
    """A documentation string of several lines."""
    if len(paragraphs) == 1:
        return [f"        {prose(paragraphs[0], '        ')}"]
    text = [paragraphs[0], ""]
    for one in paragraphs[1:]:
        text += textwrap.wrap(" ".join(one.split()), LINE - 8, subsequent_indent="    ")
    escaped = [line.replace("\\", "\\\\").replace('"""', "'''") for line in text]
    return ['        """' + escaped[0], *(f"        {line}".rstrip() for line in escaped[1:]), '        """']


def answer_name(operation: Any) -> str:
    """What the answer's type is called."""
    return str(operation["answer"].get("title", ""))


def annotate_answer(types: Types, operation: Any) -> str:
    """The annotation of an answer."""
    schema = operation["answer"]
    if types.is_class(schema) or types.is_alias(schema):
        return types.annotation({"$ref": f"#/{answer_name(operation)}"})
    bare = {key: value for key, value in schema.items() if key not in ("$defs", "$schema", "title")}
    return types.annotation(bare)


def operations_file(types: Types, table: List[Any]) -> str:
    """operations.py."""
    rooms: Dict[str, List[Any]] = {}
    for operation in table:
        rooms.setdefault(operation["name"].split(".")[0], []).append(operation)
    parts = []
    for wait in (False, True):
        for room, operations in rooms.items():
            kind = room_class(room, wait)
            call = "AsyncCall" if wait else "Call"
            # `list` is a method of most rooms, so what comes after would take it for the type.
            ordered = sorted(operations, key=lambda one: one["name"].endswith(".list"))
            lines = [
                f"class {kind}:", f'    """The operations `{room}.…`."""', "",
                f"    def __init__(self, call: {call}) -> None:", "        self._call = call",
            ]
            for operation in ordered:
                lines += ["", *method(types, operation, wait)]
            parts.append("\n".join(lines))
        kind, call = ("AsyncOperations", "AsyncCall") if wait else ("Operations", "Call")
        lines = [f"class {kind}:", '    """All operations, room by room."""', "", f"    def __init__(self, call: {call}) -> None:"]
        lines += [
            f"        self.{room} = {room_class(room, wait)}(call)" for room in rooms
        ]
        parts.append("\n".join(lines))
    body = "\n\n\n".join(parts)
    used = sorted(name for name in {re.sub(r"\W", "_", one) for one in types.known} if re.search(rf"\b{name}\b", body))
    used = [name for name in used if name in exported(types)]
    listed = textwrap.fill(", ".join(used), LINE, initial_indent="    ", subsequent_indent="    ")
    head = [
        f'"""Every operation as a method. {MADE}"""', "", "from __future__ import annotations", "",
        "import datetime as dt",
        "from typing import Any, AsyncIterator, Awaitable, Callable, Dict, Iterator, Mapping, Optional, Sequence",
        "", "from .money import Money", f"from .types import (\n{listed},\n)", "",
        "Call = Callable[[str, Dict[str, Any], Any, Optional[str]], Any]",
        "AsyncCall = Callable[[str, Dict[str, Any], Any, Optional[str]], Awaitable[Any]]", "", "",
    ]
    return "\n".join(head) + body + "\n"


def room_class(room: str, wait: bool) -> str:
    """What the class of a room is called."""
    return ("Async" if wait else "") + room.title().replace("_", "") + "Operations"


def exported(types: Types) -> "set[str]":
    """The names that types.py gives."""
    return {
        re.sub(r"\W", "_", name)
        for name, schema in types.known.items()
        if name not in SPECIAL and (types.is_class(schema) or types.is_alias(schema))
    }


def main() -> int:
    table = json.load(sys.stdin)
    types = Types()
    for operation in table:
        for schema in (operation["request"], operation["answer"]):
            for name, definition in schema.get("$defs", {}).items():
                types.learn(name, definition)
        if operation["answer"].get("title"):
            types.learn(operation["answer"]["title"], operation["answer"])
    stale = 0
    for name, text in (("types.py", types_file(types)), ("operations.py", operations_file(types, table))):
        path = HOME / name
        if "--check" in sys.argv:
            same = path.exists() and path.read_text() == text
            stale += not same
            print(f"{name}: {'up to date' if same else 'differs: write it anew as this script says, and look at the difference'}")
        else:
            path.write_text(text)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
