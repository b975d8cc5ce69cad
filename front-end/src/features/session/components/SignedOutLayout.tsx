import { Box, Paper, Stack, Typography } from '@mui/material';
import { type ReactNode, useEffect } from 'react';
import { LanguageLinks } from '@/components/LanguageLinks';
import { texts } from '@/config/texts';

/** The layout of the pages that need no session: sign-in, invitation, choice of business. */
export function SignedOutLayout({
  title,
  introduction,
  demo,
  children,
}: {
  title: string;
  /** Shown beside the content, or above it on a small screen. */
  introduction?: ReactNode;
  /** Shown below the introduction, or below the content on a small screen, so that it moves nothing when it appears. */
  demo?: ReactNode;
  children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · ${texts.product}`;
  }, [title]);
  return (
    <Box
      component="main"
      sx={{
        minHeight: '100dvh',
        display: 'grid',
        alignContent: introduction ? 'start' : 'center',
        justifyContent: 'center',
        gridTemplateColumns: { xs: 'minmax(0, 440px)', md: introduction ? 'repeat(2, minmax(0, 440px))' : undefined },
        gridTemplateRows: introduction ? 'auto 1fr' : undefined,
        columnGap: 8,
        rowGap: 3,
        p: 2,
        pt: introduction ? { xs: 2, md: '18vh' } : 2,
      }}
    >
      {introduction}
      <Paper
        variant="outlined"
        sx={{ p: { xs: 2.5, sm: 4 }, alignSelf: 'start', gridRow: introduction ? { md: '1 / 3' } : undefined }}
      >
        <Stack spacing={2.5}>
          <Typography variant="h1">{title}</Typography>
          {children}
        </Stack>
      </Paper>
      {demo}
      <Box sx={{ gridColumn: '1 / -1' }}>
        <LanguageLinks />
      </Box>
    </Box>
  );
}
