/** Two people changed the same thing: what each of them changed, and both together. */

/** The members that `mine` has other than `before`. */
export function changedFields<Form extends object>(mine: Form, before: Form): (keyof Form)[] {
  return (Object.keys(mine) as (keyof Form)[]).filter((name) => isOther(mine[name], before[name]));
}

/** The members that both changed, and not to the same: where one would overwrite the other. */
export function conflictingFields<Form extends object>(mine: Form, before: Form, theirs: Form): (keyof Form)[] {
  return changedFields(mine, before).filter(
    (name) => isOther(theirs[name], before[name]) && isOther(theirs[name], mine[name]),
  );
}

/** Mine over theirs: what I did not touch is as they left it. */
export function mergeChanges<Form extends object>(mine: Form, before: Form, theirs: Form): Form {
  return { ...theirs, ...Object.fromEntries(changedFields(mine, before).map((name) => [name, mine[name]])) };
}

function isOther(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) !== JSON.stringify(other);
}
