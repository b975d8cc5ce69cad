import { Box, Button, Dialog, DialogActions, DialogContent, DialogTitle, Typography } from '@mui/material';
import { CodeText } from '@/components/CodeText';
import { texts } from '@/config/texts';
import { conflictingFields, changedFields } from '@/lib/merge';
import { DiffView } from './DiffView';
import type { Draft } from './templateDraft';

const LABELS: Record<keyof Draft, string> = {
  name: texts.common.name,
  systemPrompt: texts.templates.systemPrompt,
  content: texts.templates.content,
  model: texts.templates.model,
  temperature: texts.templates.temperature,
  maxTokens: texts.templates.maxTokens,
  timeout: texts.templates.timeout,
  fallbackModel: texts.templates.fallbackModel,
};

interface Props {
  open: boolean;
  mine: Draft;
  /** The template as it was loaded into the editor. */
  before: Draft;
  theirs: Draft;
  onKeepMine: () => void;
  onTakeTheirs: () => void;
}

/** Shown when someone else saved the template first: compares both versions and lets the user choose. */
export function TemplateConflictDialog({ open, mine, before, theirs, onKeepMine, onTakeTheirs }: Props) {
  const both = conflictingFields(mine, before, theirs);
  const others = changedFields(theirs, before).filter((name) => !both.includes(name));
  const parts = both.map((name) => ({ name: LABELS[name], theirs: theirs[name], mine: mine[name] }));
  return (
    <Dialog open={open} aria-labelledby="conflict-title" maxWidth="lg" fullWidth onClose={onKeepMine}>
      <DialogTitle id="conflict-title">{texts.templates.conflictTitle}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2 }}>
        <Typography>{texts.templates.conflictBody}</Typography>
        {parts.length === 0 && <Typography>{texts.common.conflictNone}</Typography>}
        {parts.map((part) => (
          <Box key={part.name} sx={{ display: 'grid', gap: 1 }}>
            <Typography variant="h3">{part.name}</Typography>
            <Box
              sx={{
                display: 'grid',
                gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'repeat(2, minmax(0, 1fr))' },
                gap: 1.5,
              }}
            >
              <Box sx={{ minWidth: 0 }}>
                <Typography variant="overline" component="p">
                  {texts.common.conflictTheirs}
                </Typography>
                <CodeText label={`${part.name}: ${texts.common.conflictTheirs}`} text={part.theirs} />
              </Box>
              <Box sx={{ minWidth: 0 }}>
                <Typography variant="overline" component="p">
                  {texts.common.conflictMine}
                </Typography>
                <DiffView label={`${part.name}: ${texts.common.conflictMine}`} before={part.theirs} after={part.mine} />
              </Box>
            </Box>
          </Box>
        ))}
        {others.length > 0 && (
          <Typography color="textSecondary">
            {texts.common.conflictOtherChanges(others.map((name) => LABELS[name]).join(', '))}
          </Typography>
        )}
      </DialogContent>
      <DialogActions>
        <Button onClick={onTakeTheirs}>{texts.common.conflictTakeTheirs}</Button>
        <Button variant="contained" onClick={onKeepMine} autoFocus>
          {texts.common.conflictKeepMine}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
