import { Box, Button, Chip, Link, Paper, Typography } from '@mui/material';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link as RouterLink } from 'react-router';
import { TextField } from '@/components/TextField';
import { Page } from '@/components/Page';
import { SearchField } from '@/components/SearchField';
import { Time } from '@/components/Time';
import { ValueView } from '@/components/ValueView';
import { paths } from '@/config/paths';
import { dataTexts, eventTexts } from '@/config/texts/data';
import { uuidOrNull } from '@/lib/format';
import type { CustomerEvent } from '@/lib/types';
import { eventsQuery } from '../api/events';
import { CustomerChip } from '../components/CustomerChip';
import { Filters, PagedList } from '../components/PagedList';
import { useFilters } from '@/lib/useFilters';

/** What websites and systems of the business have reported. */
export default function EventsPage() {
  const filters = useFilters('type', 'customer', 'from', 'to');
  const customer = uuidOrNull(filters.get('customer'));
  const from = startOfDay(filters.get('from'), 0);
  const to = startOfDay(filters.get('to'), 1); // including that day
  const events = useInfiniteQuery(
    eventsQuery({ event_type: filters.get('type') || undefined, user_id: customer ?? undefined, from, to }),
  );
  const day = (name: 'from' | 'to') => (
    <TextField
      type="date"
      label={name === 'from' ? eventTexts.from : eventTexts.to}
      value={filters.get(name)}
      onChange={(event) => filters.set({ [name]: event.target.value })}
      slotProps={{ inputLabel: { shrink: true } }}
    />
  );
  return (
    <Page
      title={eventTexts.title}
      description={eventTexts.description}
      actions={
        <Button component={RouterLink} to={paths.eventSchemas}>
          {eventTexts.schemas}
        </Button>
      }
    >
      <Filters>
        <SearchField label={eventTexts.type} value={filters.get('type')} onChange={(type) => filters.set({ type })} />
        {day('from')}
        {day('to')}
      </Filters>
      {customer && <CustomerChip userId={customer} onDelete={() => filters.set({ customer: '' })} />}
      <PagedList
        query={events}
        isFiltered={filters.isFiltered}
        onClear={filters.clear}
        empty={{ title: eventTexts.empty, hint: eventTexts.emptyHint }}
      >
        {(rows) => (
          <Paper
            variant="outlined"
            component="ul"
            aria-label={eventTexts.title}
            sx={{ listStyle: 'none', m: 0, p: 0, overflow: 'hidden' }}
          >
            {rows.map((each) => (
              <Item key={each.event_id} event={each} />
            ))}
          </Paper>
        )}
      </PagedList>
    </Page>
  );
}

function Item({ event }: { event: CustomerEvent }) {
  const [isOpen, setOpen] = useState(false);
  const { event_type: type, event_timestamp: time, verified, user_id: userId } = event;
  return (
    <Box component="li" sx={{ px: 2, py: 1, '& + &': { borderTop: 1, borderColor: 'divider' } }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 1 }}>
        <Typography sx={{ fontWeight: 600, overflowWrap: 'anywhere', minWidth: 0 }}>
          <bdi>{type}</bdi>
        </Typography>
        <Chip size="small" variant="outlined" label={verified ? eventTexts.verified : eventTexts.unverified} />
        {userId && (
          <Link component={RouterLink} to={paths.customer(userId)} variant="body2">
            {dataTexts.customer}
          </Link>
        )}
        <Typography variant="caption" color="textSecondary" sx={{ ml: { sm: 'auto' } }}>
          <Time iso={time} full />
        </Typography>
        <Button
          size="small"
          aria-expanded={isOpen}
          aria-label={eventTexts.show({ type })}
          onClick={() => setOpen(!isOpen)}
        >
          {dataTexts.details}
        </Button>
      </Box>
      {isOpen && <ValueView value={valuesOf(event)} label={eventTexts.values} />}
    </Box>
  );
}

/** What an event says besides its type and time. */
function valuesOf({ custom_event_properties: properties, ...event }: CustomerEvent): Record<string, unknown> {
  const names = ['message_text', 'session_id', 'product_id', 'order_id', 'agent_id', 'stage_id'] as const;
  const set = names.filter((name) => event[name] !== null).map((name) => [name, event[name]]);
  return { ...(Object.fromEntries(set) as Record<string, unknown>), ...properties, event_id: event.event_id };
}

/** When a day (2026-01-31) starts in the user's time zone, or the one that is `later` days after it. */
function startOfDay(day: string, later: number): string | undefined {
  const [year, month, date] = day.split('-').map(Number);
  if (!year || !month || !date || year < 2000) return undefined; // while the year is being typed
  return new Date(year, month - 1, date + later).toISOString();
}
