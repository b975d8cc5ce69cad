/** Forms: their values, which of them are invalid, and what happens when they are submitted. */

import { type FormEvent, createContext, use, useCallback, useLayoutEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';

/** Returns true, or why the value of a field is invalid. False marks the field without a message. */
export type Validate<Value, Values> = (value: Value, values: Values) => string | boolean;

interface Field<Values> {
  element: HTMLElement | null;
  check: (values: Values) => string | boolean;
}

/** Connects the fields of a form with it. */
export interface Control<Values extends object> {
  values: Values;
  /** Whether an error of this field is shown. */
  shows: (name: keyof Values) => boolean;
  change: <Name extends keyof Values>(name: Name, value: Values[Name]) => void;
  /** The fields that are on the page. */
  fields: Map<keyof Values, Field<Values>>;
}

interface Options<Values> {
  defaultValues: Values;
  /** When errors are first shown: when the form is submitted, or when a field is changed. */
  mode?: 'onSubmit' | 'onChange';
}

/** The state of a form. Its component is rendered again with each change. */
export function useForm<Values extends object>({ defaultValues, mode = 'onSubmit' }: Options<Values>) {
  const [fields] = useState(() => new Map<keyof Values, Field<Values>>());
  const [values, setValues] = useState(defaultValues);
  const [saved, setSaved] = useState(defaultValues);
  const [changed, setChanged] = useState<ReadonlySet<keyof Values>>(new Set());
  const [isChecked, setChecked] = useState(false);
  const rendered = useRef(values);
  useLayoutEffect(() => {
    rendered.current = values;
  }, [values]);

  const setValue = <Name extends keyof Values>(name: Name, value: Values[Name]) => {
    setValues((last) => ({ ...last, [name]: value }));
    setChanged((last) => new Set([...last, name]));
  };
  const invalidFields = () => [...fields].filter(([, field]) => field.check(values) !== true);
  const reset = (next: Values) => {
    setValues(next);
    setSaved(next);
    setChanged(new Set());
    setChecked(false);
  };
  const control: Control<Values> = {
    values,
    shows: (name) => isChecked || (mode === 'onChange' && changed.has(name)),
    change: setValue,
    fields,
  };

  return {
    control,
    values,
    isDirty: namesOf(values).some((name) => values[name] !== saved[name]),
    isChanged: (name: keyof Values) => values[name] !== saved[name],
    /** Whether the errors of all fields are shown, because the form was submitted. */
    isChecked,
    isValid: [...fields.values()].every((field) => field.check(values) === true),
    setValue,
    /** The values at the time of the call, which may be later than the rendering. */
    getValues: () => rendered.current,
    /** Starts again with other values and without errors. */
    reset,
    /** Shows the errors of all fields. Returns whether there are none. */
    check: () => {
      setChecked(true);
      return invalidFields().length === 0;
    },
    /** The function for `onSubmit`. Without valid values, it moves the focus to the first invalid field. */
    handleSubmit:
      (onValid: (values: Values) => unknown, onInvalid?: (names: readonly (keyof Values)[]) => void) =>
      async (event?: FormEvent) => {
        event?.preventDefault();
        flushSync(() => setChecked(true));
        const invalid = invalidFields();
        if (!invalid.length) {
          await onValid(values);
          return;
        }
        onInvalid?.(invalid.map(([name]) => name));
        invalid
          .flatMap(([, { element }]) => element ?? [])
          .toSorted((a, b) => (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1))[0]
          ?.focus();
      },
  };
}

interface FieldOptions<Values extends object, Name extends keyof Values> {
  control: Control<Values>;
  name: Name;
  validate?: Validate<Values[Name], Values> | undefined;
}

/** The value of a field, its error if it is shown, and how to change it. `ref` is for the element that gets the focus. */
export function useField<Values extends object, Name extends keyof Values>({
  control,
  name,
  validate,
}: FieldOptions<Values, Name>) {
  const { fields, values } = control;
  const element = useRef<HTMLElement>(null);
  const check = useCallback((all: Values) => validate?.(all[name], all) ?? true, [name, validate]);
  useLayoutEffect(() => {
    fields.set(name, { element: element.current, check });
    return () => void fields.delete(name);
  }, [fields, name, check]);
  const result = control.shows(name) ? check(values) : true;
  return {
    value: values[name],
    isInvalid: result !== true,
    message: typeof result === 'string' ? result : undefined,
    onChange: (value: Values[Name]) => control.change(name, value),
    ref: element,
  };
}

const FormContext = createContext<unknown>(null);

/** Gives a form's control to the components below. */
export const FormProvider = FormContext.Provider;

/** The control of the form around the component. */
export function useFormContext<Values extends object>(): Control<Values> {
  return use(FormContext) as Control<Values>;
}

function namesOf<Values extends object>(values: Values): (keyof Values)[] {
  return Object.keys(values) as (keyof Values)[];
}
