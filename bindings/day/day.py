"""Tells a shop a day that is written in a file, through Python or over HTTP, and prints the exports at its end.

    python day.py shop_day.txt
    python day.py shop_day.txt http://127.0.0.1:8080 TOKEN openapi.json
"""

from __future__ import annotations

import json
import sys
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any, Callable, Dict

Call = Callable[[str, str, str], str]


def in_process() -> Call:
    import baddie

    shop = baddie.open("memory:").found("Day", "owner@example.com", "GBP")
    return lambda operation, key, request: shop.call(operation, request, idempotency_key=key or None)


def over_http(base: str, token: str, description: str) -> Call:
    paths: Dict[str, Any] = json.loads(Path(description).read_text())["paths"]
    routes = {
        known["operationId"]: (method.upper(), path)
        for path, methods in paths.items()
        for method, known in methods.items()
        if isinstance(known, dict) and "operationId" in known
    }

    def call(operation: str, key: str, request: str) -> str:
        method, path = routes[operation]
        fields = json.loads(request)
        for name in [name for name in fields if f"{{{name}}}" in path]:
            path = path.replace(f"{{{name}}}", fields.pop(name))
        body = None
        if method == "GET":
            path += "?" + urllib.parse.urlencode(fields)
        else:
            body = json.dumps(fields).encode()
        asked = urllib.request.Request(base + path, data=body, method=method)
        asked.add_header("Authorization", f"Bearer {token}")
        asked.add_header("Content-Type", "application/json")
        if key:
            asked.add_header("Idempotency-Key", key)
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return str(answer.read().decode())

    return call


def main() -> None:
    call = over_http(*sys.argv[2:5]) if len(sys.argv) > 2 else in_process()
    kept: Dict[str, str] = {}
    for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        operation, key, request, keep = line.split("|")
        for name, word in kept.items():
            request = request.replace(f"${name}", word)
        answer = call(operation.lstrip("="), key, request)
        if keep:
            name, prefix = keep.split("=")
            kept[name] = answer.split(f'"{prefix}', 1)[1].split('"')[0]
            kept[name] = prefix + kept[name]
        if operation.startswith("="):
            sys.stdout.write(answer + "\n")


main()
