import { Button, Stack, TextField } from '@mui/material';
import { useState } from 'react';
import { asJson } from '@/components/CodeText';
import { texts } from '@/config/texts';
import { apiCalls } from '@/config/texts/apiCalls';
import { MONOSPACE } from '@/theme/theme';
import { PairFields } from './PairFields';

type Body = Record<string, unknown>;

/** The JSON body of a call: a form for texts, or JSON for anything else. */
export function BodyFields({ value, onChange }: { value: Body; onChange: (value: Body) => void }) {
  const [isJson, setIsJson] = useState(!hasOnlyTexts(value));
  const [text, setText] = useState(asJson(value));
  const parsed = parse(text);
  if (!isJson) {
    return (
      <Stack spacing={1}>
        <PairFields
          title={apiCalls.body}
          hint={apiCalls.bodyHint}
          nameLabel={texts.common.name}
          valueLabel={apiCalls.value}
          add={apiCalls.addField}
          value={value as Record<string, string>}
          onChange={onChange}
        />
        <Button
          onClick={() => {
            setText(asJson(value));
            setIsJson(true);
          }}
          sx={{ alignSelf: 'flex-start' }}
        >
          {apiCalls.bodyAsJson}
        </Button>
      </Stack>
    );
  }
  return (
    <Stack spacing={1}>
      <TextField
        multiline
        minRows={4}
        maxRows={16}
        label={apiCalls.body}
        value={text}
        error={parsed === null}
        helperText={parsed === null ? apiCalls.bodyInvalid : apiCalls.bodyHint}
        onChange={(event) => {
          setText(event.target.value);
          const next = parse(event.target.value);
          if (next) onChange(next);
        }}
        slotProps={{ htmlInput: { spellCheck: false, style: { fontFamily: MONOSPACE, fontSize: '0.85rem' } } }}
      />
      {parsed && hasOnlyTexts(parsed) && (
        <Button onClick={() => setIsJson(false)} sx={{ alignSelf: 'flex-start' }}>
          {texts.stages.asForm}
        </Button>
      )}
    </Stack>
  );
}

function hasOnlyTexts(body: Body): boolean {
  return Object.values(body).every((each) => typeof each === 'string');
}

/** The JSON object in the text, or null. */
function parse(text: string): Body | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : null;
  } catch {
    return null;
  }
}
