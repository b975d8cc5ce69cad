import { Box, Stack, Typography } from '@mui/material';
import type { ReactNode } from 'react';
import { texts } from '@/config/texts';
import { fieldNameInText } from '@/lib/fieldNames';
import type { DataRetrieval } from '@/lib/types';
import { MONOSPACE } from '@/theme/theme';

/** Describes how a stage looks up data: source, conditions, and the replies when that fails. */
export function RetrievalSummary({ retrieval }: { retrieval: DataRetrieval }) {
  const { method, config = {} } = retrieval as {
    method: string;
    config?: {
      prompt?: string;
      source?: string;
      match?: Record<string, string>;
      ask?: string;
      not_found?: string;
      method?: string;
      url?: string;
    };
  };
  const said = [
    [texts.stages.retrievalPrompt, config.prompt],
    [texts.stages.retrievalAsk, config.ask],
    [texts.stages.retrievalNotFound, config.not_found],
  ] as const;
  return (
    <Stack spacing={1.25}>
      <Typography variant="body2">
        {texts.stages.retrievals[method] ?? method}
        {config.source && `: ${texts.stages.retrievalSources[config.source] ?? config.source}`}
      </Typography>
      {config.url && (
        <Typography variant="body2" sx={{ overflowWrap: 'anywhere' }}>
          {config.method} <Code>{config.url}</Code>
        </Typography>
      )}
      {config.match && Object.keys(config.match).length > 0 && (
        <Box component="ul" aria-label={texts.stages.retrievalConditions} sx={{ m: 0, pl: 2.5 }}>
          {Object.entries(config.match).map(([field, value]) => (
            <li key={field}>
              <Typography variant="body2" sx={{ overflowWrap: 'anywhere' }}>
                {texts.stages.retrievalCondition({ field: fieldNameInText(field) })} <Code>{value}</Code>
              </Typography>
            </li>
          ))}
        </Box>
      )}
      {said.map(
        ([label, text]) =>
          text && (
            <div key={label}>
              <Typography variant="overline" component="p">
                {label}
              </Typography>
              <Typography variant="body2" sx={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
                “{text}”
              </Typography>
            </div>
          ),
      )}
    </Stack>
  );
}

function Code({ children }: { children: ReactNode }) {
  return (
    <Box component="code" sx={{ fontFamily: MONOSPACE, fontSize: '0.92em', color: 'primary.main' }}>
      {children}
    </Box>
  );
}
