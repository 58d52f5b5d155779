import { createHmac } from 'node:crypto';

/** The headers of Standard Webhooks (standardwebhooks.com): any of its libraries can check them. */
export function signed(secret: string, id: string, seconds: number, body: string): Record<string, string> {
  const signature = createHmac('sha256', keyOf(secret)).update(`${id}.${seconds}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': `v1,${signature}`,
  };
}

/** `whsec_` and base64, as the standard has it, or any other text as it is. */
function keyOf(secret: string): Buffer {
  return secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);
}
