import { Button, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { DeleteDialog } from '@/components/DeleteDialog';
import { Page } from '@/components/Page';
import { RowList } from '@/components/RowList';
import { Time } from '@/components/Time';
import { AddIcon } from '@/components/icons';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { Empty, QueryView } from '@/components/states';
import { paths } from '@/config/paths';
import { eventSchemaTexts } from '@/config/texts/data';
import { useSession } from '@/lib/session';
import type { EventSchema } from '@/lib/types';
import { eventSchemasQuery, useChangeEventSchemas } from '../api/events';
import { useFilters } from '@/lib/useFilters';

const EventSchemaDialog = loadWhenOpened(
  async () => (await import('../components/EventSchemaDialog')).EventSchemaDialog,
);

/** Which properties the events of each type may have. */
export default function EventSchemasPage() {
  const { canEdit } = useSession();
  const filters = useFilters();
  const schemas = useQuery(eventSchemasQuery());
  const [isCreating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState<EventSchema | null>(null);
  const { remove } = useChangeEventSchemas();
  const shown = schemas.data?.find((each) => each.schema_id === filters.get('schema'));
  const close = () => filters.set({ schema: '' });
  return (
    <Page
      title={eventSchemaTexts.title}
      description={eventSchemaTexts.description}
      back={{ to: paths.events, label: eventSchemaTexts.back }}
      actions={
        canEdit && (
          <Button variant="contained" startIcon={<AddIcon />} onClick={() => setCreating(true)}>
            {eventSchemaTexts.new}
          </Button>
        )
      }
    >
      <QueryView query={schemas}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title={eventSchemaTexts.empty} hint={eventSchemaTexts.emptyHint} />
          ) : (
            <RowList
              label={eventSchemaTexts.title}
              rows={rows.map((each) => ({
                key: each.schema_id,
                to: filters.linkTo({ schema: each.schema_id }),
                title: <bdi>{each.event_type}</bdi>,
                detail: each.description && <bdi>{each.description}</bdi>,
                meta: (
                  <Typography variant="caption" color="textSecondary">
                    <Time iso={each.updated_at} />
                  </Typography>
                ),
              }))}
            />
          )
        }
      </QueryView>
      {shown && (
        <EventSchemaDialog
          key={shown.schema_id}
          schema={shown}
          onDelete={(row) => {
            close();
            setDeleting(row);
          }}
          onClose={close}
        />
      )}
      {isCreating && <EventSchemaDialog schema={null} onDelete={setDeleting} onClose={() => setCreating(false)} />}
      <DeleteDialog
        id={deleting?.schema_id ?? null}
        title={eventSchemaTexts.deleteTitle({ type: deleting?.event_type ?? '' })}
        hint={eventSchemaTexts.deleteHint}
        remove={remove}
        onClose={() => setDeleting(null)}
      />
    </Page>
  );
}
