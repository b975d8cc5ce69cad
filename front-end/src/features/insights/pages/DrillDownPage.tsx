import { Alert, Button, Chip, Typography } from '@mui/material';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { Page } from '@/components/Page';
import { RowList } from '@/components/RowList';
import { Time } from '@/components/Time';
import { Empty, ErrorNotice, Loading } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { insightsTexts } from '@/config/texts/insights';
import { humanize } from '@/lib/format';
import { stagesQuery } from '@/lib/queries';
import { useSession } from '@/lib/session';
import { type DrillDown, drillDownQuery } from '../api/analytics';
import { formatPeriod, isDate } from '../components/period';

/** The conversations, or the customers' messages, behind a figure. */
export default function DrillDownPage() {
  const { canEdit } = useSession();
  const [search] = useSearchParams();
  const query = Object.fromEntries(search) as DrillDown;
  const stages = useQuery(stagesQuery());
  const names = new Map(stages.data?.map((each) => [each.stage_id, each.stage_name]));
  const found = useInfiniteQuery({ ...drillDownQuery(query), enabled: canEdit });
  const rows = found.data?.pages.flatMap((page) => page.body) ?? [];
  const { from = '', to = '' } = query;
  const period = isDate(from) && isDate(to) ? formatPeriod({ from, to }) : '';
  return (
    <Page
      title={insightsTexts.drillDownTitle}
      description={[nameOf(query, names), query.stage_id && !query.from_stage_id && names.get(query.stage_id), period]
        .filter(Boolean)
        .join(' · ')}
      back={{ to: backTo(search), label: insightsTexts.back }}
    >
      {!canEdit && (
        <Alert severity="info" role="note">
          {insightsTexts.ownersOnly}
        </Alert>
      )}
      {found.error && (
        <ErrorNotice title={texts.errors.title} error={found.error} onRetry={() => void found.refetch()} />
      )}
      {canEdit && found.isPending && !found.error && <Loading />}
      {found.data && !rows.length && (
        <Empty title={insightsTexts.noConversations} hint={insightsTexts.noConversationsHint} />
      )}
      {rows.length > 0 && (
        <RowList
          label={insightsTexts.drillDownTitle}
          rows={rows.map((each) => ({
            key: each.takeover_id ?? each.turn_id ?? each.conversation_id,
            to: paths.conversation(each.conversation_id, each.turn_id ?? undefined),
            title: <bdi>{each.customer_name ?? texts.common.unknown}</bdi>,
            detail: each.text && <bdi>{each.text}</bdi>,
            meta: (
              <>
                {each.stage_id && (
                  <Typography variant="caption" color="textSecondary">
                    <bdi>{names.get(each.stage_id) ?? texts.common.unknown}</bdi>
                  </Typography>
                )}
                {each.outcome && (
                  <Chip size="small" variant="outlined" label={insightsTexts.figures[each.outcome] ?? each.outcome} />
                )}
                <Chip size="small" variant="outlined" label={insightsTexts.channels[each.channel] ?? each.channel} />
                <Typography variant="caption" color="textSecondary">
                  <Time iso={each.time} />
                </Typography>
              </>
            ),
          }))}
        />
      )}
      {found.hasNextPage && (
        <Button
          onClick={() => void found.fetchNextPage()}
          disabled={found.isFetchingNextPage}
          sx={{ alignSelf: 'center' }}
        >
          {texts.common.loadMore}
        </Button>
      )}
    </Page>
  );
}

function nameOf(query: DrillDown, stages: ReadonlyMap<string, string>): string {
  const {
    figure = 'conversations',
    from_stage_id: from,
    stage_id: stage,
    field = '',
    action = '',
    outcome = '',
  } = query;
  const stageName = (id: string) => stages.get(id) ?? texts.common.unknown;
  if (from && stage) return texts.stageMap.moved({ from: stageName(from), to: stageName(stage) });
  if (figure === 'started') return texts.stageMap.start;
  const fieldFigures: Partial<Record<typeof figure, string>> = {
    found: insightsTexts.found,
    corrected: insightsTexts.corrected,
    rejected: insightsTexts.rejected,
    missing: insightsTexts.missing,
  };
  const fieldFigure = fieldFigures[figure];
  if (fieldFigure) return `${humanize(field)}: ${fieldFigure}`;
  if (figure === 'actions') {
    const name = texts.turn.actions.kinds[action] ?? action;
    return `${name}: ${insightsTexts.actionOutcomes[outcome] ?? outcome}`;
  }
  if (figure === 'with_missing_fields') return insightsTexts.missingFields;
  if (figure === 'handovers') return insightsTexts.reasons[query.reason ?? ''] ?? insightsTexts.handovers;
  return insightsTexts.figures[figure] ?? humanize(figure);
}

/** The overview with the same period and filters. */
function backTo(search: URLSearchParams): string {
  const kept = new URLSearchParams(search);
  for (const name of ['figure', 'from_stage_id', 'field', 'action', 'outcome', 'reason', 'person_id'])
    kept.delete(name);
  return `${paths.insights}?${kept.toString()}`;
}
