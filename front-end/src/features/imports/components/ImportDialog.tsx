import {
  Button,
  Checkbox,
  FormControlLabel,
  FormHelperText,
  MenuItem,
  Stack,
  TextField,
  Typography,
} from '@mui/material';
import { type FormEvent, useId, useRef, useState } from 'react';
import { FormDialog } from '@/components/FormDialog';
import { OrderNotificationFields } from '@/components/OrderNotificationFields';
import { UploadIcon } from '@/components/icons';
import { importTexts } from '@/config/texts/imports';
import type { Import, OrderNotification } from '@/lib/types';
import { useUpload } from '../api/imports';

/** Chooses a file and how to import it. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const upload = useUpload();
  const [resource, setResource] = useState<Import['resource']>('orders');
  const [file, setFile] = useState<File | null>(null);
  const [isMissing, setMissing] = useState(false);
  const [encoding, setEncoding] = useState('utf-8');
  const [dryRun, setDryRun] = useState(true);
  const [ignoreUnknown, setIgnoreUnknown] = useState(false);
  const [notify, setNotify] = useState<OrderNotification | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setMissing(!file);
    if (!file) return;
    const values = { resource, file, encoding, dryRun, ignoreUnknown, notify: dryRun ? null : notify };
    await upload.mutateAsync(values).then(onClose, () => undefined); // the dialog shows the error
  };
  return (
    <FormDialog
      title={importTexts.new}
      submitLabel={upload.isPending ? importTexts.uploading : importTexts.start}
      maxWidth="sm"
      busy={upload.isPending}
      error={upload.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField
        select
        label={importTexts.resource}
        helperText={importTexts.columns[resource]}
        value={resource}
        onChange={(event) => setResource(event.target.value as Import['resource'])}
      >
        {Object.entries(importTexts.resources).map(([value, label]) => (
          <MenuItem key={value} value={value}>
            {label}
          </MenuItem>
        ))}
      </TextField>
      <FileField file={file} isMissing={isMissing && !file} onChange={setFile} />
      <TextField
        select
        label={importTexts.encoding}
        value={encoding}
        onChange={(event) => setEncoding(event.target.value)}
      >
        {Object.entries(importTexts.encodings).map(([value, label]) => (
          <MenuItem key={value} value={value}>
            {label}
          </MenuItem>
        ))}
      </TextField>
      <Stack>
        <FormControlLabel
          control={<Checkbox checked={dryRun} onChange={(_, checked) => setDryRun(checked)} />}
          label={importTexts.dryRun}
        />
        <FormControlLabel
          control={<Checkbox checked={ignoreUnknown} onChange={(_, checked) => setIgnoreUnknown(checked)} />}
          label={importTexts.ignoreUnknown}
        />
      </Stack>
      {resource === 'orders' && !dryRun && <OrderNotificationFields value={notify} onChange={setNotify} />}
    </FormDialog>
  );
}

interface FileFieldProps {
  file: File | null;
  isMissing: boolean;
  onChange: (file: File | null) => void;
}

function FileField({ file, isMissing, onChange }: FileFieldProps) {
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
          {importTexts.chooseFile}
        </Button>
        <input
          ref={input}
          type="file"
          hidden
          aria-label={importTexts.file}
          accept=".csv,.tsv,.txt,.ndjson,.jsonl,text/csv"
          onChange={(event) => onChange(event.target.files?.[0] ?? null)}
        />
        {file && (
          <Typography variant="body2" sx={{ overflowWrap: 'anywhere' }}>
            {file.name}
          </Typography>
        )}
      </Stack>
      <FormHelperText id={id} error={isMissing}>
        {isMissing ? importTexts.fileMissing : importTexts.fileHint}
      </FormHelperText>
    </div>
  );
}
