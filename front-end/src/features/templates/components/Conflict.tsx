import { Box, Button, Dialog, DialogActions, DialogContent, DialogTitle, Typography } from '@mui/material';
import { CodeText } from '@/components/CodeText';
import { texts } from '@/config/texts';
import { DiffView } from './DiffView';
import type { Draft } from './draft';

interface Props {
  open: boolean;
  theirs: Draft;
  mine: Draft;
  onKeepMine: () => void;
  onTakeTheirs: () => void;
}

/** Two people wrote at once: the second sees both, and decides. */
export function Conflict({ open, theirs, mine, onKeepMine, onTakeTheirs }: Props) {
  const parts = [
    { name: texts.templates.systemPrompt, theirs: theirs.systemPrompt, mine: mine.systemPrompt },
    { name: texts.templates.content, theirs: theirs.content, mine: mine.content },
  ].filter((each) => each.theirs !== each.mine);
  return (
    <Dialog open={open} aria-labelledby="conflict-title" maxWidth="lg" fullWidth onClose={onKeepMine}>
      <DialogTitle id="conflict-title">{texts.templates.conflictTitle}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2 }}>
        <Typography>{texts.templates.conflictBody}</Typography>
        {parts.map((part) => (
          <Box key={part.name} sx={{ display: 'grid', gap: 1 }}>
            <Typography variant="h3">{part.name}</Typography>
            <Box sx={{ display: 'grid', gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'repeat(2, minmax(0, 1fr))' }, gap: 1.5 }}>
              <Box sx={{ minWidth: 0 }}>
                <Typography variant="overline" component="p">{texts.templates.conflictTheirs}</Typography>
                <CodeText label={`${part.name}: ${texts.templates.conflictTheirs}`} text={part.theirs} />
              </Box>
              <Box sx={{ minWidth: 0 }}>
                <Typography variant="overline" component="p">{texts.templates.conflictMine}</Typography>
                <DiffView label={`${part.name}: ${texts.templates.conflictMine}`} before={part.theirs} after={part.mine} />
              </Box>
            </Box>
          </Box>
        ))}
      </DialogContent>
      <DialogActions>
        <Button onClick={onTakeTheirs}>{texts.templates.conflictTakeTheirs}</Button>
        <Button variant="contained" onClick={onKeepMine} autoFocus>{texts.templates.conflictKeepMine}</Button>
      </DialogActions>
    </Dialog>
  );
}
