import { Alert, Button, Stack, Typography } from '@mui/material';
import { useRef, useState } from 'react';
import { ScreenReaderText } from '@/components/ScreenReaderText';
import { AddIcon } from '@/components/icons';
import { actions as words } from '@/config/texts/actions';
import { ActionCard } from './ActionCard';
import { FormOrJson } from './FormOrJson';
import { type Action, type Problem, firstValuesOf, isActionList, problemText } from './actionForm';
import { actionName } from './ActionSummary';
import type { CollectedField } from './conditions';
import { usePermittedFields } from './usePermittedFields';

interface Props {
  value: readonly Action[];
  onChange: (value: Action[]) => void;
  /** The fields that the stage collects. */
  fields: readonly CollectedField[];
  /** The server's errors by the index of their action; -1 for the list. */
  problems: ReadonlyMap<number, readonly Problem[]>;
}

/** The ordered actions of a stage, as cards or as JSON. */
export function ActionsFields({ value, onChange, fields, problems }: Props) {
  const lines = [...problems].flatMap(([index, all]) =>
    all.map((each) => (index < 0 ? problemText(each) : words.errorAt({ n: index + 1, text: problemText(each) }))),
  );
  return (
    <>
      <Typography variant="body2" color="textSecondary">
        {words.hint}
      </Typography>
      {lines.length > 0 && (
        <Alert severity="error">
          {lines.map((line) => (
            <div key={line}>{line}</div>
          ))}
        </Alert>
      )}
      <FormOrJson
        label={words.json}
        value={value}
        onChange={(next) => onChange([...next])}
        accepts={isActionList}
        invalid={words.listInvalid}
        isForm
        editAsJson={words.editListAsJson}
      >
        <Cards value={value} onChange={onChange} fields={fields} problems={problems} />
      </FormOrJson>
    </>
  );
}

function Cards({ value, onChange, fields, problems }: Props) {
  const permitted = usePermittedFields();
  const nextKey = useRef(value.length);
  const [keys, setKeys] = useState(() => value.map((_, index) => index));
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const [said, setSaid] = useState('');
  const list = useRef<HTMLOListElement>(null);
  const addButton = useRef<HTMLButtonElement>(null);

  const add = () => {
    const key = nextKey.current++;
    setKeys([...keys, key]);
    setOpened(new Set([...opened, key]));
    const values = firstValuesOf('update_order', permitted.update_order);
    onChange([...value, { do: 'update_order', ...(values ? { with: values } : {}) }]);
    // The new card is not in the page yet.
    setTimeout(() => list.current?.querySelector<HTMLElement>('li:last-of-type select')?.focus());
  };
  const remove = (index: number) => {
    setKeys(keys.toSpliced(index, 1));
    setSaid(words.removed({ name: nameAt(index) }));
    onChange(value.toSpliced(index, 1));
    addButton.current?.focus();
  };
  const move = (index: number, to: number) => {
    setKeys(moved(keys, index, to));
    setSaid(words.moved({ name: nameAt(index), n: to + 1, total: value.length }));
    onChange(moved(value, index, to));
  };
  const nameAt = (index: number) => actionName(value[index] ?? { do: '' });
  const toggle = (key: number) => {
    const next = new Set(opened);
    if (!next.delete(key)) next.add(key);
    setOpened(next);
  };
  return (
    <Stack spacing={1.5}>
      {value.length === 0 && <Typography variant="body2">{words.empty}</Typography>}
      <Stack
        component="ol"
        ref={list}
        spacing={1.5}
        sx={{ listStyle: 'none', m: 0, p: 0, display: value.length ? 'flex' : 'none' }}
      >
        {value.map((action, index) => {
          const key = keys[index] ?? index;
          return (
            <ActionCard
              key={key}
              number={index + 1}
              total={value.length}
              action={action}
              onChange={(next) => onChange(value.with(index, next))}
              onMove={(step) => move(index, index + step)}
              onRemove={() => remove(index)}
              isOpen={opened.has(key) || problems.has(index)}
              onToggle={() => toggle(key)}
              fields={fields}
              permitted={permitted}
              problems={problems.get(index) ?? []}
            />
          );
        })}
      </Stack>
      <Button ref={addButton} startIcon={<AddIcon />} onClick={add} sx={{ alignSelf: 'flex-start' }}>
        {words.add}
      </Button>
      <ScreenReaderText>
        <span role="status">{said}</span>
      </ScreenReaderText>
    </Stack>
  );
}

/** The list with one item at another place. */
function moved<Item>(items: readonly Item[], from: number, to: number): Item[] {
  const item = items[from];
  return item === undefined ? [...items] : items.toSpliced(from, 1).toSpliced(to, 0, item);
}
