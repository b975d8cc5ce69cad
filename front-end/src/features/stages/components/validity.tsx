import { createContext, useContext, useEffect, useId } from 'react';

interface Validity {
  report: (id: string, isInvalid: boolean) => void;
  /** Whether the user has tried to save. Before, fields that are still empty are not marked. */
  isChecked: boolean;
}

/** The form that fields report to. It cannot be saved while one of them is invalid. */
export const FormValidity = createContext<Validity>({ report: () => undefined, isChecked: false });

/** Reports to the form whether a field is invalid. Returns whether fields that are still empty are marked. */
export function useInvalid(isInvalid: boolean): boolean {
  const id = useId();
  const { report, isChecked } = useContext(FormValidity);
  useEffect(() => {
    report(id, isInvalid);
    return () => report(id, false);
  }, [report, id, isInvalid]);
  return isChecked;
}
