/** What the form shows for the settings of a kind of channel, from their JSON Schema. */

export type Settings = Record<string, unknown>;

export type FieldType =
  'text' | 'number' | 'choice' | 'yesNo' | 'colour' | 'lines' | 'texts' | 'linesPerLanguage' | 'json';

export interface SettingField {
  name: string;
  type: FieldType;
  title: string;
  hint: string;
  isRequired: boolean;
  default: unknown;
  choices: readonly string[];
  maxLength: number | undefined;
}

interface Property {
  type?: string;
  title?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  pattern?: string;
  maxLength?: number;
  items?: Property;
  additionalProperties?: Property;
}

const COLOUR = '^#[0-9a-fA-F]{6}$';

/** The fields of the settings, in the order of the schema. */
export function fieldsOf(schema: Readonly<Record<string, unknown>>): SettingField[] {
  const properties = (schema['properties'] ?? {}) as Record<string, Property>;
  const required = (schema['required'] ?? []) as string[];
  return Object.entries(properties).map(([name, property]) => ({
    name,
    type: typeOf(property),
    title: property.title ?? name,
    hint: property.description ?? '',
    isRequired: required.includes(name),
    default: property.default,
    choices: (property.enum ?? []).map(String),
    maxLength: property.maxLength ?? property.additionalProperties?.maxLength,
  }));
}

/** The settings without empty fields: the server uses its defaults for them. */
export function filledSettings(settings: Settings): Settings {
  return Object.fromEntries(
    Object.entries(settings)
      .map(([name, value]): [string, unknown] => [name, withoutEmpty(value)])
      .filter(([, value]) => !isBlank(value)),
  );
}

/** The titles of the required fields that are empty. */
export function missingFields(fields: readonly SettingField[], settings: Settings): string[] {
  return fields.filter((each) => each.isRequired && isBlank(settings[each.name])).map((each) => each.name);
}

/** The lines of a text, without empty ones. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}

function typeOf(property: Property): FieldType {
  if (property.enum) return 'choice';
  const { type, items, additionalProperties: values } = property;
  if (type === 'boolean') return 'yesNo';
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'string') return property.pattern === COLOUR ? 'colour' : 'text';
  if (type === 'array' && items?.type === 'string') return 'lines';
  if (type === 'object' && values?.type === 'string') return 'texts';
  if (type === 'object' && values?.type === 'array' && values.items?.type === 'string') return 'linesPerLanguage';
  return 'json';
}

function withoutEmpty(value: unknown): unknown {
  if (typeof value === 'string') return value.trim();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, each]) => !isBlank(each)));
}

function isBlank(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === 'string') return value.trim() === '';
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
