import { Fragment, type ReactNode } from 'react';

const MARK = '\u0000';

/** A text with elements as values, such as a time or a name. Each language puts them at its own place. */
export function TextWith<Name extends string>({
  text,
  values,
}: {
  text: (values: Record<Name, string>) => string;
  values: Record<Name, ReactNode>;
}) {
  const marked = Object.keys(values).map((name) => [name, MARK + name + MARK]);
  const parts = text(Object.fromEntries(marked) as Record<Name, string>).split(MARK);
  // eslint-disable-next-line react/no-array-index-key -- the parts keep their order
  return parts.map((part, at) => <Fragment key={at}>{at % 2 ? values[part as Name] : part}</Fragment>);
}
