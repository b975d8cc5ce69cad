/** Converts a stage's extraction schema (a flat JSON Schema) to form rows and back. */

export type FieldType = 'string' | 'number' | 'integer' | 'boolean';

export interface FieldRow {
  key: number;
  name: string;
  type: FieldType;
  description: string;
  pattern: string;
  /** The allowed values, one per line; empty allows any text. */
  choices: string;
  /** Not editable; kept unchanged. */
  title: string | undefined;
  required: boolean;
  /** Whether only values that the customer has written are kept. */
  isGrounded: boolean;
}

type Schema = Record<string, unknown>;

const GROUNDED = 'x-grounded';
const TYPES: ReadonlySet<string> = new Set(['string', 'number', 'integer', 'boolean']);

/** The form rows of a schema, or null if the form cannot show everything in it and would lose something. */
export function rowsOf(schema: Schema | null): FieldRow[] | null {
  if (schema === null) return [];
  const { type, properties, required, additionalProperties, ...rest } = schema;
  if (Object.keys(rest).length || (type !== undefined && type !== 'object') || additionalProperties !== undefined)
    return null;
  if (typeof properties !== 'object' || properties === null) return null;
  const needed = Array.isArray(required) ? required : [];
  if (needed.some((name) => !(String(name) in properties))) return null;
  const rows: FieldRow[] = [];
  for (const [name, value] of Object.entries(properties as Record<string, unknown>)) {
    if (typeof value !== 'object' || value === null) return null;
    const {
      type: fieldType,
      description,
      pattern,
      title,
      enum: choices,
      [GROUNDED]: grounded,
      ...more
    } = value as Schema;
    if (Object.keys(more).length || typeof fieldType !== 'string' || !TYPES.has(fieldType)) return null;
    if (![description, pattern, title].every((each) => each === undefined || typeof each === 'string')) return null;
    if (grounded !== undefined && typeof grounded !== 'boolean') return null;
    if (choices !== undefined && !(fieldType === 'string' && isLines(choices))) return null;
    rows.push({
      key: rows.length,
      name,
      type: fieldType as FieldType,
      description: (description as string | undefined) ?? '',
      pattern: (pattern as string | undefined) ?? '',
      choices: ((choices as string[] | undefined) ?? []).join('\n'),
      title: title as string | undefined,
      required: needed.includes(name),
      isGrounded: grounded !== false,
    });
  }
  return rows;
}

/** The schema of the rows; null if there are none, which lets the model record whatever it finds. */
export function schemaOf(rows: readonly FieldRow[]): Schema | null {
  if (!rows.length) return null;
  const properties: Schema = {};
  for (const row of rows) {
    properties[row.name.trim()] = {
      type: row.type,
      ...(row.title === undefined ? {} : { title: row.title }),
      ...(row.description.trim() ? { description: row.description.trim() } : {}),
      ...(row.type === 'string' && row.pattern ? { pattern: row.pattern } : {}),
      ...(row.isGrounded ? {} : { [GROUNDED]: false }),
      ...(row.type === 'string' && linesOf(row.choices).length ? { enum: linesOf(row.choices) } : {}),
    };
  }
  const required = rows.filter((each) => each.required).map((each) => each.name.trim());
  return { type: 'object', properties, ...(required.length ? { required } : {}) };
}

/** Whether the value is a list of distinct single-line texts, which a multi-line text field can show. */
function isLines(value: unknown): value is string[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((each) => typeof each === 'string') &&
    JSON.stringify(linesOf(value.join('\n'))) === JSON.stringify(value)
  );
}

function linesOf(text: string): string[] {
  return [
    ...new Set(
      text
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean),
    ),
  ];
}

/** Whether each row has a name and no name is used twice. */
export function hasUniqueNames(rows: readonly FieldRow[]): boolean {
  const names = rows.map((each) => each.name.trim());
  return names.every(Boolean) && new Set(names).size === names.length;
}

/** The API's errors for a schema: the names of fields with an invalid pattern, and other messages. */
export interface SchemaProblems {
  patterns: string[];
  others: string[];
}

const AT_SCHEMA = '$.extraction_schema';
const AT_PATTERN = /^\$\.extraction_schema\.properties(?:\.([^.[]+)|\['(.+)'\])\.pattern$/;

/** The errors that concern the schema. */
export function schemaProblemsOf(details: readonly { path: string; message: string }[]): SchemaProblems {
  const here = details.filter((each) => each.path.startsWith(AT_SCHEMA));
  const problems: SchemaProblems = { patterns: [], others: [] };
  for (const { path, message } of here) {
    const [, plain, quoted] = AT_PATTERN.exec(path) ?? [];
    const name = plain ?? quoted;
    if (name === undefined) problems.others.push(message);
    else problems.patterns.push(name);
  }
  return problems;
}
