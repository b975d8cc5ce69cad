import { Box, Button, Dialog, DialogActions, DialogContent, DialogTitle, Typography } from '@mui/material';
import { type ReactNode, useId } from 'react';
import { texts } from '@/config/texts';
import { formatList } from '@/lib/intl';

interface Props {
  title: string;
  body: string;
  maxWidth: 'md' | 'lg';
  /** The labels of the fields that only the other person changed. */
  otherChanges: readonly string[];
  onKeepMine: () => void;
  onTakeTheirs: () => void;
  /** The fields that both people changed. */
  children: ReactNode;
}

/** Shown when someone else saved first: lists the conflicting fields and lets the user choose a version. */
export function ConflictDialog({ title, body, maxWidth, otherChanges, onKeepMine, onTakeTheirs, children }: Props) {
  const id = useId();
  return (
    <Dialog open aria-labelledby={id} maxWidth={maxWidth} fullWidth onClose={onKeepMine}>
      <DialogTitle id={id}>{title}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2 }}>
        <Typography>{body}</Typography>
        {children}
        {otherChanges.length > 0 && (
          <Typography color="textSecondary">
            {texts.common.conflictOtherChanges({ names: formatList(otherChanges) })}
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

/** A field that both people changed, with the two versions side by side on wide screens. */
export function ConflictingField({ label, theirs, mine }: { label: string; theirs: ReactNode; mine: ReactNode }) {
  const versions = [
    [texts.common.conflictTheirs, theirs],
    [texts.common.conflictMine, mine],
  ] as const;
  return (
    <Box
      sx={{ display: 'grid', gap: 1, gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'repeat(2, minmax(0, 1fr))' } }}
    >
      <Typography variant="h3" sx={{ gridColumn: '1 / -1' }}>
        {label}
      </Typography>
      {versions.map(([version, value]) => (
        <Box key={version} sx={{ minWidth: 0 }}>
          <Typography variant="overline" component="p">
            {version}
          </Typography>
          {value}
        </Box>
      ))}
    </Box>
  );
}
