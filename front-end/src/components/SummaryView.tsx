import { Box, Typography } from '@mui/material';
import { texts } from '@/config/texts';
import { humanize, isEmpty } from '@/lib/format';
import { CodeText, asJson } from './CodeText';

/** The summary of a longer conversation. */
export function SummaryView({ summary }: { summary: Record<string, unknown> | null }) {
  const parts = Object.entries(summary ?? {}).filter(([, value]) => !isEmpty(value));
  if (!parts.length) {
    return (
      <Typography variant="body2" color="textSecondary">
        {texts.conversations.noSummary}
      </Typography>
    );
  }
  return parts.map(([name, value]) => {
    const label = texts.conversations.summaryParts[name] ?? humanize(name);
    return (
      <Box key={name} sx={{ mb: 1 }}>
        <Typography variant="overline" component="p">
          {label}
        </Typography>
        {Array.isArray(value) ? (
          <Box component="ul" sx={{ m: 0, pl: 2.5 }}>
            {value.map((each) => (
              <li key={asJson(each)}>
                <Typography variant="body2" sx={{ overflowWrap: 'anywhere' }} dir="auto">
                  {asJson(each)}
                </Typography>
              </li>
            ))}
          </Box>
        ) : typeof value === 'object' ? (
          <CodeText label={label} text={asJson(value)} />
        ) : (
          <Typography variant="body2" sx={{ overflowWrap: 'anywhere' }} dir="auto">
            {String(value)}
          </Typography>
        )}
      </Box>
    );
  });
}
