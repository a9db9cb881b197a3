#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""No secret is echoed: echo.py [--whole | --seed N] PROGRAM FOLDER [COMMAND]

Takes every option and operand of every command from the program's own help, puts secrets where
their values go, in every format that the command has, and searches stdout, stderr and each file
that was written for pieces of them. FOLDER holds ec.pem, public.pem, secret, token, key.jwk and
jwks.json. Prints one line for each leak; exit status 1 when there is one.

Of all secrets, places and formats --whole runs each combination. Else each secret stands at each
place in text and JSON, and of the combinations with other formats a sample is run that --seed
chooses (0 without it).
"""
import argparse
import base64
import itertools
import json
import os
import random
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

PIECE = 12
NOW = '1800000000'
NOWHERE = 'http://127.0.0.1:9/jwks.json'
PASSWORD = 'pa/ss.hunter2-W0rd'
SAMPLE = 1500

# What a command is given besides the option under test, so that its value is really reached.
FETCH = ['--timeout', '1s', '--retries', '0', '--no-cache']
PLAN = ['--token-ttl', '1h', '--verifier', 'envoy']
BASES = {
    'decode': ['@token'],
    'verify': ['@token', '--key', 'public.pem', '--any-audience', '--now', NOW],
    'sign': ['{}', '--key', 'ec.pem', '--expires-in', '1h', '--now', NOW],
    'keygen': ['--out-private', 'made.key', '--out-jwks', 'made.jwks'],
    'jwks fetch': [NOWHERE, *FETCH],
    'jwks show': ['jwks.json'],
    'jwks diff': ['jwks.json', 'public.json'],
    'lint': ['token', '--now', NOW, '--no-config'],
    'explain': ['JWT202'],
    'rotate-plan': [*PLAN, '--now', NOW, '--jwks', 'jwks.json', '--new-key', 'new.jwk'],
    'rotate-plan check': ['plan.json', '--jwks', NOWHERE, '--timeout', '1s', '--retries', '0',
                          '--now', NOW],
    'completion': ['bash'],
    'help': ['decode'],
    'version': [],
    'generate': ['.'],
}
# Options that only mean something beside others.
BESIDE = {
    '--secret': ['-a', 'HS256'],
    '--secret-encoding': ['--secret', 'secret'],
    '--to-alg': ['--new-key', 'new.jwk'],
    '--issue-rate': ['--emergency'],
    '--discovery-url': ['--issuer', 'https://127.0.0.1:9', '--discover', *FETCH],
    '--discovery': ['--issuer', 'https://127.0.0.1:9', '--discover', *FETCH],
}
NETWORK = {'--proxy', '--noproxy', '--resolve', '--header', '--cacert', '--cert', '--cert-key',
           '--cache-dir', '--max-stale', '--timeout', '--connect-timeout', '--retries',
           '--max-size', '--discovery', '--discovery-url'}
# Their value is, or says where to find, a secret: not even a password may be shown.
NAMES_SECRET = {'--secret', '--passphrase', '--header', '--proxy'}
# Of sign, --header is a member of the token's header.
NAMES_NONE = {('sign', '--header')}

BASIC = base64.b64encode(b'user:hunter2-W0rd-of-somebody').decode()
ISSUED = 'q7Zk20PmWx4RtYb9LsVd81NcHgJfEo35AuTi'

ODD_URLS = {'url1', 'url2', 'url3', 'url4'}

# Expected values are shown whole: subjects and paths have an @ in many places, so user information is looked for
# where a URL with a scheme has it. These two have it elsewhere.
EXPECTED = {'--issuer', '--audience', '--subject', '--claim', '--kid', '--typ', '--require'}
OUTSIDE_AUTHORITY = {'url3', 'url5'}

# What is data by contract: the artefact that was asked for holds it because it was asked to.
BY_CONTRACT = {
    # The key that was asked for has the kid that was asked for.
    ('keygen', '--kid', 'file'), ('keygen', '--kid', 'stdout'),
    # The token that was asked for, and its parts in JSON, have the members that were asked for.
    *(('sign', place, 'stdout') for place in (
        'CLAIMS', '--claim', '--issuer', '--audience', '--subject', '--jti', '--header', '--kid',
        '--typ')),
}


def run(program, arguments, folder, stdin=b''):
    home = os.path.join(folder, 'home')
    environment = {'PATH': os.environ['PATH'], 'LC_ALL': 'C.UTF-8', 'TZ': 'UTC', 'HOME': home}
    return subprocess.run([program, *arguments], cwd=folder, env=environment, input=stdin,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=30, check=False)


def declared(program, command, folder):
    """Returns (options as {name: takes a value}, operands, formats) of one command's help."""
    text = run(program, [*command.split(), '--help'], folder).stdout.decode()
    options, formats = {}, ['text']
    for line in re.finditer(r'^  (-[^\n]*)\n', text, re.M):
        names = re.findall(r'(?<![\w-])--?[a-z][\w-]*|-[A-Zh]', line[1])
        value = line[1].split()[-1]
        options[names[-1]] = not value.startswith('-')
    found = re.search(r'--format FMT\n +output format\n +One of: ([^.]*)\.', text)
    if found:
        formats = re.split(r',\s+', found[1])
    operands = re.search(r'^Arguments?:\n((?:  .*\n)+)', text, re.M)
    operands = re.findall(r'^  ([A-Z]\S*)', operands[1], re.M) if operands else []
    return options, operands, formats


def secrets(folder):
    """Yields (name, value, the secret part of it)."""
    with open(os.path.join(folder, 'ec.pem'), encoding='ascii') as file:
        pem = file.read()
    body = ''.join(pem.splitlines()[1:-1])
    with open(os.path.join(folder, 'token'), encoding='ascii') as file:
        token = file.read().strip()
    with open(os.path.join(folder, 'key.jwk'), encoding='ascii') as file:
        jwk = json.dumps(json.load(file))
    encoded = base64.b64encode(pem.encode()).decode()
    return [
        ('pem', pem, body),
        # Of the claims those that no other token has: jti stands first and is random.
        ('token', token, token.split('.')[1][12:76] + '\n' + token.split('.')[2]),
        ('jwk', jwk, json.loads(jwk)['d']),
        ('base64', encoded, encoded[40:-40]),
        ('basic', f'Authorization: Basic {BASIC}', BASIC),
        ('issued', f'ghp_{ISSUED}', ISSUED),
        ('query', f'https://127.0.0.1:9/jwks?access_token={PASSWORD}&v=1', PASSWORD),
        ('fragment', f'https://127.0.0.1:9/jwks#id_token={PASSWORD}', PASSWORD),
    ]


def passwords():
    return [(f'url{number}', url, PASSWORD) for number, url in enumerate([
        f'http://user:{PASSWORD}@127.0.0.1:8080',
        f'bogus://user:{PASSWORD}@127.0.0.1',
        f'http://user:{PASSWORD}@127.0.0.1:port',
        f'user:{PASSWORD}@127.0.0.1',
        f'http:\\\\user:{PASSWORD}@127.0.0.1',
        f'http://{PASSWORD}@127.0.0.1:9/jwks',
    ])]


def pieces(text):
    return {text[at:at + PIECE] for at in range(len(text) - PIECE + 1)}


def values(option, value):
    """The spellings in which `option` may be given `value`."""
    yield value
    if option == '--claim':
        yield from (f'name={value}', f'{value}=name', f'name:={json.dumps(value)}')
    elif option in ('--claim-json', '--rule', '--verifier', '--header', '--report', '--resolve'):
        yield from (f'name={value}', f'{value}=name', f'envoy@ttl={value}')
    elif option in ('--secret', '--key', '--passphrase', '--jwks', '--cert', '--cert-key'):
        yield from (f'env:{value}', f'@{value}')


def without(base, option):
    """`base` without `option` and its value."""
    while option in base:
        at = base.index(option)
        base = base[:at] + base[at + 2:]
    return base


def command_lines(program, command, folder, everything):
    """Yields (place, name of the secret, its secret part, format, arguments)."""
    options, operands, formats = declared(program, command, folder)
    base, words = BASES[command], command.split()
    for option, takes_value in options.items():
        chosen = list(everything)
        if option in NAMES_SECRET and (command, option) not in NAMES_NONE:
            chosen += [('password', PASSWORD, PASSWORD), ('header', f'Cookie: {PASSWORD}', PASSWORD)]
        for (name, secret, part), form in itertools.product(chosen, formats):
            format_option = ['-f', form] if option != '--format' and len(formats) > 1 else []
            if not takes_value:
                yield option, name, part, form, [*words, *base, *format_option, f'{option}={secret}']
                continue
            if command in ('verify', 'lint') and option in EXPECTED and name in OUTSIDE_AUTHORITY:
                continue
            for value in values(option, secret):
                rest = without(base, option)
                if option in ('--secret', '--jwks', '--discovery-url', '--discovery'):
                    rest = without(rest, '--key')
                if option in NETWORK and command == 'verify':
                    rest = [*without(rest, '--key'), '--jwks', NOWHERE, *without(FETCH, option)]
                beside = BESIDE.get(option, []) if command in ('verify', 'sign') else []
                yield option, name, part, form, [*words, *rest, *beside, *format_option, option, value]
    for operand, (name, secret, part), form in itertools.product(operands or ['OPERAND'], everything,
                                                                 formats):
        format_option = ['-f', form] if len(formats) > 1 else []
        rest = base[1:] if operands else base
        for value in (secret, f'@{secret}', f'env:{secret}', f'{secret}.{secret}'):
            yield operand, name, part, form, [*words, *rest, *format_option, value]
        yield operand, name, part, form, [*words, *rest, *format_option, '--', secret]
        yield operand, name, part, form, [*words, *base, *format_option, '--', 'x', secret]


def unknown(everything):
    """Secrets where a command or an option is expected."""
    for name, secret, part in everything:
        for arguments in ([secret], [f'--{secret}'], [f'-{secret}'], ['jwks', secret],
                          ['verify', f'--{secret}'], ['verify', f'--nosuch={secret}'],
                          ['rotate-plan', secret], ['help', secret], ['explain', secret]):
            yield 'command', name, part, 'text', arguments


def written(folder, known):
    """Yields the contents of files that are not among `known`, and removes them."""
    for path, folders, files in os.walk(folder):
        for name in files:
            whole = os.path.join(path, name)
            if os.path.relpath(whole, folder) not in known:
                with open(whole, 'rb') as file:
                    yield file.read()
                os.unlink(whole)
    for name in os.listdir(folder):
        if name not in known and os.path.isdir(os.path.join(folder, name)):
            shutil.rmtree(os.path.join(folder, name))


def leaks(program, folder, command, case, known):
    """Returns the streams and files that show a piece of the secret, with the piece."""
    place, name, part, _, arguments = case
    if any('\0' in argument for argument in arguments):
        return []
    done = run(program, arguments, folder)
    wanted = {part} if part == PASSWORD else pieces(part)
    found = []
    streams = [('stdout', done.stdout), ('stderr', done.stderr)]
    streams += [('file', content) for content in written(folder, known)]
    for stream, content in streams:
        text = content.decode('utf-8', 'replace')
        hit = wanted & ({part} if part == PASSWORD and part in text else pieces(text))
        if hit and (command, place, stream) not in BY_CONTRACT:
            at = text.index(min(hit, key=text.index))
            found.append((command, place, name, stream, done.returncode, text[max(0, at - 60):at + 30]))
    if done.returncode < 0 or done.returncode > 99:
        found.append((command, place, name, 'died', done.returncode, done.stderr.decode()[-200:]))
    return found


def walk(program, source, cases, worker):
    folder = os.path.join(source, f'worker{worker}')
    known = {name for name in os.listdir(folder)}
    return [leak for command, case in cases for leak in leaks(program, folder, command, case, known)]


def prepare(program, source, workers):
    names = [name for name in os.listdir(source) if os.path.isfile(os.path.join(source, name))]
    for worker in range(workers):
        folder = os.path.join(source, f'worker{worker}')
        os.mkdir(folder)
        for name in names:
            shutil.copy(os.path.join(source, name), folder)


def is_regular(case):
    """All formats show one text in one way each: most secrets in two of them say nearly all."""
    _, name, _, form, _ = case[1]
    return form == 'text' or name == 'pem' or (form == 'json' and name not in ODD_URLS)


def choose(cases, whole, seed):
    if whole:
        return cases
    others = [case for case in cases if not is_regular(case)]
    chosen = random.Random(seed).sample(others, min(SAMPLE, len(others)))
    return [case for case in cases if is_regular(case)] + chosen


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--whole', action='store_true')
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument('program')
    parser.add_argument('folder')
    parser.add_argument('commands', nargs='*')
    given = parser.parse_args()
    program, source = os.path.abspath(given.program), os.path.abspath(given.folder)
    everything = secrets(source) + passwords()
    commands = given.commands or list(BASES)
    listed = re.findall(r'^  ([a-z][a-z -]*?)  ', run(program, ['--help'], source).stdout.decode(), re.M)
    missing = set(listed) - set(BASES)
    if missing or not listed:
        sys.exit(f'commands without a complete command line here: {missing or "none found"}')
    cases = [(command, case) for command in commands
             for case in command_lines(program, command, source, everything)]
    if not given.commands:
        cases += [('jwtctl', case) for case in unknown(everything)]
    possible = len(cases)
    cases = choose(cases, given.whole, given.seed)
    workers = 2
    prepare(program, source, workers)
    with ThreadPoolExecutor(workers) as pool:
        parts = [pool.submit(walk, program, source, cases[worker::workers], worker)
                 for worker in range(workers)]
        found = [leak for part in parts for leak in part.result()]
    for command, place, name, stream, status, text in found:
        print(f'{command} {place} ({name}, status {status}) on {stream}: {text!r}')
    print(f'{len(cases)} of {possible} command lines (seed {given.seed}), {len(found)} leaks')
    sys.exit(1 if found else 0)


if __name__ == '__main__':
    main()
