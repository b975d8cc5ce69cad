import { Box, Link } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { Link as RouterLink } from 'react-router';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { modelStatusQuery } from '@/lib/queries';

const COLOURS = {
  ok: 'success.main',
  degraded: 'warning.main',
  down: 'error.main',
  none: 'text.disabled',
  unknown: 'text.disabled',
} as const;

/** The status of the model in two words, with a link to the details. */
export function ModelDot() {
  const status = useQuery(modelStatusQuery()).data?.status;
  if (!status) return null;
  return (
    <Link
      component={RouterLink}
      to={paths.health}
      variant="caption"
      color="textSecondary"
      underline="hover"
      sx={{ display: 'inline-flex', alignItems: 'center', gap: 0.75, mt: 0.5 }}
    >
      <Box aria-hidden sx={{ width: 8, height: 8, borderRadius: '50%', bgcolor: COLOURS[status], flexShrink: 0 }} />
      {texts.modelStatus.short[status]}
    </Link>
  );
}
