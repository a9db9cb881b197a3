#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Arguments get into messages by lib/base/shown.h alone.

    check_echo.py [ROOT]    exit status 1 with the places

Looks at what is formatted into errors, hints, warnings and notes in cli/ and lib/. A value that is named as arguments
are named there must go through show_argument, quote_argument or masked_argument, unless it is listed below.
"""
import pathlib
import re
import sys

MESSAGE = re.compile(r"\b(?:fail\(ErrorCode::\w+,|write_(?:error|warning|note)\(|hint\(|refuse\w*\(|\bsay\()")
# How arguments, names of files and URLs are called where messages are made.
ARGUMENT = re.compile(
    r"^\*?(?:\w+(?:\.|->|_\.|_->))*"
    r"(?:argument|arg|spec|path|file|value|values|url|uri|text|what|name|word|given|kid|label|host|header|proxy|typ|issuer|"
    r"input|source|folder|foreign|actual_path|directory|dir|out_\w+|output|token|claims?|secret|passphrase|(?<=options\.)\w+)_?(?:\[[^]]*\])?(?:\.string\(\)|\.str\(\))?$"
)
# file: {expression: why it is no argument}
ALLOWED = {
    "cli/app.cpp": {
        "argument": "is the name of a declared option",
        "command.name": "from the table of commands",
        "name": "of a declared option or command",
        "word": "is the beginning of a command's name",
    },
    "cli/commands/conversion.cpp": {"kid": "shown above"},
    "cli/commands/decode.cpp": {"options.print": "one of its choices"},
    "cli/commands/help.cpp": {"*options.command": "is a command's name or its beginning"},
    "cli/commands/keygen.cpp": {
        "options.alg": "one of its choices",
        "options.encoding": "one of its choices",
    },
    "cli/commands/rotate_inputs.cpp": {"name": "of a declared option"},
    "cli/commands/sign.cpp": {
        "name": "typ or kid",
        "set.source": "what source_name shows",
        "finding.rule.name": "from the catalogue of rules",
        "member->name": "kid, typ or cty",
    },
    "cli/commands/rotate_kit.cpp": {"phase.folder": "from the table of phases"},
    "cli/commands/verify.cpp": {"options.print": "one of its choices"},
    "cli/key_inputs.cpp": {"source": "what source_name shows"},
    "cli/members.cpp": {
        "what": "a literal of the caller",
        "what_": "a literal of the caller",
        "source": "of a declared option",
    },
    "cli/network_source.cpp": {"name": "of a declared option"},
    "cli/spec.cpp": {"what": "a literal of the caller"},
    "lib/base/zone.cpp": {"what": "a literal of the caller"},
    "lib/crypto/key.cpp": {"info.name": "from the table of curves"},
    "lib/crypto/key_check.cpp": {"algorithm.name": "from the table of algorithms"},
    "lib/crypto/openssl.cpp": {"what": "a literal of the caller"},
    "lib/jose/jwk.cpp": {
        "name": "of a registered member",
        "algorithm.name": "from the table of algorithms",
    },
    "lib/lint/document.cpp": {"what": "a literal of the caller"},
    "lib/lint/example.cpp": {"value": "from the examples of the catalogue"},
    "lib/remote/discovery.cpp": {"what": "one of two literals"},
    "lib/remote/key_body.cpp": {"what": "a literal of the caller"},
    "lib/rotation/advice.cpp": {
        "name": "of a declared option",
        "given.value": "a number",
        "inputs.margin_percent.value": "a number",
    },
    "lib/rotation/window.cpp": {"what": "a literal of the caller"},
    "lib/token/verify.cpp": {"judgement->algorithm->name": "from the table of algorithms"},
    "lib/token/words_claims.cpp": {"what": "one of two literals"},
    "lib/token/words_jws.cpp": {
        "algorithm.name": "from the table of algorithms",
        "name": "from the table of algorithms",
        "found_.algorithm->name": "from the table of algorithms",
        "names_.kid": "what the caller calls an option",
        "names_.typ": "what the caller calls an option",
        "what": "describes keys without their members",
    },
}


def call(text, start):
    """Returns the text between the parentheses of a call; `start` is behind the opening one."""
    depth, at, quoted = 1, start, False
    while depth:
        char = text[at]
        if quoted:
            at += char == "\\"
            quoted = char != '"'
        elif char == '"':
            quoted = True
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        at += 1
    return text[start : at - 1]


def split(arguments):
    """Splits at the commas that stand in no parentheses and no string."""
    parts, depth, quoted, begin, at = [], 0, False, 0, 0
    while at < len(arguments):
        char = arguments[at]
        if quoted:
            at += char == "\\"
            quoted = char != '"'
        elif char == '"':
            quoted = True
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif char == "," and depth == 0:
            parts.append(arguments[begin:at].strip())
            begin = at + 1
        at += 1
    return [*parts, arguments[begin:].strip()]


def bare(arguments):
    """Yields the arguments that are formatted in a call, and in the calls of fmt::format in it."""
    parts = split(arguments)
    at = next((index for index, part in enumerate(parts) if part.startswith('"')), None)
    if at is not None and "{" in parts[at]:
        yield from parts[at + 1 :]
    for inner in re.finditer(r"\bfmt::format\(", arguments):
        yield from bare(call(arguments, inner.end()))


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    sources = sorted(path for folder in ("cli", "lib") for path in (root / folder).rglob("*") if path.suffix in (".cpp", ".h"))
    bad, seen, messages = [], set(), 0
    for path in sources:
        file = path.relative_to(root).as_posix()
        text = re.sub(r"(?<![\w:\"'/])//[^\n]*", lambda comment: " " * len(comment[0]), path.read_text())
        places = set()
        for message in MESSAGE.finditer(text):
            messages += 1
            start = text.index("(", message.start()) + 1
            for argument in bare(call(text, start)):
                if not ARGUMENT.match(argument):
                    continue
                if argument in ALLOWED.get(file, {}):
                    seen.add((file, argument))
                else:
                    places.add((text.count("\n", 0, start) + 1, argument))
        bad += [f"{file}:{line}: {argument} stands in a message as it is: show_argument" for line, argument in sorted(places)]
    bad += [
        f"check_echo.py: {file} has no {argument} any more"
        for file, names in ALLOWED.items()
        for argument in names
        if (file, argument) not in seen
    ]
    if messages < 300:
        bad.append(f"only {messages} messages found: the check is looking elsewhere")
    print("\n".join(bad or [f"{messages} messages"]))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
