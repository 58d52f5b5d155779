#!/usr/bin/env python3
"""Makes weights.bin and manifest.json of a tagger from the PyPI package musicnn 0.1.0 (ISC license).

    python3 scripts/musicnn-weights.py models/musicnn            # download with pip, write, print what changed
    python3 scripts/musicnn-weights.py models/musicnn --check    # write nothing; status 1 if bytes differ
    python3 scripts/musicnn-weights.py models/musicnn --wheel musicnn-0.1.0-py3-none-any.whl
    python3 scripts/musicnn-weights.py models/musicnn-mtt --tagger MTT_musicnn

Requires Python 3 and pip only. The weights are read straight from the package's TensorFlow checkpoint
(a sorted string table with the position of each tensor in one data file), so neither TensorFlow nor the
package itself has to be installed. The numbers are copied unchanged.
"""

import argparse
import json
import re
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from protobuf import read_fields, read_varint

PACKAGE = 'musicnn==0.1.0'
DT_FLOAT = 1


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    arguments.add_argument('folder', type=Path, help='folder for weights.bin and manifest.json')
    arguments.add_argument('--wheel', type=Path, help='the package, if it is downloaded already')
    arguments.add_argument('--check', action='store_true', help='only compare with the existing files')
    arguments.add_argument('--tagger', default='MSD_musicnn', choices=['MSD_musicnn', 'MTT_musicnn'])
    options = arguments.parse_args()

    with tempfile.TemporaryDirectory() as temporary:
        wheel = options.wheel or fetch(temporary)
        with zipfile.ZipFile(wheel) as archive:
            index = archive.read(f'musicnn/{options.tagger}/.index')
            data = archive.read(f'musicnn/{options.tagger}/.data-00000-of-00001')
            license = archive.read('musicnn-0.1.0.dist-info/LICENSE.md')

    weights, manifest = lay_out(options.tagger, read_index(index), data)
    same = True
    for name, content in (('weights.bin', weights), ('manifest.json', manifest), ('LICENSE.md', license)):
        path = options.folder / name
        equal = path.exists() and matches(name, path.read_bytes(), content)
        print(f'{path}: {"the same" if equal else "differs"}{"" if equal or options.check else ", written"}')
        same = same and equal
        if not equal and not options.check:
            options.folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return 1 if options.check and not same else 0


def fetch(folder):
    """Downloads the wheel with pip; any Python version will do, as the package is pure Python."""
    pip = [sys.executable, '-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps']
    subprocess.run([*pip, '--only-binary', ':all:', '--dest', folder, PACKAGE], check=True)
    return next(Path(folder).glob('*.whl'))


def matches(name, there, made):
    """Compares weights byte by byte, text without line endings, and the manifest without its layout."""
    if name == 'weights.bin':
        return there == made
    if name == 'manifest.json':
        return json.loads(there) == json.loads(made)
    return there.decode().split() == made.decode().split()


def lay_out(tagger, tensors, data):
    """Joins all weights in one array, sorted by their names without punctuation."""
    weights, entries = bytearray(), []
    for name in sorted(tensors, key=lambda name: re.sub('[^a-z0-9]', '', name)):
        shape, offset, size = tensors[name]
        entries.append({'name': name, 'shape': shape, 'offset': len(weights)})
        weights += data[offset:offset + size]
    manifest = {'source': f'musicnn 0.1.0 (PyPI), {tagger}, ISC', 'dtype': 'float32 little-endian', 'tensors': entries}
    return bytes(weights), json.dumps(manifest, indent=0).encode()


def read_index(table):
    """{name: (shape, offset, size)} of the float tensors, without those of the optimizer."""
    tensors = {}
    # The last 48 bytes: handles of the meta index and of the index, padding, magic number.
    footer = table[-48:]
    assert struct.unpack('<Q', footer[-8:])[0] == 0xDB4775248B80FB57, 'not a checkpoint index'
    _, at = read_handle(footer, 0)
    index, _ = read_handle(footer, at)
    for _, handle in read_block(table, *index):
        block, _ = read_handle(handle, 0)
        for key, value in read_block(table, *block):
            name = key.decode()
            entry = read_message(value)
            if not name or entry.get(1) != DT_FLOAT or re.search(r'Adam|beta\d_power|Momentum', name):
                continue
            shape = [read_message(dimension).get(1, 0) for dimension in read_repeated(entry.get(2, b''), 2)]
            tensors[name] = (shape, entry.get(4, 0), entry[5])
    return tensors


def read_block(table, offset, size):
    """(key, value) of each entry. Each key shares a prefix with the one before it."""
    assert table[offset + size] == 0, 'the index is compressed'
    block = table[offset:offset + size]
    restarts = struct.unpack('<I', block[-4:])[0]
    end, at, key = len(block) - 4 * (restarts + 1), 0, b''
    while at < end:
        shared, at = read_varint(block, at)
        rest, at = read_varint(block, at)
        length, at = read_varint(block, at)
        key = key[:shared] + block[at:at + rest]
        yield key, block[at + rest:at + rest + length]
        at += rest + length


def read_handle(data, at):
    offset, at = read_varint(data, at)
    size, at = read_varint(data, at)
    return (offset, size), at


def read_message(data):
    """{field: last value} of a protocol buffer."""
    return dict(read_fields(data))


def read_repeated(data, number):
    return [value for field, value in read_fields(data) if field == number]


if __name__ == '__main__':
    sys.exit(main())
