#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each file includes what it uses of the standard library and of fmt, itself or by way of headers of ours.

What one library's headers happen to include, the next version's do not, and then it does not build there. A name
that is not in the table is reported too: add it.

    check_includes.py [--mend] [ROOT]    exit status 1 with the places; --mend adds the lines that are missing
"""
import pathlib
import re
import subprocess
import sys

HEADERS = {
    "algorithm": "adjacent_find all_of any_of binary_search clamp copy copy_if copy_n count count_if equal equal_range fill fill_n"
    " find find_end find_first_of find_if find_if_not for_each is_sorted lexicographical_compare lower_bound max max_element"
    " min min_element minmax mismatch none_of partition ranges remove remove_if replace replace_if reverse rotate search"
    " sort stable_partition stable_sort transform unique upper_bound",
    "array": "array to_array",
    "atomic": "atomic atomic_flag memory_order_acq_rel memory_order_acquire memory_order_relaxed memory_order_release",
    "bit": "bit_cast bit_width countl_zero countr_zero endian has_single_bit popcount",
    "cctype": "isalnum isalpha isdigit isspace isupper isxdigit tolower toupper",
    "cerrno": "errno",
    "charconv": "chars_format from_chars to_chars",
    "chrono": "chrono",
    "cmath": "abs ceil fabs floor isfinite isnan log2 pow round sqrt",
    "compare": "partial_ordering strong_ordering weak_ordering",
    "concepts": "integral",
    "csignal": "raise sig_atomic_t signal",
    "cstdint": "int16_t int32_t int64_t int8_t intptr_t uint16_t uint32_t uint64_t uint8_t uintptr_t",
    "cstdio": "FILE fclose fflush fopen fprintf fputs fread fwrite perror printf rename snprintf",
    "cstdlib": "_Exit abort atexit atoi calloc exit free getenv malloc quick_exit realloc strtod strtol strtold strtoul",
    "cstring": "memchr memcmp memcpy memmove memset strchr strcmp strerror strlen strncmp strrchr strstr",
    "ctime": "clock clock_t gmtime localtime mktime strftime time time_t tm",
    "deque": "deque",
    "exception": "current_exception exception exception_ptr rethrow_exception set_terminate terminate"
    " uncaught_exceptions",
    "filesystem": "filesystem",
    "fstream": "fstream ifstream ofstream",
    "functional": "bind_front function greater hash invoke less plus ref",
    "initializer_list": "initializer_list",
    "iostream": "cerr cin cout",
    "iterator": "back_inserter input_iterator_tag inserter istream_iterator istreambuf_iterator make_move_iterator"
    " next ostream_iterator prev reverse_iterator",
    "limits": "numeric_limits",
    "list": "list",
    "map": "map multimap",
    "memory": "addressof allocator default_delete make_shared make_unique shared_ptr unique_ptr weak_ptr",
    "mutex": "call_once lock_guard mutex once_flag scoped_lock unique_lock",
    "new": "align_val_t bad_alloc get_new_handler new_handler nothrow set_new_handler",
    "numeric": "accumulate gcd iota lcm reduce",
    "optional": "nullopt nullopt_t optional",
    "ostream": "endl flush",
    "random": "bernoulli_distribution mt19937 mt19937_64 random_device uniform_int_distribution",
    "regex": "cmatch regex regex_match regex_replace regex_search smatch",
    "set": "multiset set",
    "span": "as_bytes dynamic_extent span",
    "sstream": "istringstream ostringstream stringstream",
    "stdexcept": "invalid_argument length_error logic_error out_of_range runtime_error",
    "string": "basic_string getline stod stoi stol stoll stoul stoull string to_string u16string u32string",
    "string_view": "basic_string_view string_view u32string_view",
    "system_error": "generic_category make_error_code system_category system_error",
    "thread": "this_thread thread",
    "tuple": "apply forward_as_tuple ignore make_tuple tie tuple tuple_element_t tuple_size_v",
    "type_traits": "conditional_t decay_t enable_if_t false_type invoke_result_t is_base_of_v is_convertible_v"
    " is_enum_v is_integral_v is_invocable_v is_same_v is_signed_v is_unsigned_v make_unsigned_t remove_cvref_t"
    " remove_reference_t true_type type_identity_t underlying_type_t",
    "unordered_map": "unordered_map",
    "unordered_set": "unordered_set",
    "utility": "as_const cmp_less declval exchange forward in_place index_sequence integer_sequence make_pair pair"
    " swap unreachable",
    "variant": "get_if holds_alternative in_place_index monostate variant variant_alternative_t visit",
    "vector": "vector",
}
# Names that several headers give; the first is the one to add.
CONTAINERS = ["iterator", "array", "deque", "list", "map", "regex", "set", "span", "string", "string_view",
              "unordered_map", "unordered_set", "vector"]
SHARED = {
    **dict.fromkeys("begin cbegin cend data empty end rbegin rend size".split(), CONTAINERS),
    **dict.fromkeys("advance distance".split(), ["iterator"]),
    "byte": ["cstddef"],
    # Those two are part of what the functions of the second header give.
    "errc": ["system_error", "charconv"],
    "error_code": ["system_error", "filesystem"],
    "erase": ["string", "vector", "deque", "list"],
    "erase_if": ["vector", "string", "deque", "list", "map", "set", "unordered_map", "unordered_set"],
    "get": ["variant", "tuple", "array", "utility"],
    "ios": ["ios", "fstream", "sstream", "iostream", "istream", "ostream"],
    "ios_base": ["ios", "fstream", "sstream", "iostream", "istream", "ostream"],
    "istream": ["istream", "fstream", "sstream", "iostream"],
    # <algorithm>'s of three and <utility>'s of one argument.
    "move": ["utility", "algorithm"],
    "nullptr_t": ["cstddef"],
    "ostream": ["ostream", "fstream", "sstream", "iostream"],
    "ptrdiff_t": ["cstddef"],
    # Whoever has a size of something has its type.
    "size_t": ["cstddef", "cstdio", "cstdlib", "cstring", "ctime", "array", "span", "string", "string_view", "vector"],
    "streamsize": ["ios", "fstream", "sstream", "iostream", "istream", "ostream"],
}
FMT = {"join": ["fmt/ranges.h", "fmt/format.h"], "print": ["fmt/core.h", "fmt/format.h"]}

TABLE = {f"std::{name}": [header] for header, names in HEADERS.items() for name in names.split()}
TABLE |= {f"std::{name}": headers for name, headers in SHARED.items()}
# C's header gives the name without std:: and, in every library, with it.
USE = re.compile(r"(?<![\w:])(std|fmt)::([A-Za-z_]\w*)")
INCLUDE = re.compile(r'^#include ([<"])(.+?)[>"]', re.MULTILINE)
COMMENT = re.compile(r'//[^\n]*|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"', re.DOTALL)


def code_of(text):
    """The text without comments and literals, its lines kept."""
    return COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text)


def headers_of(name):
    if name.startswith("fmt::"):
        return FMT.get(name[5:], ["fmt/format.h", "fmt/core.h"])
    return TABLE.get(name)


def reach(root, path, seen):
    """Headers that are not ours and that `path` includes, itself or by way of ours."""
    found = set()
    for kind, name in INCLUDE.findall((root / path).read_text()):
        if kind == "<":
            found.add(name)
            continue
        ours = next((p for p in (name, str(pathlib.Path(path).parent / name)) if (root / p).is_file()), None)
        if ours and ours not in seen:
            seen.add(ours)
            found |= reach(root, ours, seen)
    return found


def missing_in(root, path):
    """(line, name, headers that would do or None) for each name's first use."""
    code = code_of((root / path).read_text())
    reached = reach(root, path, {path})
    told = set()
    for match in USE.finditer(code):
        name = match[0]
        headers = headers_of(name)
        if name in told or (headers and reached & set(headers)):
            continue
        told.add(name)
        yield code.count("\n", 0, match.start()) + 1, name, headers


def mend(root, path, headers):
    """Adds lines where the formatter would have them: sorted into the block of C++'s headers."""
    text = (root / path).read_text()
    lines = text.split("\n")
    at = [i for i, line in enumerate(lines) if line.startswith("#include <") and not line.rstrip().endswith(".h>")]
    new = [f"#include <{header}>" for header in headers if not header.endswith(".h")]
    fmt = [f"#include <{header}>" for header in headers if header.endswith(".h")]
    if at:
        lines[at[0]:at[-1] + 1] = sorted(set(lines[at[0]:at[-1] + 1] + new))
    elif new:
        first = next(i for i, line in enumerate(lines) if line.startswith("#include"))
        if lines[first].startswith('#include "') and lines[first + 1] == "":
            first += 2  # the header that the file is about stands alone before all others
            while lines[first].startswith("#include <"):  # C's
                first += 1
            first += lines[first] == ""
        lines[first:first] = sorted(new) + [""]
    if fmt:
        c = [i for i, line in enumerate(lines) if line.startswith("#include <") and line.rstrip().endswith(".h>")]
        if c:
            lines[c[0]:c[-1] + 1] = sorted(set(lines[c[0]:c[-1] + 1] + fmt))
        else:
            first = next(i for i, line in enumerate(lines) if line.startswith("#include <"))
            lines[first:first] = fmt + [""]
    (root / path).write_text("\n".join(lines))


def main(arguments):
    mending = "--mend" in arguments
    places = [argument for argument in arguments if argument != "--mend"]
    root = pathlib.Path(places[0] if places else ".").resolve()
    paths = [str(path.relative_to(root)) for folder in ("lib", "cli", "tests")
             for path in sorted((root / folder).rglob("*")) if path.suffix in (".h", ".cpp")]
    faults = 0
    # Headers first: what they include, their users need not.
    for path in sorted(paths, key=lambda path: not path.endswith(".h")):
        wanted = list(missing_in(root, path))
        if mending and any(headers for _, _, headers in wanted):
            mend(root, path, sorted({headers[0] for _, _, headers in wanted if headers}))
            wanted = list(missing_in(root, path))
        for line, name, headers in wanted:
            faults += 1
            print(f"{path}:{line}: {name} " +
                  (f"needs <{headers[0]}>" if headers else f"is not in the table of {pathlib.Path(__file__).name}"))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
