import { Box, Paper, Stack, Typography } from '@mui/material';
import { type ReactNode, useEffect } from 'react';
import { LanguageLinks } from '@/components/LanguageLinks';
import { texts } from '@/config/texts';

/** The layout of the pages that need no session: sign-in, invitation, choice of business. */
export function SignedOutLayout({
  title,
  introduction,
  children,
}: {
  title: string;
  /** Shown beside the content, or above it on a small screen. */
  introduction?: ReactNode;
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
        alignContent: 'center',
        justifyContent: 'center',
        justifyItems: 'center',
        alignItems: 'center',
        gridTemplateColumns: { xs: 'minmax(0, 440px)', md: introduction ? 'repeat(2, minmax(0, 440px))' : undefined },
        columnGap: 8,
        rowGap: 3,
        p: 2,
      }}
    >
      {introduction}
      <Paper variant="outlined" sx={{ p: { xs: 2.5, sm: 4 }, width: '100%', maxWidth: 440 }}>
        <Stack spacing={2.5}>
          <Typography variant="h1">{title}</Typography>
          {children}
        </Stack>
      </Paper>
      <Box sx={{ gridColumn: '1 / -1' }}>
        <LanguageLinks />
      </Box>
    </Box>
  );
}
