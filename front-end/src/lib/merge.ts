/** Three-way merge of form values when two people edit the same row. */

/** The fields in which `mine` differs from `before`. */
export function changedFields<Form extends object>(mine: Form, before: Form): (keyof Form)[] {
  return (Object.keys(mine) as (keyof Form)[]).filter((name) => isDifferent(mine[name], before[name]));
}

/** The fields that both changed, to different values. */
export function conflictingFields<Form extends object>(mine: Form, before: Form, theirs: Form): (keyof Form)[] {
  return changedFields(mine, before).filter(
    (name) => isDifferent(theirs[name], before[name]) && isDifferent(theirs[name], mine[name]),
  );
}

/** `theirs` with the changes of `mine` applied. */
export function mergeChanges<Form extends object>(mine: Form, before: Form, theirs: Form): Form {
  return { ...theirs, ...Object.fromEntries(changedFields(mine, before).map((name) => [name, mine[name]])) };
}

function isDifferent(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) !== JSON.stringify(b);
}
