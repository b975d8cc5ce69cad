import { type FormEvent, useState } from 'react';
import { flushSync } from 'react-dom';

type Values<Name extends string> = Record<Name, string>;
type Problems<Name extends string> = Partial<Record<Name, string | undefined>>;

interface Options<Name extends string, Result> {
  initial: Values<Name>;
  /** What is wrong with the values, by field. */
  check: (values: Values<Name>) => Problems<Name>;
  send: (values: Values<Name>) => Promise<Result>;
  /** Cleared once it is accepted. */
  secret: NoInfer<Name>;
  onDone: (result: Result) => void;
  onError?: (error: Error) => void;
}

/** A small form, without the libraries of the other pages: the sign-in page must load quickly. */
export function useSignInForm<Name extends string, Result>({
  initial,
  check,
  send,
  secret,
  onDone,
  onError,
}: Options<Name, Result>) {
  const [values, setValues] = useState(initial);
  const [isChecked, setChecked] = useState(false);
  const [isSending, setSending] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const [sent, setSent] = useState<Values<Name> | null>(null);
  const problems: Problems<Name> = isChecked ? check(values) : {};
  const submit = async (event: FormEvent<HTMLElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    flushSync(() => setChecked(true));
    const first = form.querySelector<HTMLElement>('[aria-invalid="true"]');
    if (first) return first.focus();
    setSending(true);
    setError(null);
    setSent(values);
    try {
      const result = await send(values);
      setValues((now) => ({ ...now, [secret]: '' }));
      onDone(result);
    } catch (failure) {
      setError(failure as Error);
      onError?.(failure as Error);
      setChecked(false); // a field that appears now is not missing yet
    } finally {
      setSending(false);
    }
  };
  const field = (name: Name) => ({
    name,
    value: values[name],
    onChange: (value: string) => setValues((now) => ({ ...now, [name]: value })),
    error: problems[name],
  });
  return { field, submit, isSending, error, sent };
}
