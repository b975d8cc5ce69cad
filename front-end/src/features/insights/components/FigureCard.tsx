import { Box, Link, Paper, Stack, Typography } from '@mui/material';
import type { ReactNode } from 'react';
import { Link as RouterLink } from 'react-router';
import { insightsTexts } from '@/config/texts/insights';
import { formatDecimals, formatChange, formatDollars, formatDuration, formatNumber, formatShare } from '@/lib/intl';
import type { Figure } from '../api/analytics';
import { Definition } from './Definition';

interface Props {
  figure: Figure;
  value: number | null;
  previous?: number | null | undefined;
  /** The whole of which the value is a part. */
  whole?: number;
  /** The address of the conversations behind the figure. */
  to?: string | undefined;
}

/** One figure with its definition and its change since the previous period. */
export function FigureCard({ figure, value, previous, whole, to }: Props) {
  const name = insightsTexts.figures[figure] ?? figure;
  const text = formatFigure(figure, value);
  return (
    <ValueCard
      name={name}
      definition={insightsTexts.definitions[figure] ?? ''}
      text={text}
      to={value ? to : undefined}
      share={whole && value !== null ? formatShare(value / whole) : undefined}
      before={
        previous === undefined || previous === null
          ? '\u00a0'
          : previous === 0 || value === null
            ? insightsTexts.before({ previous: formatFigure(figure, previous) })
            : insightsTexts.compared({
                change: formatChange(value / previous - 1),
                previous: formatFigure(figure, previous),
              })
      }
    />
  );
}

interface ValueProps {
  name: string;
  definition: string;
  text: string;
  /** The address of what is behind the value. */
  to?: string | undefined;
  share?: string | undefined;
  /** How it was before. */
  before?: string;
}

/** A value with its name and its definition, as an item of a list. */
export function ValueCard({ name, definition, text, to, share, before }: ValueProps) {
  return (
    <Paper variant="outlined" component="li" sx={{ px: 1.75, py: 1.25, minWidth: 0 }}>
      <Stack direction="row" sx={{ alignItems: 'center', gap: 0.25 }}>
        <Typography variant="body2" color="textSecondary" sx={{ minWidth: 0, overflowWrap: 'anywhere' }}>
          {name}
        </Typography>
        <Definition name={name} text={definition} />
      </Stack>
      <Box sx={{ fontSize: '1.45rem', fontWeight: 650, lineHeight: 1.35, fontVariantNumeric: 'tabular-nums' }}>
        {to ? (
          <Link
            component={RouterLink}
            to={to}
            color="inherit"
            underline="hover"
            aria-label={`${text}, ${insightsTexts.showConversations({ name })}`}
          >
            {text}
          </Link>
        ) : (
          text
        )}
        {share && (
          <Typography component="span" variant="body2" color="textSecondary" sx={{ ml: 0.75 }}>
            {share}
          </Typography>
        )}
      </Box>
      {before && (
        <Typography variant="caption" color="textSecondary">
          {before}
        </Typography>
      )}
    </Paper>
  );
}

/** Figures side by side. */
export function FigureGrid({ children }: { children: ReactNode }) {
  return (
    <Box
      component="ul"
      sx={{
        listStyle: 'none',
        m: 0,
        p: 0,
        display: 'grid',
        gap: 1.25,
        gridTemplateColumns: { xs: 'repeat(2, minmax(0, 1fr))', sm: 'repeat(auto-fill, minmax(185px, 1fr))' },
      }}
    >
      {children}
    </Box>
  );
}

/** A figure in the format that suits it. */
export function formatFigure(figure: Figure, value: number | null): string {
  if (value === null) return '–';
  if (figure.endsWith('_usd')) return formatDollars(value);
  if (figure === 'satisfaction') return formatShare(value);
  if (figure === 'conversation_rating') return formatDecimals(value, 1);
  return figure.endsWith('_ms') ? formatDuration(value) : formatNumber(value);
}
