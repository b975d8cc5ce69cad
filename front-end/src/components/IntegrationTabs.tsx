import { Button, Stack } from '@mui/material';
import { NavLink, useLocation } from 'react-router';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';

const TABS = [
  { to: paths.imports, label: texts.nav.imports },
  { to: paths.hooks, label: texts.nav.hooks },
  { to: paths.webhooks, label: texts.nav.webhooks },
  { to: paths.secrets, label: texts.nav.secrets },
];

/** Links between the pages about other systems. */
export function IntegrationTabs() {
  const { pathname } = useLocation();
  return (
    <Stack
      component="nav"
      aria-label={texts.nav.integrations}
      direction="row"
      useFlexGap
      spacing={0.5}
      sx={{ flexWrap: 'wrap' }}
    >
      {TABS.map(({ to, label }) => (
        <Button
          key={to}
          component={NavLink}
          to={to}
          size="small"
          variant={pathname === to ? 'contained' : 'text'}
          aria-current={pathname === to ? 'page' : undefined}
        >
          {label}
        </Button>
      ))}
    </Stack>
  );
}
