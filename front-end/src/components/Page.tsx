import { Box, Link, Stack, Typography } from '@mui/material';
import { type ReactNode, useEffect } from 'react';
import { Link as RouterLink } from 'react-router';
import { texts } from '@/config/texts';
import { setPageTitle } from '@/lib/title';
import { BackIcon } from './icons';

interface Props {
  title: string;
  description?: string;
  back?: { to: string; label: string };
  actions?: ReactNode;
  /** Fills the window's height instead of growing with its content. */
  fill?: boolean;
  children: ReactNode;
}

/** The frame of a page: heading, actions, content. Also sets the window title. */
export function Page({ title, description, back, actions, fill = false, children }: Props) {
  useEffect(() => {
    setPageTitle(`${title} · ${texts.product}`);
  }, [title]);
  return (
    <Box
      sx={{
        display: 'flex',
        flexDirection: 'column',
        gap: 2.5,
        p: { xs: 2, md: 3 },
        width: '100%',
        maxWidth: 1500,
        mx: 'auto',
        ...(fill ? { flexGrow: 1, minHeight: 0, maxWidth: 1700 } : {}),
      }}
      {...(fill ? { 'data-fill': true } : {})}
    >
      <Stack
        direction="row"
        useFlexGap
        spacing={1.5}
        sx={{ flexWrap: 'wrap', alignItems: 'flex-end', justifyContent: 'space-between' }}
      >
        <Box sx={{ minWidth: 0, flex: '1 1 320px' }}>
          {back && (
            <Link
              component={RouterLink}
              to={back.to}
              underline="hover"
              variant="body2"
              sx={{ display: 'inline-flex', alignItems: 'center', gap: 0.5, mb: 0.5 }}
            >
              <BackIcon fontSize="inherit" />
              {back.label}
            </Link>
          )}
          <Typography variant="h1" sx={{ overflowWrap: 'anywhere' }}>
            {title}
          </Typography>
          {description && (
            <Typography
              color="textSecondary"
              variant="body2"
              sx={{ mt: 0.5, ...(fill ? { display: { xs: 'none', sm: 'block' } } : {}) }}
            >
              {description}
            </Typography>
          )}
        </Box>
        {actions && (
          <Stack direction="row" useFlexGap spacing={1} sx={{ flexWrap: 'wrap' }}>
            {actions}
          </Stack>
        )}
      </Stack>
      {children}
    </Box>
  );
}
