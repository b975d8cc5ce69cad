import { Button, FormHelperText, Stack, Typography } from '@mui/material';
import { useId, useRef } from 'react';
import { UploadIcon } from '@/components/icons';
import { formatList } from '@/lib/intl';

interface Props {
  files: readonly File[];
  multiple?: boolean;
  /** The file name extensions and types, as in the attribute of `input`. */
  accept: string;
  label: string;
  buttonLabel: string;
  /** What to choose, or what is missing. */
  hint: string;
  error: boolean;
  onChange: (files: readonly File[]) => void;
}

/** Chooses files with a button, and shows their names. */
export function FileField({ files, multiple = false, accept, label, buttonLabel, hint, error, onChange }: Props) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  return (
    <div>
      <Stack direction="row" useFlexGap spacing={1.5} sx={{ alignItems: 'center', flexWrap: 'wrap' }}>
        <Button
          variant="outlined"
          startIcon={<UploadIcon />}
          aria-describedby={id}
          onClick={() => input.current?.click()}
        >
          {buttonLabel}
        </Button>
        <input
          ref={input}
          type="file"
          hidden
          multiple={multiple}
          aria-label={label}
          accept={accept}
          onChange={(event) => onChange([...(event.target.files ?? [])])}
        />
        <Typography variant="body2" sx={{ overflowWrap: 'anywhere' }}>
          {formatList(files.map((each) => each.name))}
        </Typography>
      </Stack>
      <FormHelperText id={id} error={error}>
        {hint}
      </FormHelperText>
    </div>
  );
}
