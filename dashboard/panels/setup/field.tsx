import './field.css';
import type { Signal } from '@preact/signals';
import type { ComponentChildren, InputHTMLAttributes } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { language, t } from '../../state/i18n.ts';
import { nameOf } from '../../state/source-uri.ts';

export interface FieldProps {
  readonly label: string;
  /** The control, which takes the id. */
  readonly children: (id: string) => ComponentChildren;
}

/** A label above its control. */
export function Field({ label, children }: FieldProps) {
  const id = useId();
  return (
    <div class="setup-field">
      <label for={id}>{label}</label>
      {children(id)}
    </div>
  );
}

type Attribute =
  | 'aria-describedby'
  | 'autocomplete'
  | 'max'
  | 'maxLength'
  | 'min'
  | 'pattern'
  | 'placeholder'
  | 'required'
  | 'spellcheck'
  | 'step'
  | 'title';

export interface TextFieldProps extends Pick<InputHTMLAttributes, Attribute> {
  readonly label: string;
  readonly type?: 'text' | 'password' | 'number';
  readonly value: Signal<string>;
  /** Instead of writing into `value`. */
  readonly onInput?: (text: string) => void;
  /** Below the input. */
  readonly hint?: string | undefined;
  /** Why the form cannot be sent with it; empty: it can. */
  readonly problem?: string;
}

/** One line of text, unless `type` is another. */
export function TextField(props: TextFieldProps) {
  const { label, type = 'text', value, onInput, hint, problem = '', ...attributes } = props;
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.setCustomValidity(problem), [problem]);
  return (
    <Field label={label}>
      {(id) => (
        <>
          <input
            id={id}
            ref={input}
            class="text-input"
            type={type as 'text'} // The types tell them apart; all three take these attributes.
            autocomplete="off"
            {...attributes}
            value={value.value}
            onInput={({ currentTarget }) => {
              if (onInput === undefined) value.value = currentTarget.value;
              else onInput(currentTarget.value);
            }}
          />
          {hint !== undefined && <span class="setup-hint">{hint}</span>}
        </>
      )}
    </Field>
  );
}

/**
 * A name of a stream or a rule, written in any way: the name that the server accepts is shown below it, and is the one
 * to send: `serverName`.
 */
export function NameField({ hint, problem: other = '', ...props }: Omit<TextFieldProps, 'label'>) {
  const text = props.value.value.trim();
  const name = serverName(text);
  const problem = text !== '' && name === '' ? t('setup.nameForm') : other;
  return (
    <TextField
      label={t('setup.name')}
      maxLength={64}
      problem={problem}
      {...props}
      hint={problem || (name === text ? hint : t('setup.nameBecomes', { name }))}
    />
  );
}

export const serverName = (text: string): string => nameOf(text.trim(), language());

export interface SelectFieldProps<T extends string> {
  readonly label: string;
  readonly value: Signal<T>;
  readonly options: readonly (readonly [value: T, text: string])[];
}

export function SelectField<T extends string>({ label, value, options }: SelectFieldProps<T>) {
  return (
    <Field label={label}>
      {(id) => (
        <select
          id={id}
          class="text-input"
          value={value.value}
          onChange={(event) => {
            value.value = event.currentTarget.value as T;
          }}
        >
          {options.map(([one, text]) => (
            <option key={one} value={one}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
