import { expect, test } from 'vitest';
import { startServer } from '../support.ts';

interface Schema {
  readonly type?: string | readonly string[];
  readonly pattern?: string;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
}

async function description() {
  const server = await startServer();
  const answer = await fetch(`${server.url}openapi.json`);
  return (await answer.json()) as {
    paths: Record<
      string,
      Record<string, { requestBody: { content: object }; responses: Record<string, { content: object }> }>
    >;
    components: { schemas: Record<string, Schema> };
  };
}

test('the patterns are regular expressions without delimiters and flags', async () => {
  const { components, paths } = await description();
  const patterns: string[] = [];
  JSON.stringify({ components, paths }, (key, value) => {
    if (key === 'pattern') patterns.push(value);
    return value;
  });
  expect(patterns.length).toBeGreaterThan(3);
  for (const pattern of patterns) {
    expect(pattern).not.toMatch(/^\/|\/[a-z]*$/);
    new RegExp(pattern, 'u');
  }
  const name = components.schemas.NewToken!.properties!.name!;
  expect('wall-display é 1').toMatch(new RegExp(name.pattern!, 'u'));
});

test('a frame of a list is an object; only the newest frame of a stream may be null', async () => {
  const { EmotionFrame, Stream } = (await description()).components.schemas;
  expect(EmotionFrame!.type).toBe('object');
  expect(Stream!.properties!.last).toMatchObject({
    anyOf: [{ $ref: '#/components/schemas/EmotionFrame' }, { type: 'null' }],
  });
});

test('an upload may be a form, and the frames of a damaged file are followed by the error', async () => {
  const { post } = (await description()).paths['/v1/analyze']!;
  expect(Object.keys(post!.requestBody.content)).toEqual(['application/octet-stream', 'multipart/form-data']);
  expect(post!.responses['200']!.content).toMatchObject({
    'application/json': {
      schema: {
        properties: { error: { properties: { code: { type: 'string' }, message: { type: 'string' } } } },
        required: ['frames'],
      },
    },
  });
});
