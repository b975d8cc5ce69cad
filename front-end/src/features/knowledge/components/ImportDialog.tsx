import { Box, Link, Typography } from '@mui/material';
import { type FormEvent, useState } from 'react';
import { Link as RouterLink } from 'react-router';
import { SelectField } from '@/components/SelectField';
import { TextField } from '@/components/TextField';
import { FileField } from '@/components/FileField';
import { FormDialog } from '@/components/FormDialog';
import { ErrorNotice } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { knowledgeTexts } from '@/config/texts/knowledge';
import { COMMON_LANGUAGES, languageLabel } from '@/lib/languages';
import { type FileResult, useImportFiles } from '../api/articles';

const FORMATS = '.md,.markdown,.html,.htm,.txt,.csv,.docx,.pdf';

/** Uploads files, and shows which articles they became. */
export default function ImportDialog({ onClose }: { onClose: () => void }) {
  const upload = useImportFiles();
  const [files, setFiles] = useState<readonly File[]>([]);
  const [isMissing, setMissing] = useState(false);
  const [language, setLanguage] = useState('');
  const [tag, setTag] = useState('');
  const results = upload.data;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (results) {
      upload.reset();
      setFiles([]);
      return;
    }
    setMissing(!files.length);
    if (!files.length) return;
    await upload.mutateAsync({
      files,
      ...(language ? { language } : {}),
      ...(tag.trim() ? { tag: tag.trim() } : {}),
    });
  };
  return (
    <FormDialog
      title={results ? knowledgeTexts.done : knowledgeTexts.importTitle}
      submitLabel={results ? knowledgeTexts.more : upload.isPending ? knowledgeTexts.uploading : knowledgeTexts.start}
      closeLabel={results ? texts.common.close : texts.common.cancel}
      maxWidth="sm"
      busy={upload.isPending}
      error={upload.error}
      onSubmit={submit}
      onClose={onClose}
    >
      {results ? (
        results.map((each) => <Result key={each.name} result={each} />)
      ) : (
        <>
          <FileField
            files={files}
            multiple
            accept={FORMATS}
            label={knowledgeTexts.files}
            buttonLabel={knowledgeTexts.chooseFiles}
            hint={isMissing && !files.length ? knowledgeTexts.fileMissing : knowledgeTexts.importHint}
            error={isMissing && !files.length}
            onChange={setFiles}
          />
          <SelectField
            label={knowledgeTexts.language}
            value={language}
            onChange={(event) => setLanguage(event.target.value)}
          >
            <option value="">{knowledgeTexts.automatic}</option>
            {COMMON_LANGUAGES.map((each) => (
              <option key={each} value={each}>
                {languageLabel(each)}
              </option>
            ))}
          </SelectField>
          <TextField
            label={knowledgeTexts.importTag}
            helperText={texts.common.optional}
            value={tag}
            onChange={(event) => setTag(event.target.value)}
            slotProps={{ htmlInput: { maxLength: 40 } }}
          />
        </>
      )}
    </FormDialog>
  );
}

/** What became of one file. */
function Result({ result: { name, outcome, error } }: { result: FileResult }) {
  if (!outcome) return <ErrorNotice title={`${knowledgeTexts.notImported}: ${name}`} error={error} />;
  return (
    <Box component="section" aria-label={name} sx={{ minWidth: 0 }}>
      <Typography sx={{ fontWeight: 600, overflowWrap: 'anywhere' }}>
        {name}: {knowledgeTexts.imported({ n: outcome.articles.length })}
      </Typography>
      <Box component="ul" sx={{ m: 0, pl: 2.5 }}>
        {outcome.articles.map((each) => (
          <Typography component="li" variant="body2" key={each.article_id} sx={{ overflowWrap: 'anywhere' }}>
            <Link component={RouterLink} to={paths.article(each.article_id)}>
              <bdi>{each.title}</bdi>
            </Link>{' '}
            · {knowledgeTexts.passages({ n: each.passages })}
          </Typography>
        ))}
      </Box>
      {outcome.skipped.map((each) => (
        <Typography key={each.line} variant="body2" color="warning" sx={{ overflowWrap: 'anywhere' }}>
          {knowledgeTexts.skipped({ line: each.line, message: each.message })}
        </Typography>
      ))}
    </Box>
  );
}
