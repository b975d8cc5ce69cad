import { Box, Button, Chip, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { CodeText } from '@/components/CodeText';
import { Card } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { fieldName } from '@/lib/fieldNames';
import { formatList, formatPercent } from '@/lib/intl';
import { languageLabel } from '@/lib/languages';
import { extractionFieldsOf } from '@/lib/placeholderNames';
import { agentsQuery } from '@/lib/queries';
import type { DataRetrieval, StageDetail } from '@/lib/types';
import { ActionSummary } from './ActionSummary';
import { RetrievalSummary } from './RetrievalSummary';
import type { Action } from './actionForm';
import { stageAgentLabel } from './stageAgents';

/** A stage as users see it who cannot change it. */
export function StageView({ stage }: { stage: StageDetail }) {
  const agents = useQuery({ ...agentsQuery(), enabled: stage.agents.length > 0 });
  const required = (stage.extraction_schema?.['required'] ?? []) as string[];
  const fields = extractionFieldsOf(stage);
  const properties = (stage.extraction_schema?.['properties'] ?? {}) as Record<string, unknown>;
  const prompts = [
    ['stage_selection', stage.stage_selection_config],
    ['data_extraction', stage.data_extraction_config],
    ['response_generation', stage.response_generation_config],
  ] as const;
  return (
    <>
      <Stack direction="row" useFlexGap spacing={1} sx={{ flexWrap: 'wrap' }}>
        <Chip
          size="small"
          variant="outlined"
          color={stage.is_active ? 'success' : 'default'}
          label={stage.is_active ? texts.common.active : texts.common.inactive}
        />
        {stage.stage_type && (
          <Chip size="small" variant="outlined" label={`${texts.stages.type}: ${stage.stage_type}`} />
        )}
        {agents.data &&
          stage.agents.map((each) => (
            <Chip
              key={each.agent_id}
              size="small"
              variant="outlined"
              label={`${texts.stages.agent}: ${stageAgentLabel(each, agents.data)}`}
            />
          ))}
        {stage.confidence_threshold !== null && (
          <Chip
            size="small"
            variant="outlined"
            label={`${texts.stages.threshold}: ${formatPercent(stage.confidence_threshold)}`}
          />
        )}
      </Stack>
      <Box
        sx={{
          display: 'grid',
          gap: 2,
          gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'repeat(2, minmax(0, 1fr))' },
          alignItems: 'start',
        }}
      >
        <Card component="section" aria-label={texts.stages.sectionExtraction}>
          <Typography variant="h2" gutterBottom>
            {texts.stages.sectionExtraction}
          </Typography>
          {fields.length ? (
            <Stack component="ul" spacing={1} sx={{ listStyle: 'none', m: 0, p: 0 }}>
              {fields.map((name) => (
                <li key={name}>
                  <Typography variant="body2" sx={{ fontWeight: 600, overflowWrap: 'anywhere' }}>
                    {required.includes(name) ? texts.stages.requiredField({ name: fieldName(name) }) : fieldName(name)}
                  </Typography>
                  {fieldDetails(properties[name]).map((line) => (
                    <Typography key={line} variant="body2" color="textSecondary" sx={{ overflowWrap: 'anywhere' }}>
                      {line}
                    </Typography>
                  ))}
                </li>
              ))}
            </Stack>
          ) : (
            <Typography variant="body2" color="textSecondary">
              {texts.stages.noFields}
            </Typography>
          )}
        </Card>
        <Card component="section" aria-label={texts.stages.sectionRetrieval}>
          <Typography variant="h2" gutterBottom>
            {texts.stages.sectionRetrieval}
          </Typography>
          <RetrievalSummary retrieval={stage.data_retrieval as DataRetrieval} />
        </Card>
      </Box>
      <Card component="section">
        <Typography variant="h2" gutterBottom>
          {texts.stages.examples}
        </Typography>
        {stage.example_messages.length ? (
          <Box component="ul" sx={{ m: 0, pl: 2.5, columnCount: { xs: 1, md: 2, lg: 3 }, columnGap: 4 }}>
            {stage.example_messages.map((each) => (
              <li key={each}>
                <Typography variant="body2" sx={{ overflowWrap: 'anywhere' }}>
                  <bdi>{each}</bdi>
                </Typography>
              </li>
            ))}
          </Box>
        ) : (
          <Typography variant="body2" color="textSecondary">
            {texts.stages.noExamples}
          </Typography>
        )}
      </Card>
      {stage.fixed_reply && (
        <Card component="section">
          <Typography variant="h2" gutterBottom>
            {texts.stages.fixedReply}
          </Typography>
          <CodeText label={texts.stages.fixedReply} text={stage.fixed_reply} />
          {Object.entries(stage.fixed_reply_translations).map(([tag, text]) => (
            <div key={tag}>
              <Typography variant="h3" sx={{ mt: 1.5, mb: 0.5 }}>
                {languageLabel(tag)}
              </Typography>
              <CodeText
                label={texts.translations.label({ field: texts.stages.fixedReply, language: languageLabel(tag) })}
                text={text}
              />
            </div>
          ))}
        </Card>
      )}
      {stage.actions.length > 0 && (
        <Card component="section" aria-label={texts.stages.actions}>
          <Typography variant="h2" gutterBottom>
            {texts.stages.actions}
          </Typography>
          <ActionSummary actions={stage.actions as Action[]} />
        </Card>
      )}
      <Typography variant="h2">{texts.stages.sectionPrompts}</Typography>
      <Box
        sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'repeat(3, minmax(0, 1fr))' } }}
      >
        {prompts.map(([type, prompt]) => (
          <Card key={type} component="section" aria-label={texts.stages.templateTypes[type] ?? type}>
            <Stack direction="row" sx={{ justifyContent: 'space-between', alignItems: 'baseline', gap: 1, mb: 1 }}>
              <Typography variant="h3">{texts.stages.templateTypes[type]}</Typography>
              <Button
                size="small"
                component={Link}
                to={paths.template(prompt.template_id)}
                aria-label={`${texts.stages.openTemplate}: ${texts.stages.templateTypes[type]}`}
              >
                {texts.stages.open}
              </Button>
            </Stack>
            <Typography variant="body2" color="textSecondary" gutterBottom sx={{ overflowWrap: 'anywhere' }}>
              {prompt.template_name}
            </Typography>
            <CodeText
              label={prompt.template_name}
              text={
                [prompt.system_prompt, prompt.content].filter(Boolean).join('\n\n———\n\n') ||
                texts.templates.contentEmpty
              }
              maxHeight={300}
            />
          </Card>
        ))}
      </Box>
    </>
  );
}

/** The description and allowed values of a field, one line each. */
function fieldDetails(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { description, enum: choices } = schema as Record<string, unknown>;
  return [
    ...(typeof description === 'string' && description ? [description] : []),
    ...(Array.isArray(choices) ? [texts.stages.oneOf({ values: formatList(choices.map(String)) })] : []),
  ];
}
