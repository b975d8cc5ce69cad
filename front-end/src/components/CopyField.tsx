import { IconButton, Stack } from '@mui/material';
import { texts } from '@/config/texts';
import { CopyIcon } from './icons';
import { useCopy } from './useCopy';
import { TextField } from './TextField';

interface Props {
  label: string;
  value: string;
  /** The name of the button, if the page has several. */
  copyLabel?: string;
}

/** A value that the user copies, such as a link or a secret. */
export function CopyField({ label, value, copyLabel = texts.common.copy }: Props) {
  const copy = useCopy();
  return (
    <Stack direction="row" spacing={1} sx={{ alignItems: 'center' }}>
      <TextField label={label} value={value} slotProps={{ htmlInput: { readOnly: true, spellCheck: false } }} />
      <IconButton aria-label={copyLabel} onClick={() => copy(value)}>
        <CopyIcon />
      </IconButton>
    </Stack>
  );
}
