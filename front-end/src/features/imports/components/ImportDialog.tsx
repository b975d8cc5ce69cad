import { Checkbox, FormControlLabel, Stack } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { SelectField } from '@/components/SelectField';
import { FileField } from '@/components/FileField';
import { FormDialog } from '@/components/FormDialog';
import { OrderNotificationFields } from '@/components/OrderNotificationFields';
import { Loading } from '@/components/states';
import { importTexts } from '@/config/texts/imports';
import type { Import, OrderNotification } from '@/lib/types';
import { isJson, previewQuery, useUpload } from '../api/imports';
import { ColumnFields } from './ColumnFields';
import { problemOf } from './columns';

interface Props {
  /** What the file contains, to start with. */
  contains: Import['resource'];
  onClose: () => void;
}

/** Chooses a file and how to import it. */
export function ImportDialog({ contains, onClose }: Props) {
  const upload = useUpload();
  const [resource, setResource] = useState(contains);
  const [file, setFile] = useState<File | null>(null);
  const [isSubmitted, setSubmitted] = useState(false);
  const [chosenEncoding, setEncoding] = useState('');
  const [dryRun, setDryRun] = useState(true);
  const [ignoreUnknown, setIgnoreUnknown] = useState(false);
  const [notify, setNotify] = useState<OrderNotification | null>(null);
  const preview = useQuery(previewQuery(resource, file, chosenEncoding));
  // What the user has changed of this preview; otherwise the guesses count.
  const [changed, setChanged] = useState<{ of: unknown; columns?: string[]; decimalComma?: boolean }>({ of: null });
  const own = changed.of === preview.data ? changed : { of: preview.data };
  const change = (values: { columns: string[] } | { decimalComma: boolean }) => setChanged({ ...own, ...values });
  const isCsv = file !== null && !isJson(file);
  const columns = own.columns ?? preview.data?.columns.map(({ field }) => field ?? '') ?? [];
  const decimalComma = own.decimalComma ?? preview.data?.decimal_comma ?? false;
  const problem = preview.data ? problemOf(columns, preview.data.fields) : null;
  const encoding = chosenEncoding || preview.data?.encoding || 'utf-8';
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setSubmitted(true);
    if (!file || (isCsv && (!preview.data || problem))) return;
    const assigned = isCsv ? columns : null;
    const options = { encoding, dryRun, ignoreUnknown, columns: assigned, decimalComma };
    const values = { resource, file, ...options, notify: dryRun ? null : notify };
    await upload.mutateAsync(values).then(onClose, () => undefined); // the dialog shows the error
  };
  return (
    <FormDialog
      title={importTexts.new}
      submitLabel={upload.isPending ? importTexts.uploading : importTexts.start}
      maxWidth="sm"
      busy={upload.isPending || (isCsv && preview.isFetching)}
      error={upload.error ?? (isCsv ? preview.error : null)}
      onSubmit={submit}
      onClose={onClose}
    >
      <SelectField
        label={importTexts.resource}
        helperText={importTexts.columns[resource]}
        value={resource}
        onChange={(event) => setResource(event.target.value as Import['resource'])}
      >
        {Object.entries(importTexts.resources).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </SelectField>
      <FileField
        files={file ? [file] : []}
        accept=".csv,.tsv,.txt,.ndjson,.jsonl,text/csv"
        label={importTexts.file}
        buttonLabel={importTexts.chooseFile}
        hint={isSubmitted && !file ? importTexts.fileMissing : importTexts.fileHint}
        error={isSubmitted && !file}
        onChange={([next = null]) => {
          setFile(next);
          setEncoding('');
          upload.reset();
        }}
      />
      <SelectField label={importTexts.encoding} value={encoding} onChange={(event) => setEncoding(event.target.value)}>
        {Object.entries(importTexts.encodings).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </SelectField>
      {isCsv && preview.isFetching && <Loading />}
      {isCsv && preview.data && (
        <ColumnFields
          preview={preview.data}
          value={columns}
          error={isSubmitted ? problem : null}
          onChange={(next) => change({ columns: next })}
        />
      )}
      <Stack>
        <FormControlLabel
          control={<Checkbox checked={dryRun} onChange={(_, checked) => setDryRun(checked)} />}
          label={importTexts.dryRun}
        />
        {isCsv && (
          <FormControlLabel
            control={<Checkbox checked={decimalComma} onChange={(_, checked) => change({ decimalComma: checked })} />}
            label={importTexts.decimalComma}
          />
        )}
        {file && !isCsv && (
          <FormControlLabel
            control={<Checkbox checked={ignoreUnknown} onChange={(_, checked) => setIgnoreUnknown(checked)} />}
            label={importTexts.ignoreUnknown}
          />
        )}
      </Stack>
      {resource === 'orders' && !dryRun && <OrderNotificationFields value={notify} onChange={setNotify} />}
    </FormDialog>
  );
}
