import { Box, Link, Stack, Typography } from '@mui/material';
import { Link as RouterLink } from 'react-router';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { formatDecimals } from '@/lib/intl';
import type { FoundPassage } from './passages';

/** The passages of articles that a look-up has found, the closest first. */
export function FoundPassages({ passages }: { passages: readonly FoundPassage[] }) {
  return (
    <div>
      <Typography variant="overline" component="p">
        {texts.turn.passages}
      </Typography>
      <Box
        component="ol"
        aria-label={texts.turn.passages}
        sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 1.25 }}
      >
        {passages.map((each) => (
          <Box component="li" key={`${each.article_id} ${each.heading} ${each.text}`} sx={{ minWidth: 0 }}>
            <Stack direction="row" sx={{ justifyContent: 'space-between', gap: 1 }}>
              <Typography variant="body2" sx={{ overflowWrap: 'anywhere' }}>
                <Link component={RouterLink} to={paths.article(each.article_id)}>
                  <bdi>{each.title}</bdi>
                </Link>
                {each.heading && (
                  <>
                    {' › '}
                    <bdi>{each.heading}</bdi>
                  </>
                )}
              </Typography>
              <Typography variant="body2" color="textSecondary">
                {formatDecimals(each.score, 3)}
              </Typography>
            </Stack>
            <Typography
              variant="body2"
              color="textSecondary"
              dir="auto"
              sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
            >
              {each.text}
            </Typography>
          </Box>
        ))}
      </Box>
    </div>
  );
}
