import { fourCc } from '../../util/bytes.ts';
import { type Box, boxOf, descend } from './mp4-boxes.ts';
import { isReadable, type SampleLayout } from './plain-samples.ts';

/** Format flags of `lpcm`. */
const FLOAT = 1;
const BIG_ENDIAN = 2;
const SIGNED = 4;

interface Description {
  readonly format: string;
  readonly channels: number;
  readonly bits: number;
  readonly sampleRateHz: number;
  /** Only of `lpcm`. */
  readonly flags: number;
  /** The boxes behind the fields. */
  readonly extensions: Box;
}

/**
 * How the plain samples of a MOV are stored, from its sample description (`stsd`, "QuickTime File Format
 * Specification", Sound Sample Descriptions). Undefined for compressed or unsigned samples.
 */
export function plainSound(stsd: Box): { layout: SampleLayout; sampleRateHz: number } | undefined {
  const description = describe(stsd);
  const layout = description && layoutOf(description);
  if (!layout || !isReadable(layout) || layout.channels === 0) return undefined;
  const { sampleRateHz } = description;
  return Number.isInteger(sampleRateHz) && sampleRateHz > 0 ? { layout, sampleRateHz } : undefined;
}

function describe(stsd: Box): Description | undefined {
  // After version, flags and count: the first description.
  const at = 8;
  const version = stsd.view.getUint16(at + 16);
  const headBytes = { 0: 36, 1: 52, 2: 72 }[version];
  if (headBytes === undefined || stsd.bytes.length < at + headBytes) return undefined;
  const { view } = stsd;
  const common = {
    format: fourCc(stsd.bytes, at + 4),
    extensions: boxOf(stsd.bytes.subarray(at + headBytes, at + view.getUint32(at))),
  };
  if (version === 2) {
    return {
      ...common,
      sampleRateHz: view.getFloat64(at + 40),
      channels: view.getUint32(at + 48),
      bits: view.getUint32(at + 56),
      flags: view.getUint32(at + 60),
    };
  }
  const [channels, bits] = [view.getUint16(at + 24), view.getUint16(at + 26)];
  return { ...common, channels, bits, sampleRateHz: view.getUint16(at + 32), flags: 0 };
}

function layoutOf({ format, channels, bits, flags, extensions }: Description): SampleLayout | undefined {
  const int = (bytes: number, littleEndian: boolean) =>
    ({ channels, encoding: 'int', bytes, littleEndian }) as const;
  const float = (bytes: number, littleEndian: boolean) =>
    ({ channels, encoding: 'float', bytes, littleEndian }) as const;
  const enda = descend(extensions, 'wave', 'enda');
  const little = enda !== undefined && enda.bytes.length >= 2 && enda.view.getUint16(0) === 1;
  switch (format) {
    case 'sowt':
      return int((bits || 16) / 8, true);
    case 'twos':
      return int((bits || 16) / 8, false);
    case 'in24':
      return int(3, little);
    case 'in32':
      return int(4, little);
    case 'fl32':
      return float(4, little);
    case 'fl64':
      return float(8, little);
    case 'alaw':
    case 'ulaw':
      return { channels, encoding: format, bytes: 1, littleEndian: false };
    case 'lpcm':
      if (flags & FLOAT) return float(bits / 8, (flags & BIG_ENDIAN) === 0);
      return flags & SIGNED ? int(bits / 8, (flags & BIG_ENDIAN) === 0) : undefined;
    default:
      return undefined;
  }
}
