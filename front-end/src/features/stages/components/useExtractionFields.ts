import { useState } from 'react';
import { type FieldRow, hasUniqueNames, rowsOf, schemaOf } from './schemaForm';
import { useInvalid } from './validity';

type Schema = Record<string, unknown> | null;

export interface ExtractionForm {
  /** The fields as form rows. */
  rows: readonly FieldRow[];
  /** Whether the schema is edited as JSON. */
  isJson: boolean;
  /** The JSON as it is written. */
  text: string;
  isTextValid: boolean;
  /** Whether the form can show the schema that is written as JSON. */
  canShowForm: boolean;
  hasUniqueNames: boolean;
  changeRows: (rows: readonly FieldRow[]) => void;
  changeRow: (key: number, values: Partial<FieldRow>) => void;
  changeText: (text: string) => void;
  showForm: () => void;
  showJson: () => void;
}

/** The extraction schema of a stage as form rows, or as JSON if the form cannot show it. An invalid one is not passed on. */
export function useExtractionFields(schema: Schema, onChange: (schema: Schema) => void): ExtractionForm {
  const [rows, setRows] = useState<readonly FieldRow[]>(() => rowsOf(schema) ?? []);
  const [text, setText] = useState(() => asText(schema));
  const [isJson, setIsJson] = useState(() => rowsOf(schema) === null);
  const parsed = parse(text);
  const asRows = parsed === undefined ? null : rowsOf(parsed);
  useInvalid(isJson ? parsed === undefined : !hasUniqueNames(rows));

  const changeRows = (next: readonly FieldRow[]) => {
    setRows(next);
    if (hasUniqueNames(next)) onChange(schemaOf(next));
  };
  return {
    rows,
    isJson,
    text,
    isTextValid: parsed !== undefined,
    canShowForm: asRows !== null,
    hasUniqueNames: hasUniqueNames(rows),
    changeRows,
    changeRow: (key, values) => changeRows(rows.map((each) => (each.key === key ? { ...each, ...values } : each))),
    changeText: (next) => {
      setText(next);
      const value = parse(next);
      if (value !== undefined) onChange(value);
    },
    showForm: () => {
      if (!asRows) return;
      setRows(asRows);
      setIsJson(false);
    },
    showJson: () => {
      setText(asText(schema));
      setIsJson(true);
    },
  };
}

function asText(schema: Schema): string {
  return schema ? JSON.stringify(schema, null, 2) : '';
}

/** Parses a JSON Schema. Returns null for empty text and undefined if the text is not a JSON object. */
function parse(text: string): Schema | undefined {
  if (!text.trim()) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
