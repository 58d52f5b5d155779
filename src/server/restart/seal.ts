import {
  createCipheriv,
  createDecipheriv,
  createHash,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

/** Protects records of a file: against damage, and with a key also against being read. */
export interface Seal {
  readonly encrypted: boolean;
  seal(bytes: Uint8Array): Buffer;
  /** @throws Error for a record that is damaged, or sealed with another key */
  open(sealed: Buffer): Buffer;
}

/** SHA-256 of the content, then the content. */
export const PLAIN: Seal = {
  encrypted: false,
  seal: (bytes) => Buffer.concat([digest(bytes), bytes]),
  open(sealed) {
    const content = sealed.subarray(DIGEST_BYTES);
    if (sealed.length < DIGEST_BYTES || !timingSafeEqual(digest(content), sealed.subarray(0, DIGEST_BYTES)))
      throw new Error('a checksum is wrong');
    return content;
  },
};

const DIGEST_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const digest = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/**
 * AES-256 in GCM mode: nonce, tag, ciphertext.
 *
 * @param logKey the key of the encrypted log in hexadecimal, from which this one is derived
 */
export function encryptedSeal(logKey: string): Seal {
  const key = Buffer.from(hkdfSync('sha256', Buffer.from(logKey, 'hex'), '', 'undertone stream state', 32));
  return {
    encrypted: true,
    seal(bytes) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const content = Buffer.concat([cipher.update(bytes), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), content]);
    },
    open(sealed) {
      const nonce = sealed.subarray(0, NONCE_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
    },
  };
}
