import { Box, Button, Typography } from '@mui/material';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { addressOf } from '@/lib/loadPage';
import type { SignInOptions } from '@/lib/session';

/** Says what the product does. */
export function Introduction() {
  return (
    <Box component="section" aria-labelledby="introduction">
      <Typography variant="h2" id="introduction" sx={{ fontSize: { xs: '1.25rem', md: '1.75rem' } }}>
        {texts.introduction.title}
      </Typography>
      <Box component="ul" sx={{ pl: 2.5, mt: 1.5, mb: 0, display: 'grid', gap: 0.75 }}>
        {Object.values(texts.introduction.points).map((each) => (
          <Typography component="li" key={each} color="textSecondary">
            {each}
          </Typography>
        ))}
      </Box>
    </Box>
  );
}

/** Leads to the demo business, if there is one. */
export function DemoLink({ options }: { options: SignInOptions | null }) {
  if (!options?.demo) return null;
  return (
    <div>
      <Button href={addressOf(paths.demo)} variant="outlined" size="large">
        {texts.introduction.openDemo}
      </Button>
      <Typography variant="body2" color="textSecondary" sx={{ mt: 0.75 }}>
        {texts.introduction.demoHint}
      </Typography>
    </div>
  );
}
