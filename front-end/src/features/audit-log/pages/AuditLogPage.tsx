import { Alert, Box, Button, Chip, Link, Paper, Stack, Typography } from '@mui/material';
import { useInfiniteQuery } from '@tanstack/react-query';
import { TextField } from '@/components/TextField';
import { FilterSelect } from '@/components/FilterSelect';
import { Page } from '@/components/Page';
import { Time } from '@/components/Time';
import { Empty, ErrorNotice, Loading } from '@/components/states';
import { texts } from '@/config/texts';
import { auditLogTexts } from '@/config/texts/auditLog';
import { fieldName } from '@/lib/fieldNames';
import { humanize, uuidOrNull } from '@/lib/format';
import { formatList } from '@/lib/intl';
import { useSession } from '@/lib/session';
import type { AuditEntry } from '@/lib/types';
import { useFilters } from '@/lib/useFilters';
import { auditLogQuery, csvUrl } from '../api/auditLog';

const DATE = /^\d{4}-\d\d-\d\d$/;

export default function AuditLogPage() {
  const { business, canEdit } = useSession();
  const address = useFilters('resource', 'action', 'actor', 'from', 'to');
  const filters = {
    resource: address.get('resource') || undefined,
    action: address.get('action') || undefined,
    actor_id: uuidOrNull(address.get('actor')) ?? undefined,
    from: startOf(address.get('from'), 0),
    to: startOf(address.get('to'), 1),
  };
  const log = useInfiniteQuery({ ...auditLogQuery(business.business_id, filters), enabled: canEdit });
  const rows = log.data?.pages.flatMap((page) => page.body) ?? [];
  const select = (name: string, label: string, options: Record<string, string>) => (
    <FilterSelect
      label={label}
      value={address.get(name)}
      options={options}
      onChange={(value) => address.set({ [name]: value })}
    />
  );
  const date = (name: string, label: string) => (
    <TextField
      type="date"
      label={label}
      value={address.get(name)}
      onChange={(event) => address.set({ [name]: event.target.value })}
      slotProps={{ inputLabel: { shrink: true } }}
    />
  );
  if (!canEdit) {
    return (
      <Page title={auditLogTexts.title} description={auditLogTexts.description}>
        <Alert severity="info" role="note">
          {texts.common.readOnly}
        </Alert>
      </Page>
    );
  }
  const actor = filters.actor_id && rows.find((each) => each.actor_id === filters.actor_id);
  return (
    <Page
      title={auditLogTexts.title}
      description={auditLogTexts.description}
      actions={
        <Button component="a" href={csvUrl(business.business_id, filters)} download>
          {auditLogTexts.download}
        </Button>
      }
    >
      <Box
        sx={{
          display: 'grid',
          gap: 1.5,
          gridTemplateColumns: { xs: 'repeat(2, minmax(0, 1fr))', md: 'repeat(4, minmax(0, 1fr))' },
        }}
      >
        {select('resource', auditLogTexts.resource, auditLogTexts.resources)}
        {select('action', auditLogTexts.action, auditLogTexts.actions)}
        {date('from', auditLogTexts.from)}
        {date('to', auditLogTexts.to)}
      </Box>
      {actor && (
        <Chip
          label={auditLogTexts.onlyBy({ name: nameOf(actor) })}
          onDelete={() => address.set({ actor: '' })}
          sx={{ alignSelf: 'flex-start' }}
        />
      )}
      {log.error && <ErrorNotice title={texts.errors.title} error={log.error} onRetry={() => void log.refetch()} />}
      {log.isPending && !log.error && <Loading />}
      {log.data && !rows.length && (
        <Empty title={address.isFiltered ? auditLogTexts.emptyFiltered : auditLogTexts.empty}>
          {address.isFiltered && <Button onClick={address.clear}>{auditLogTexts.clear}</Button>}
        </Empty>
      )}
      {rows.length > 0 && (
        <Paper
          variant="outlined"
          component="ul"
          aria-label={auditLogTexts.title}
          sx={{ listStyle: 'none', m: 0, p: 0 }}
        >
          {rows.map((each) => (
            <Entry key={each.entry_id} entry={each} onActor={(id) => address.set({ actor: id })} />
          ))}
        </Paper>
      )}
      {log.hasNextPage && (
        <Button onClick={() => void log.fetchNextPage()} disabled={log.isFetchingNextPage} sx={{ alignSelf: 'center' }}>
          {texts.common.loadMore}
        </Button>
      )}
    </Page>
  );
}

function Entry({ entry, onActor }: { entry: AuditEntry; onActor: (id: string) => void }) {
  const actorId = entry.actor_id;
  return (
    <Stack
      component="li"
      direction={{ xs: 'column', sm: 'row' }}
      sx={{ columnGap: 2, px: 2, py: 1, contentVisibility: 'auto', '& + &': { borderTop: 1, borderColor: 'divider' } }}
    >
      <Box sx={{ minWidth: 0, flexGrow: 1 }}>
        <Typography variant="body2" sx={{ overflowWrap: 'anywhere' }}>
          {actorId ? (
            <Link
              component="button"
              variant="body2"
              aria-label={auditLogTexts.showOnlyBy({ name: nameOf(entry) })}
              onClick={() => onActor(actorId)}
              sx={{ fontWeight: 600, verticalAlign: 'baseline' }}
            >
              <bdi>{nameOf(entry)}</bdi>
            </Link>
          ) : (
            <b>{nameOf(entry)}</b>
          )}{' '}
          · {auditLogTexts.actions[entry.action] ?? humanize(entry.action)} ·{' '}
          {auditLogTexts.resources[entry.resource] ?? humanize(entry.resource)}
        </Typography>
        {entry.fields.length > 0 && (
          <Typography variant="caption" color="textSecondary" sx={{ overflowWrap: 'anywhere' }}>
            {auditLogTexts.fields({ names: formatList(entry.fields.map(fieldName)) })}
          </Typography>
        )}
      </Box>
      <Typography variant="caption" color="textSecondary" title={entry.resource_id} sx={{ flexShrink: 0 }}>
        <Time iso={entry.created_at} full />
      </Typography>
    </Stack>
  );
}

function nameOf(entry: AuditEntry): string {
  return entry.actor_name ?? auditLogTexts.actors[entry.actor_type] ?? auditLogTexts.unknownUser;
}

/** The start of a day in the user's time zone, or of the `days`-th day after it. */
function startOf(text: string | null, days: number): string | undefined {
  if (!text || !DATE.test(text)) return undefined;
  const day = new Date(`${text}T00:00`);
  day.setDate(day.getDate() + days);
  return Number.isNaN(day.getTime()) ? undefined : day.toISOString();
}
