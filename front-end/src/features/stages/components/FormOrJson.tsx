import { Button, Stack, Typography } from '@mui/material';
import { type ReactNode, useState } from 'react';
import { asJson } from '@/components/CodeText';
import { TextField } from '@/components/TextField';
import { texts } from '@/config/texts';
import { MONOSPACE } from '@/theme/theme';
import { useInvalid } from './validity';

interface Props<Value> {
  /** The label of the JSON. */
  label: string;
  value: Value;
  onChange: (value: Value) => void;
  /** Whether a value that was written as JSON has the right type. */
  accepts: (value: unknown) => value is Value;
  /** Said if it does not. */
  invalid: string;
  /** Whether the form can show the value. Otherwise it is shown as JSON. */
  isForm: boolean;
  hint?: string;
  editAsJson?: string;
  /** The form. */
  children: ReactNode;
}

/** A form whose value can also be edited as JSON. An invalid text does not change the value. */
export function FormOrJson<Value>({
  label,
  value,
  onChange,
  accepts,
  invalid,
  isForm,
  hint,
  editAsJson = texts.stages.editAsJson,
  children,
}: Props<Value>) {
  const [isChosen, setIsChosen] = useState(!isForm);
  const [text, setText] = useState(() => asJson(value));
  const isJson = isChosen || !isForm;
  const isValid = accepts(parseJson(text));
  useInvalid(isJson && !isValid);
  const change = (next: string) => {
    setText(next);
    // What was shown as JSON stays JSON while it is edited, also when the form could show it.
    setIsChosen(true);
    const parsed = parseJson(next);
    if (accepts(parsed)) onChange(parsed);
  };
  return (
    <Stack spacing={1.5}>
      {isJson ? (
        <TextField
          multiline
          minRows={4}
          maxRows={24}
          label={label}
          value={text}
          onChange={(event) => change(event.target.value)}
          error={!isValid}
          helperText={isValid ? hint : invalid}
          slotProps={{
            input: { sx: { fontFamily: MONOSPACE, fontSize: '0.85rem' } },
            htmlInput: { spellCheck: false },
          }}
        />
      ) : (
        children
      )}
      {isJson && isValid && !isForm && (
        <Typography variant="body2" color="textSecondary">
          {texts.stages.formCannotShow}
        </Typography>
      )}
      <Button
        onClick={() => {
          setText(asJson(value));
          setIsChosen(!isJson);
        }}
        size="small"
        color="inherit"
        disabled={isJson && (!isValid || !isForm)}
        sx={{ alignSelf: 'flex-start', color: 'text.secondary' }}
      >
        {isJson ? texts.stages.asForm : editAsJson}
      </Button>
    </Stack>
  );
}

/** The JSON value in a text; undefined if there is none. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
