import { Alert, Button, IconButton, Stack } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { SelectField } from '@/components/SelectField';
import { Tooltip } from '@/components/Tooltip';
import { AddIcon, CloseIcon } from '@/components/icons';
import { Empty, QueryView } from '@/components/states';
import { StageMap } from '@/components/stageMap/StageMap';
import { texts } from '@/config/texts';
import { insightsTexts } from '@/config/texts/insights';
import { isUuid } from '@/lib/format';
import { formatShare } from '@/lib/intl';
import { stagesQuery } from '@/lib/queries';
import type { Stage } from '@/lib/types';
import { type FunnelGroup, funnelQuery, stageFiguresQuery, transitionFiguresQuery } from '../api/analytics';
import { Funnel } from '../components/Funnel';
import { InsightsPage, PeriodLine } from '../components/InsightsPage';
import { Card } from '@/components/states';
import { type AnalyticsFilters, useAnalyticsFilters } from '../components/useAnalyticsFilters';

const MIN_STEPS = 2;
const MAX_STEPS = 10;
const FIRST_STEPS = 3; // of the funnel that is shown first

export default function FunnelPage() {
  const stages = useQuery(stagesQuery());
  const { address, filters } = useAnalyticsFilters();
  const steps = stepsOf(address.get('stages'), stages.data ?? []);
  const group = groupOf(address.get('compare'), filters.template_id);
  return (
    <InsightsPage
      page="funnel"
      title={insightsTexts.funnelTitle}
      description={insightsTexts.funnelDescription}
      report="funnel"
      csvQuery={steps.length < MIN_STEPS ? null : { stages: steps.join(), ...(group ? { group_by: group } : {}) }}
      names={['channel', 'template_id', 'template_version', 'release_id', 'language']}
      hasBy={false}
    >
      {(all) => (
        <QueryView query={stages}>
          {(rows) => (
            <Stack spacing={2.5}>
              <PeriodLine filters={all} />
              {steps.length < MIN_STEPS ? (
                <Alert severity="info" role="note">
                  {insightsTexts.fewStages}
                </Alert>
              ) : (
                <Card component="section" aria-label={insightsTexts.funnel}>
                  <Steps stages={rows} steps={steps} filters={all} />
                  <FunnelFigures steps={steps} group={group} filters={all} />
                </Card>
              )}
              <MapOfStages stages={rows} filters={all} />
            </Stack>
          )}
        </QueryView>
      )}
    </InsightsPage>
  );
}

/** The chosen stages, or else the first active ones. */
function stepsOf(text: string, stages: readonly Stage[]): string[] {
  const chosen = text.split(',').filter(isUuid);
  if (chosen.length >= MIN_STEPS) return chosen.slice(0, MAX_STEPS);
  return stages
    .filter((each) => each.is_active)
    .slice(0, FIRST_STEPS)
    .map((each) => each.stage_id);
}

function groupOf(text: string, templateId: string | undefined): FunnelGroup | undefined {
  if (text === 'release') return 'release';
  return text === 'template_version' && templateId ? 'template_version' : undefined;
}

interface StepsProps {
  stages: readonly Stage[];
  steps: readonly string[];
  filters: AnalyticsFilters;
}

/** The stages of the funnel, and what it compares. */
function Steps({ stages, steps, filters }: StepsProps) {
  const { address } = filters;
  const change = (next: readonly string[]) => address.set({ stages: next.join() });
  const unused = stages.find((each) => each.is_active && !steps.includes(each.stage_id));
  return (
    <Stack direction="row" useFlexGap sx={{ flexWrap: 'wrap', gap: 1.5, mb: 2, alignItems: 'center' }}>
      {steps.map((step, index) => (
        <Stack
          key={`${step} ${String(index)}`}
          direction="row"
          sx={{ alignItems: 'center', width: { xs: '100%', sm: 'auto' } }}
        >
          <SelectField
            label={insightsTexts.funnelStep({ n: index + 1 })}
            value={step}
            onChange={(event) => change(steps.with(index, event.target.value))}
            sx={{ minWidth: { sm: 170 } }}
          >
            {stages.map((each) => (
              <option key={each.stage_id} value={each.stage_id}>
                {each.stage_name}
              </option>
            ))}
          </SelectField>
          {steps.length > MIN_STEPS && (
            <Tooltip title={insightsTexts.removeStep({ n: index + 1 })}>
              <IconButton
                size="small"
                aria-label={insightsTexts.removeStep({ n: index + 1 })}
                onClick={() => change(steps.toSpliced(index, 1))}
              >
                <CloseIcon />
              </IconButton>
            </Tooltip>
          )}
        </Stack>
      ))}
      {steps.length < MAX_STEPS && unused && (
        <Button startIcon={<AddIcon />} onClick={() => change([...steps, unused.stage_id])}>
          {insightsTexts.addStep}
        </Button>
      )}
      <SelectField
        label={insightsTexts.compareBy}
        value={address.get('compare')}
        fullWidth={false}
        onChange={(event) => address.set({ compare: event.target.value })}
        sx={{ width: { xs: '100%', sm: 220 } }}
        helperText={
          address.get('compare') === 'template_version' && !filters.filters.template_id
            ? insightsTexts.versionNeedsTemplate
            : undefined
        }
      >
        {Object.entries(insightsTexts.funnelGroups).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </SelectField>
    </Stack>
  );
}

interface FunnelProps {
  steps: readonly string[];
  group: FunnelGroup | undefined;
  filters: AnalyticsFilters;
}

function FunnelFigures({ steps, group, filters }: FunnelProps) {
  // A funnel is about several stages, so it has no filters by stage or agent.
  const { stage_id: _stage, agent_id: _agent, ...query } = filters.query;
  const funnel = useQuery(funnelQuery({ ...query, stages: steps.join(), group_by: group }));
  return <QueryView query={funnel}>{(data) => <Funnel rows={data.rows} group={group} filters={filters} />}</QueryView>;
}

/** The map of the stages with the numbers of the period. */
function MapOfStages({ stages, filters }: { stages: readonly Stage[]; filters: AnalyticsFilters }) {
  const transitions = useQuery(transitionFiguresQuery(filters.query));
  const figures = useQuery(stageFiguresQuery(filters.query));
  const shares = new Map(figures.data?.rows.map((row) => [row.stage_id, row.fallback_rate]));
  return (
    <Stack component="section" aria-label={insightsTexts.map} spacing={1.5}>
      <QueryView query={transitions}>
        {(data) =>
          data.rows.length ? (
            <StageMap
              stages={stages}
              transitions={data.rows}
              caption={insightsTexts.mapCaption({ n: data.totals.turns })}
              detailOf={(row) => {
                const messages = texts.stageMap.messages({ n: row.turns });
                const share = shares.get(row.id);
                return share ? insightsTexts.mapRow({ messages, share: formatShare(share) }) : messages;
              }}
              addressOf={({ from_stage_id: from, to_stage_id: to }) =>
                filters.drillDown(
                  from ? { figure: 'turns', from_stage_id: from, stage_id: to } : { figure: 'started', stage_id: to },
                )
              }
            />
          ) : (
            <Empty title={insightsTexts.nothingInPeriod} hint={insightsTexts.otherPeriod} />
          )
        }
      </QueryView>
    </Stack>
  );
}
