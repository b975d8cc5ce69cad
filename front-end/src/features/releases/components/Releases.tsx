import { Button, Chip, Paper, Stack, Typography } from '@mui/material';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ConfirmDialog } from '@/components/ConfirmDialog';
import { TextWith } from '@/components/TextWith';
import { Time } from '@/components/Time';
import { useNotify } from '@/components/notify';
import { ErrorNotice, Loading, QueryView } from '@/components/states';
import { texts } from '@/config/texts';
import { auditLogTexts } from '@/config/texts/auditLog';
import { releasesTexts } from '@/config/texts/releases';
import { useSession } from '@/lib/session';
import type { Release } from '@/lib/types';
import { releaseChangesQuery, releasesQuery, useChangeReleases } from '../api/releases';
import { Changes } from './Changes';

/** The releases that can be restored, the latest first. */
export function Releases() {
  const releases = useInfiniteQuery(releasesQuery());
  const rows = releases.data?.pages.flatMap((page) => page.body) ?? [];
  return (
    <Stack component="section" aria-label={releasesTexts.releases} spacing={1.5}>
      <Typography variant="h2">{releasesTexts.releases}</Typography>
      {releases.error && (
        <ErrorNotice title={texts.errors.title} error={releases.error} onRetry={() => void releases.refetch()} />
      )}
      {releases.isPending && !releases.error && <Loading />}
      {rows.length > 0 && (
        <Paper
          variant="outlined"
          component="ul"
          aria-label={releasesTexts.releases}
          sx={{ listStyle: 'none', m: 0, p: 0 }}
        >
          {rows.map((each) => (
            <ReleaseRow key={each.release_id} release={each} />
          ))}
        </Paper>
      )}
      {releases.hasNextPage && (
        <Button
          onClick={() => void releases.fetchNextPage()}
          disabled={releases.isFetchingNextPage}
          sx={{ alignSelf: 'center' }}
        >
          {texts.common.loadMore}
        </Button>
      )}
    </Stack>
  );
}

function ReleaseRow({ release }: { release: Release }) {
  const { canEdit } = useSession();
  const [isOpen, setOpen] = useState(false);
  const name = releasesTexts.release({ number: release.number });
  return (
    <Stack
      component="li"
      spacing={0.5}
      sx={{ px: 2, py: 1.25, minWidth: 0, '& + &': { borderTop: 1, borderColor: 'divider' } }}
    >
      <Stack direction="row" useFlexGap spacing={1} sx={{ flexWrap: 'wrap', alignItems: 'center' }}>
        <Typography sx={{ fontWeight: 600 }}>{name}</Typography>
        {release.is_live && <Chip size="small" color="success" label={releasesTexts.live} />}
        {release.is_trial && <Chip size="small" color="info" label={releasesTexts.trial} />}
        {release.status === 'checking' && <Chip size="small" label={releasesTexts.beingChecked} />}
        {release.status === 'refused' && <Chip size="small" color="warning" label={releasesTexts.refused} />}
        {release.status === 'draft' && !release.is_trial && (
          <Chip size="small" variant="outlined" label={releasesTexts.keptDraft} />
        )}
        <Typography variant="body2" color="textSecondary">
          {authorOf(release) && (
            <>
              <bdi>{authorOf(release)}</bdi> ·{' '}
            </>
          )}
          <Time iso={release.created_at} />
          {release.restored_from !== null && ` · ${releasesTexts.restoredFrom({ number: release.restored_from })}`}
        </Typography>
      </Stack>
      {release.note && (
        <Typography dir="auto" sx={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
          {release.note}
        </Typography>
      )}
      {release.override_reason && (
        <Typography color="textSecondary" sx={{ overflowWrap: 'anywhere' }}>
          <TextWith
            text={releasesTexts.overridden}
            values={{ reason: <bdi key="reason">{release.override_reason}</bdi> }}
          />
        </Typography>
      )}
      <Stack direction="row" useFlexGap spacing={1} sx={{ flexWrap: 'wrap' }}>
        <Button
          size="small"
          aria-expanded={isOpen}
          aria-label={(isOpen ? releasesTexts.hideChangesOf : releasesTexts.showChangesOf)({ name })}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? releasesTexts.hideChanges : releasesTexts.showChanges}
        </Button>
        {canEdit && !release.is_live && <Restore release={release} />}
      </Stack>
      {isOpen && <ReleaseChanges release={release} label={name} />}
    </Stack>
  );
}

function ReleaseChanges({ release, label }: { release: Release; label: string }) {
  const changes = useQuery(releaseChangesQuery(release.release_id));
  return (
    <QueryView query={changes}>
      {(rows) =>
        rows.length ? (
          <Changes changes={rows} label={label} />
        ) : (
          <Typography color="textSecondary">{releasesTexts.noChanges}</Typography>
        )
      }
    </QueryView>
  );
}

function Restore({ release }: { release: Release }) {
  const notify = useNotify();
  const { restore } = useChangeReleases();
  const [isAsking, setAsking] = useState(false);
  const { number } = release;
  return (
    <>
      <Button size="small" aria-label={releasesTexts.restoreFor({ number })} onClick={() => setAsking(true)}>
        {releasesTexts.restore}
      </Button>
      <ConfirmDialog
        open={isAsking}
        title={releasesTexts.restoreTitle({ number })}
        confirm={releasesTexts.restore}
        busy={restore.isPending}
        error={restore.error}
        onClose={() => setAsking(false)}
        onConfirm={() =>
          restore.mutate(release.release_id, {
            onSuccess: ({ status, body }) => {
              setAsking(false);
              notify((status === 202 ? releasesTexts.checking : releasesTexts.published)({ number: body.number }));
            },
          })
        }
      >
        <Typography>{releasesTexts.restoreText}</Typography>
      </ConfirmDialog>
    </>
  );
}

function authorOf({ author_name: name, author_type: kind }: Release): string | null {
  if (name || !kind) return name;
  return auditLogTexts.actors[kind] ?? auditLogTexts.unknownUser;
}
