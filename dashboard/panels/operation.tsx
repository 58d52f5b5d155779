import './operation.css';
import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import {
  type ApiResponse,
  curlOf,
  type FormValues,
  isSocket,
  send,
  takesFile,
  takesJson,
} from '../state/api-request.ts';
import {
  type Document,
  describeSchema,
  exampleOf,
  type Operation,
  type Parameter,
} from '../state/openapi.ts';

export interface OperationProps {
  readonly document: Document;
  readonly operation: Operation;
  readonly token: string;
}

/** One operation of the API: its description, and a form to send it. */
export function OperationView({ document, operation, token }: OperationProps) {
  const { method, path, summary, description } = operation;
  const scope = operation['x-scope'];
  return (
    <details class="operation" data-method={method.toLowerCase()}>
      <summary>
        <code class="method">{isSocket(operation) ? 'WS' : method}</code>
        <code class="path">{path}</code>
        <span class="summary">{summary}</span>
        <span class="scope">{scope ?? 'public'}</span>
      </summary>
      <div class="operation-body">
        {description !== undefined && <p>{description}</p>}
        <RequestForm document={document} operation={operation} token={token} />
      </div>
    </details>
  );
}

function RequestForm({ document, operation, token }: OperationProps) {
  const parameters = useSignal<Record<string, string>>({});
  const schema = operation.requestBody?.content['application/json']?.schema;
  const body = useSignal(schema ? JSON.stringify(exampleOf(document, schema), null, 2) : '');
  const file = useSignal<File | null>(null);
  const response = useSignal<ApiResponse | string | null>(null);
  const busy = useSignal(false);
  const bodyId = useId();
  const values = (): FormValues => ({
    parameters: parameters.value,
    body: body.value,
    file: file.value,
    token,
  });
  const submit = async (event: Event) => {
    event.preventDefault();
    busy.value = true;
    try {
      response.value = await send(operation, values());
    } catch (error) {
      response.value = `No response: ${error instanceof Error ? error.message : String(error)}`;
    }
    busy.value = false;
  };
  return (
    <form onSubmit={submit}>
      {(operation.parameters ?? []).map((parameter) => (
        <Field
          key={parameter.name}
          document={document}
          parameter={parameter}
          onInput={(text) => {
            parameters.value = { ...parameters.value, [parameter.name]: text };
          }}
        />
      ))}
      {takesJson(operation) && (
        <div class="field field-wide">
          <label for={bodyId}>Body (JSON)</label>
          <textarea
            id={bodyId}
            rows={Math.min(12, body.value.split('\n').length + 1)}
            spellcheck={false}
            value={body.value}
            onInput={(event) => {
              body.value = event.currentTarget.value;
            }}
          />
          {schema && <Properties document={document} name={schema.$ref} />}
        </div>
      )}
      {takesFile(operation) && (
        <div class="field">
          <label for={bodyId}>File</label>
          <input
            id={bodyId}
            type="file"
            required
            onChange={(event) => {
              file.value = event.currentTarget.files?.[0] ?? null;
            }}
          />
        </div>
      )}
      {isSocket(operation) ? (
        <p class="hint">A WebSocket: docs/api.md describes its messages. The client library supports it.</p>
      ) : (
        <div class="send">
          <button type="submit" class="button" disabled={busy.value}>
            {busy.value ? 'Sending…' : 'Send'}
          </button>
          <code class="curl">{curlOf(operation, values())}</code>
        </div>
      )}
      <div role="status">{response.value !== null && <ResponseView response={response.value} />}</div>
    </form>
  );
}

function Field(props: { document: Document; parameter: Parameter; onInput: (text: string) => void }) {
  const { document, parameter, onInput } = props;
  const { name, schema, description } = parameter;
  const id = useId();
  return (
    <div class="field">
      <label for={id}>
        {name}
        {parameter.required === true && <span class="required"> required</span>}
      </label>
      {schema.enum ? (
        <select id={id} onChange={(event) => onInput(event.currentTarget.value)}>
          <option value="" />
          {schema.enum.map((one) => (
            <option key={String(one)}>{String(one)}</option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          type="text"
          spellcheck={false}
          autocomplete="off"
          required={parameter.required === true}
          placeholder={schema.example === undefined ? '' : String(schema.example)}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
      <small>{[describeSchema(document, schema), description].filter(Boolean).join('. ')}</small>
    </div>
  );
}

function Properties({ document, name }: { document: Document; name: string | undefined }) {
  const schema = name === undefined ? undefined : document.components.schemas[name.split('/').at(-1)!];
  return (
    <ul class="properties">
      {Object.entries(schema?.properties ?? {}).map(([key, one]) => (
        <li key={key}>
          <code>{key}</code> {[describeSchema(document, one), one.description].filter(Boolean).join('. ')}
        </li>
      ))}
    </ul>
  );
}

function ResponseView({ response }: { response: ApiResponse | string }) {
  if (typeof response === 'string') return <p class="response-head">{response}</p>;
  return (
    <>
      <p class="response-head" data-ok={response.ok}>
        <b>{response.status}</b> {response.type} · {Math.round(response.ms)} ms
        {response.truncated && ' · truncated'}
      </p>
      {/* Focusable, so that the keyboard can scroll a long response. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      {response.text !== '' && <pre tabIndex={0}>{response.text}</pre>}
    </>
  );
}
