import { Box, Chip, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { Time } from '@/components/Time';
import { QueryView } from '@/components/states';
import { hookTexts } from '@/config/texts/hooks';
import type { Hook } from '@/lib/types';
import { deliveriesQuery } from '../api/hooks';

const COLOURS = {
  created: 'success',
  updated: 'success',
  unchanged: 'default',
  invalid: 'error',
  rejected: 'error',
} as const;

/** What a hook has received lately, newest first. */
export function Deliveries({ hook }: { hook: Hook }) {
  const deliveries = useQuery(deliveriesQuery(hook.hook_id));
  return (
    <QueryView query={deliveries}>
      {(rows) =>
        rows.length === 0 ? (
          <Typography variant="body2" color="textSecondary" sx={{ py: 1 }}>
            {hookTexts.noDeliveries}
          </Typography>
        ) : (
          <Box
            component="ul"
            aria-label={hookTexts.showDeliveries({ name: hook.name })}
            tabIndex={0}
            sx={{ listStyle: 'none', m: 0, p: 0, maxHeight: 400, overflow: 'auto' }}
          >
            {rows.map((each) => (
              <Box component="li" key={each.delivery_id} sx={{ py: 0.75 }}>
                <Stack direction="row" useFlexGap spacing={1} sx={{ alignItems: 'center', flexWrap: 'wrap' }}>
                  <Chip
                    size="small"
                    variant="outlined"
                    color={COLOURS[each.result]}
                    label={hookTexts.results[each.result]}
                  />
                  {each.row_name && (
                    <Typography variant="body2" sx={{ overflowWrap: 'anywhere' }}>
                      {each.row_name}
                    </Typography>
                  )}
                  <Typography variant="body2" color="textSecondary">
                    <Time iso={each.received_at} full />
                  </Typography>
                </Stack>
                {each.problems.map(({ path, message }) => (
                  <Typography key={path + message} variant="body2" sx={{ overflowWrap: 'anywhere' }}>
                    {[path.replace(/^\$\.?/, ''), message].filter(Boolean).join(': ')}
                  </Typography>
                ))}
              </Box>
            ))}
          </Box>
        )
      }
    </QueryView>
  );
}
