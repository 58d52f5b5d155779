import { type Field, type Fields, fieldsOf } from '../../src/frame-fields.ts';

/** A page with each table between `<!-- NAME -->` and `<!-- /NAME -->` as frame-fields.ts has it now. */
export function withTables(page: string, tables: Readonly<Record<string, Fields>>): string {
  return Object.entries(tables).reduce(
    (text, [name, table]) => withSection(text, name, markdown(table)),
    page,
  );
}

/** A page with `text` between `<!-- NAME -->` and `<!-- /NAME -->`. */
export function withSection(page: string, name: string, text: string): string {
  const [before, rest] = page.split(`<!-- ${name} -->\n`);
  const after = rest?.split(`<!-- /${name} -->`)[1];
  if (after === undefined) throw new Error(`the page has no place for the table ${name}`);
  return `${before}<!-- ${name} -->\n${text}<!-- /${name} -->${after}`;
}

const markdown = (table: Fields): string =>
  [
    '| field | type | range | decimals | |',
    '|---|---|---|---|---|',
    ...fieldsOf(table).map(([name, field]) => {
      const type = `${typeOf(field)}${field.nullable ? ' or null' : ''}`;
      return `| \`${name}\` | ${type} | ${rangeOf(field)} | ${decimalsOf(field)} | ${field.about} |`;
    }),
    '',
  ].join('\n');

function typeOf(field: Field): string {
  switch (field.kind) {
    case 'number':
      return field.unit ? `number, ${field.unit}` : 'number';
    case 'integer':
      return 'integer';
    case 'time':
      return 'time';
    case 'forecasts':
      return 'list';
    default:
      return 'text';
  }
}

function rangeOf(field: Field): string {
  if (field.kind === 'activity') return '`music`, `speech`, `silence`';
  if (field.kind === 'integer') return 'from 0';
  if (field.kind !== 'number' || field.min === undefined) return '';
  return field.max === undefined ? `from ${field.min}` : `${field.min} … ${field.max}`;
}

const decimalsOf = (field: Field): string =>
  field.kind === 'number' && field.decimals !== undefined ? String(field.decimals) : '';
