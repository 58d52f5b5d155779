#!/usr/bin/env python3
"""Makes weights.bin and manifest.json of the audio transformer CED-tiny from tiny.onnx (Apache-2.0).

    python3 scripts/ced-weights.py models/ced --onnx tiny.onnx            # write, print what changed
    python3 scripts/ced-weights.py models/ced --onnx tiny.onnx --check    # write nothing; status 1 if bytes differ

Requires Python 3 only: the protocol buffer is read directly. The file is `models/tiny.onnx` of the Rust crate
soundevents 0.5.0, which `cargo add soundevents@0.5.0 && cargo fetch` puts into cargo's registry folder.

The numbers are copied unchanged: matrices as int8 with one scale and zero point each, vectors as float32. Matrices
without a name in the graph are named by their order in it. The mel filter bank, the analysis window and the tag
classifier are left out: the first two are computed exactly in src/stream/fine-mel.ts, the last is not used.
"""

import argparse
import hashlib
import json
import re
import struct
import sys
from pathlib import Path

SHA256 = '3890f227660be71886ff48633d11a731993e0206db8a486781412c28a0873435'
FLOAT, INT8 = 1, 3
UNUSED = re.compile(r'mel_transform|outputlayer|val_45_|val_\d+$')
MATRICES = ['attn.qkv.kernel', 'attn.proj.kernel', 'mlp.fc1.kernel', 'mlp.fc2.kernel']


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    arguments.add_argument('folder', type=Path, help='folder for weights.bin and manifest.json')
    arguments.add_argument('--onnx', type=Path, required=True, help='models/tiny.onnx of soundevents 0.5.0')
    arguments.add_argument('--check', action='store_true', help='only compare with the existing files')
    options = arguments.parse_args()

    onnx = options.onnx.read_bytes()
    if hashlib.sha256(onnx).hexdigest() != SHA256:
        sys.exit(f'{options.onnx} is not models/tiny.onnx of soundevents 0.5.0: its SHA-256 is another one.')
    weights, manifest = lay_out(rename(read_tensors(onnx)))
    same = True
    for name, content in (('weights.bin', weights), ('manifest.json', manifest)):
        path = options.folder / name
        equal = path.exists() and path.read_bytes() == content
        print(f'{path}: {"the same" if equal else "differs"}{"" if equal or options.check else ", written"}')
        same = same and equal
        if not equal and not options.check:
            options.folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return 1 if options.check and not same else 0


def rename(tensors):
    """{short name: (type, shape, bytes, scale, zero point)}, without what is not used."""
    named, matrices = {}, 0
    for name, (kind, shape, data) in tensors.items():
        if UNUSED.match(name.removeprefix('model.')) or (kind == FLOAT and not shape):
            continue
        if name.endswith('_z'):
            continue
        short = name.removeprefix('model.').removeprefix('encoder.')
        if kind == FLOAT:
            named[short] = (kind, shape, data, None, None)
            continue
        base = name.removesuffix('_q')
        scale, zero = struct.unpack('<f', tensors[base + '_s'][2])[0], struct.unpack('<b', tensors[base + '_z'][2])[0]
        short = short.removesuffix('_q')
        if short == 'alias':
            short = 'freq_pos_embed'
        elif short.startswith('val_'):
            short = f'blocks.{matrices // 4}.{MATRICES[matrices % 4]}'
            matrices += 1
        named[short] = (kind, shape, data, scale, zero)
    assert matrices == 48, f'{matrices} matrices'
    return named


def lay_out(tensors):
    """Float arrays first, so that they are aligned; both sorted by name."""
    weights, entries = bytearray(), []
    for name in sorted(tensors, key=lambda name: (tensors[name][0] != FLOAT, name)):
        kind, shape, data, scale, zero = tensors[name]
        entry = {'name': name, 'shape': [n for n in shape if n > 1], 'offset': len(weights)}
        if kind == INT8:
            entry |= {'scale': scale, 'zeroPoint': zero}
        entries.append(entry)
        weights += data
    manifest = {
        'source': 'CED-tiny (arXiv 2308.11957), models/tiny.onnx of the crate soundevents 0.5.0, Apache-2.0',
        'dtype': 'float32 little-endian; with a scale: int8, value = scale * (number - zeroPoint)',
        'tensors': entries,
    }
    lines = ',\n'.join(json.dumps(entry) for entry in entries)
    text = json.dumps({**manifest, 'tensors': []}, indent=1).replace('[]', f'[\n{lines}\n]')
    return bytes(weights), (text + '\n').encode()


def read_tensors(onnx):
    """{name: (type, shape, bytes)} of the graph's initializers (onnx.proto: ModelProto 7, GraphProto 5)."""
    graph = next(value for field, value in read_fields(onnx) if field == 7)
    tensors = {}
    for field, tensor in read_fields(graph):
        if field != 5:
            continue
        entry = dict(read_fields(tensor))
        shape = [value for number, value in read_fields(tensor) if number == 1]
        if shape and isinstance(shape[0], bytes):
            shape = read_packed(shape[0])
        tensors[entry[8].decode()] = (entry[2], shape, entry.get(9, b''))
    return tensors


def read_packed(data):
    values, at = [], 0
    while at < len(data):
        value, at = read_varint(data, at)
        values.append(value)
    return values


def read_varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def read_fields(data):
    at = 0
    while at < len(data):
        tag, at = read_varint(data, at)
        field, kind = tag >> 3, tag & 7
        if kind == 0:
            value, at = read_varint(data, at)
        elif kind == 2:
            length, at = read_varint(data, at)
            value, at = data[at:at + length], at + length
        else:
            width = {1: 8, 5: 4}[kind]
            value, at = data[at:at + width], at + width
        yield field, value


if __name__ == '__main__':
    sys.exit(main())
