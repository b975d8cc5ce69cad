import { Link, Stack } from '@mui/material';
import { Link as RouterLink } from 'react-router';

export interface Tab {
  to: string;
  label: string;
  isCurrent: boolean;
}

interface Props {
  label: string;
  tabs: readonly Tab[];
  /** Whether these are the tabs below another row of tabs. */
  isSecondRow?: boolean;
}

/** Links between the pages of a section. On a phone the row scrolls sideways. */
export function SectionTabs({ label, tabs, isSecondRow = false }: Props) {
  return (
    <Stack
      component="nav"
      aria-label={label}
      direction="row"
      sx={{
        flexShrink: 0,
        flexWrap: { xs: 'nowrap', sm: 'wrap' },
        overflowX: { xs: 'auto', sm: 'visible' },
        columnGap: isSecondRow ? 0.5 : 2.5,
        ...(isSecondRow ? {} : { borderBottom: 1, borderColor: 'divider' }),
      }}
    >
      {tabs.map(({ to, label: text, isCurrent }) => (
        <Link
          key={to}
          ref={isCurrent ? scrollIntoView : null}
          component={RouterLink}
          to={to}
          underline="none"
          variant="body2"
          aria-current={isCurrent ? 'page' : undefined}
          sx={{
            flexShrink: 0,
            py: isSecondRow ? 0.5 : 1,
            fontWeight: isCurrent ? 650 : 500,
            color: isCurrent ? 'primary.main' : 'text.secondary',
            ...(isSecondRow
              ? { px: 1.25, borderRadius: 1.5, bgcolor: isCurrent ? 'action.selected' : 'transparent' }
              : { borderBottom: 2, borderColor: isCurrent ? 'primary.main' : 'transparent', mb: { sm: '-1px' } }),
            '&:hover': { color: 'text.primary' },
            '&:focus-visible': {
              outline: '2px solid',
              outlineColor: 'primary.main',
              outlineOffset: -2,
              borderRadius: 1,
            },
          }}
        >
          {text}
        </Link>
      ))}
    </Stack>
  );
}

function scrollIntoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest', inline: 'center' });
}
