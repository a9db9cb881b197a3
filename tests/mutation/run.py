#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Changes the files that judge, one place at a time, and says which changes no test notices.

    run.py [--sample N] [--seed N] [--tree FOLDER] [FILE...]

A change deletes a statement, negates a condition, or swaps a constant, an operator or an outcome. Each is made in a copy
of the checkout (build/mutation, or FOLDER when that is one already), built there, and met with the tests of the judges
alone. A survivor that turns a no into a yes is a missing test; exit status 1 when there are survivors.
"""
import argparse
import os
import pathlib
import random
import re
import subprocess
import sys

FILES = [
    "lib/token/outcome.cpp",
    "lib/token/judge_claims.cpp",
    "lib/token/verifier.cpp",
    "lib/token/candidates.cpp",
    "lib/token/claims.cpp",
    "lib/crypto/verifying_key.cpp",
    "lib/crypto/key_check.cpp",
    "lib/jose/key_ring.cpp",
]
UNIT = ",".join(
    f"[#{name}_test]"
    for name in "verdict verify verify_jws verify_claims verify_policy claims header_claims broken_keys candidates diagnose key_check"
    " key signature jwks".split()
)
VECTORS = "[#verifier_test],[#rfc_test],[#wycheproof_test]"

SWAPS = [
    (r"&&", "||"),
    (r"\|\|", "&&"),
    (r"(?<![=!<>])==(?!=)", "!="),
    (r"!=", "=="),
    (r"(?<![-<])<=(?!>)", "<"),
    (r">=", ">"),
    (r"(?<![<\w:]) < (?!<)", " <= "),
    (r" > (?!>)", " >= "),
    (r"\btrue\b", "false"),
    (r"\bfalse\b", "true"),
    (r"\bpassed\(CheckId", "skip(CheckId"),
    (r"\bfailed\(([^,;()]+), VerdictCode::\w+, [^;]+?\);", r"passed(\1);"),
    (r"VerdictCode::(issuer|audience|key|signature|header|malformed)\b", "VerdictCode::expired"),
    (r"\bif \((?!auto|const)(.+)\) (return|\{|continue|break)", r"if (!(\1)) \2"),
    (r"\ball_of\b", "any_of"),
    (r"\bany_of\b", "all_of"),
    (r"\bnone_of\b", "any_of"),
    (r" - 1\b", ""),
    (r"(?<=\w)\+\+", "--"),
]
STATEMENT = re.compile(r"^\s+(?!(return|case|break|default|using|const|auto|bool|std::|Result|Json|Policy)\b)[^{}]*;\s*$")
RETURN = re.compile(r"^(\s+)if \(.*\) (return [^;]*|continue|break);\s*$")


def mutants(text):
    """Yields (line number, what was done, the changed text)."""
    lines = text.split("\n")
    begin = next(i for i, line in enumerate(lines) if line.startswith("namespace jwtctl"))
    for number in range(begin, len(lines)):
        line = lines[number]
        if not line.strip() or line.lstrip().startswith(("//", "#", "namespace", "///")):
            continue
        if STATEMENT.match(line) or RETURN.match(line):
            yield number + 1, "deleted", "\n".join([*lines[:number], "", *lines[number + 1:]])
        for pattern, swap in SWAPS:
            for match in re.finditer(pattern, line):
                changed = line[: match.start()] + match.expand(swap) + line[match.end():]
                yield number + 1, f"{match[0].strip()} -> {match.expand(swap).strip()}", "\n".join(
                    [*lines[:number], changed, *lines[number + 1:]])


def quiet(*command, **options):
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, **options).returncode == 0


class Tree:
    """A copy of the checkout with the tests built in it."""

    def __init__(self, root, folder):
        self.root = folder
        if not (folder / "CMakeLists.txt").exists():
            subprocess.run(["git", "-C", str(root), "worktree", "add", "--force", "--detach", str(folder)], check=True)
        if not (folder / "build/dev/build.ninja").exists():
            # Without sanitizers, optimisation and debug information: what is built once for each change builds fast.
            subprocess.run(["cmake", "-S", ".", "-B", "build/dev", "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug",
                            "-DCMAKE_CXX_FLAGS_DEBUG=-O0", "-DCMAKE_CXX_COMPILER=clang++-14"], cwd=folder, check=True)
        subprocess.run(["cmake", "--build", "build/dev", "--target", "unit_tests", "vector_tests"], cwd=folder, check=True)
        self.environment = {**os.environ, "TZ": "Pacific/Chatham", "LC_ALL": "C.UTF-8"}
        self.environment.setdefault("JWTCTL_VECTORS", str(root.parent / "shared/vectors"))
        assert self.passes(), "the tests must pass before anything is changed"

    def passes(self):
        tests = self.root / "build/dev/tests"
        for program, names in (("unit_tests", UNIT), ("vector_tests", VECTORS)):
            try:
                if not quiet(str(tests / program), "-a", "-#", names, cwd=self.root, env=self.environment, timeout=120):
                    return False
            except subprocess.TimeoutExpired:
                return False
        return True

    def judge(self, file, changed):
        """Returns "survived", "killed" or "does not compile"."""
        path = self.root / file
        before = path.read_text()
        path.write_text(changed)
        try:
            if not quiet("cmake", "--build", "build/dev", "--target", "unit_tests", "vector_tests", cwd=self.root):
                return "does not compile"
            return "survived" if self.passes() else "killed"
        finally:
            path.write_text(before)


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, help="so many changes of each file, chosen by --seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tree", type=pathlib.Path, default=root / "build/mutation")
    parser.add_argument("files", nargs="*", default=FILES)
    options = parser.parse_args()
    tree = Tree(root, options.tree)
    counts = {"killed": 0, "survived": 0, "does not compile": 0}
    for file in options.files:
        found = list(mutants((tree.root / file).read_text()))
        if options.sample and options.sample < len(found):
            found = sorted(random.Random(options.seed).sample(found, options.sample), key=lambda one: one[0])
        for line, what, changed in found:
            answer = tree.judge(file, changed)
            counts[answer] += 1
            if answer == "survived":
                print(f"{file}:{line}: survived: {what}", flush=True)
    print(", ".join(f"{count} {name}" for name, count in counts.items()))
    sys.exit(1 if counts["survived"] else 0)


if __name__ == "__main__":
    main()
