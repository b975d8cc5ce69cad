import { IconButton, Link, Paper, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { Link as RouterLink } from 'react-router';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { usePreference } from '@/lib/preferences';
import { modelStatusQuery } from '@/lib/queries';
import { useSession } from '@/lib/session';
import { CloseIcon } from './icons';

/** Says that rules answer, until the user dismisses it in this browser. Owners connect a model in the settings. */
export function RulesModeChip() {
  const { canEdit } = useSession();
  const model = useQuery(modelStatusQuery());
  const [isHidden, setHidden] = usePreference('rulesModeHidden');
  if (model.data?.status !== 'none' || isHidden) return null;
  return (
    <Paper
      variant="outlined"
      role="note"
      sx={{ display: 'flex', alignItems: 'center', alignSelf: 'flex-start', borderRadius: 4, pl: 1.5, pr: 0.5 }}
    >
      <Typography variant="caption" color="textSecondary">
        {texts.rulesMode.title}{' '}
        <Link component={RouterLink} to={canEdit ? paths.modelSettings : paths.health} color="inherit">
          {texts.rulesMode.more}
        </Link>
      </Typography>
      <IconButton size="small" aria-label={texts.rulesMode.dismiss} onClick={() => setHidden(true)} sx={{ ml: 0.5 }}>
        <CloseIcon fontSize="inherit" />
      </IconButton>
    </Paper>
  );
}
