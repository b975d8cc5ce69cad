import { Box, Typography } from '@mui/material';
import { texts } from '@/config/texts';
import { humanize, isEmpty } from '@/lib/format';

/** The summary of a longer conversation. */
export function SummaryView({ summary }: { summary: Record<string, unknown> | null }) {
  const parts = Object.entries(summary ?? {}).filter(([, value]) => !isEmpty(value));
  if (!parts.length) {
    return (
      <Typography variant="body2" color="textSecondary">
        {texts.inbox.noSummary}
      </Typography>
    );
  }
  return parts.map(([name, value]) => (
    <Box key={name} sx={{ mb: 0.75 }}>
      <Typography variant="overline" component="p">
        {texts.conversations.summaryParts[name] ?? humanize(name)}
      </Typography>
      {Array.isArray(value) ? (
        <Box component="ul" sx={{ m: 0, pl: 2.5 }}>
          {value.map((each) => (
            <li key={asText(each)}>
              <Typography variant="body2" sx={{ overflowWrap: 'anywhere' }} dir="auto">
                {asText(each)}
              </Typography>
            </li>
          ))}
        </Box>
      ) : (
        <Typography variant="body2" sx={{ overflowWrap: 'anywhere' }} dir="auto">
          {asText(value)}
        </Typography>
      )}
    </Box>
  ));
}

function asText(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
